"""A bureau's folder that may change while the program runs: a changed one is taken up, a broken one refused and the last good kept."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from threading import Lock

from config.load import FILES, read_bureau
from model.bureau import Bureau
from model.errors import ConfigError, Problem


def fingerprint(folder: Path) -> str:
    """A cheap mark of the folder's YAML: names, sizes and times; nothing is read."""
    folder = Path(folder)
    marks = []
    for path in [*(folder / name for name in FILES), *sorted((folder / "schemes").glob("*.yaml"))]:
        try:
            stat = path.stat()
            marks.append(f"{path.name}:{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}")
        except OSError:
            marks.append(f"{path.name}:-")
    return sha256("\n".join(marks).encode()).hexdigest()


def changed(folder: Path, since: str) -> bool:
    """Is the folder another than when `since` was its fingerprint?"""
    return fingerprint(folder) != since


class Watched:
    """The bureau of a folder, always the last good one.  The first reading raises ConfigError when the folder is broken."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        self._lock = Lock()
        self._mark = fingerprint(self.folder)
        bureau, self._problems = read_bureau(self.folder)
        faults = [p for p in self._problems if not p.warning]
        if bureau is None or faults:
            raise ConfigError(faults)
        self._bureau = bureau

    def current(self) -> Bureau:
        """The bureau as it now stands; the same object as long as nothing good has changed."""
        with self._lock:
            mark = fingerprint(self.folder)
            if mark != self._mark:
                self._mark = mark          # taken before reading: a write meanwhile is seen the next time
                bureau, self._problems = read_bureau(self.folder)
                if bureau is not None and all(p.warning for p in self._problems):
                    self._bureau = bureau
            return self._bureau

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Faults and warnings of the folder as last read; a fault means that `current` is an older state."""
        self.current()
        return tuple(self._problems)

    @property
    def broken(self) -> bool:
        """Is the folder on disk refused, so that an older state is in force?"""
        return any(not p.warning for p in self.problems)
