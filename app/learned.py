"""What the desk's cases taught, as a file under the bureau's `var/`: written whole by whoever trains, read anew by whoever judges."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path
from threading import Lock

from analysis.learning import Learned

log = logging.getLogger("jianbao.learned")


class LearnedFile:
    """`current` is the same object until the file is another; a file that cannot be read counts as none."""

    def __init__(self, var: Path):
        self.path = var / "learned.json"
        self._lock = Lock()
        self._mark: tuple[int, int, int] | None = None
        self._held: Learned | None = None

    def current(self) -> Learned | None:
        with self._lock:
            try:
                stat = self.path.stat()
                mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            except OSError:
                mark = None
            if mark != self._mark:
                self._mark, self._held = mark, self._read() if mark else None
            return self._held

    def _read(self) -> Learned | None:
        try:
            return Learned.from_json(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s cannot be read, judging goes on without it: %s", self.path, error)
            return None

    def write(self, learned: Learned) -> None:
        handle, half = tempfile.mkstemp(prefix=".", suffix=".half", dir=self.path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(learned.to_json())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(half, 0o640)
        os.replace(half, self.path)
