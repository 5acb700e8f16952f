"""Raw pages in a folder, on this host's disk or one that hosts share: WARC files that are appended to, one writer a process."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO

from model.page import ArchiveRef, Page
from pipelines.archive_pages import iterate
from pipelines.archive_record import ArchiveAway, ArchiveError, body_of, file_name, info_member, member_of, only, plain_name, whole

__all__ = ["ArchiveAway", "ArchiveError", "WarcArchive", "iterate"]

_AWAY = {errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENODEV}


class WarcArchive:
    """`model.ports.Archive`.  `folder` holds `<day>/<process>-<pid>-<time>.warc.gz`; a reference names the file relative to it.

    A new file is begun each day (UTC), past `max_mb`, after a fork and after a failed write.  Safe between threads.
    """

    def __init__(self, folder: str | os.PathLike[str], process_name: str, max_mb: int = 500):
        self.folder = Path(folder).absolute()
        self.process = plain_name(process_name)
        self.max_bytes = max_mb * 1_000_000
        self._lock = threading.RLock()
        self._file: BinaryIO | None = None
        self._name = self._day = ""
        self._pid = self._offset = 0
        self._dirty = False

    def append(self, page: Page) -> ArchiveRef:
        """Write a record; its bytes are safe only after `flush`.  Raises ArchiveError (disk full, no permission)."""
        digest = hashlib.sha256(page.body).hexdigest()
        member = member_of(page, digest)
        with self._lock:
            try:
                self._open_for(len(member))
                offset = self._offset
                self._file.write(member)
            except OSError as error:
                raise self._failed(error) from error
            self._offset += len(member)
            self._dirty = True
            return ArchiveRef(self._name, offset, len(member), digest)

    def flush(self) -> None:
        """Everything appended so far is on the disk when this returns.  After an ArchiveError none of it may be relied on."""
        with self._lock:
            if self._file is None or not self._dirty or self._pid != os.getpid():
                return
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError as error:
                raise self._failed(error) from error
            self._dirty = False

    def read(self, ref: ArchiveRef) -> bytes:
        """The body.  Raises ArchiveError when the file is gone or the bytes are not those the reference speaks of."""
        return only(self.read_many([ref]))

    def member(self, ref: ArchiveRef) -> bytes:
        """The record itself, the gzip member as it lies in the file.  Raises ArchiveError."""
        with self._lock:
            if self._file is not None and self._dirty and self._pid == os.getpid() and ref.file == self._name:
                self._file.flush()
        try:
            with open(self._path(ref.file), "rb") as file:
                file.seek(ref.offset)
                data = file.read(ref.length)
        except OSError as error:
            raise ArchiveError(f"存档文件读不出：{ref.file}（{error.strerror}）") from error
        return whole(data, ref)

    def read_many(self, refs: Sequence[ArchiveRef]) -> list[bytes | ArchiveError]:
        """Bodies in the order of `refs`, each file opened once; in place of one that cannot be had stands its error."""
        with self._lock:
            if self._file is not None and self._dirty and self._pid == os.getpid() and any(r.file == self._name for r in refs):
                self._file.flush()
        bodies: list[bytes | ArchiveError] = [b""] * len(refs)
        opened: tuple[str, BinaryIO | None] = ("", None)
        try:
            for at in sorted(range(len(refs)), key=lambda i: (refs[i].file, refs[i].offset)):
                ref = refs[at]
                try:
                    if opened[0] != ref.file:
                        if opened[1]:
                            opened[1].close()
                        opened = ("", None)
                        opened = (ref.file, open(self._path(ref.file), "rb"))
                    opened[1].seek(ref.offset)
                    bodies[at] = body_of(opened[1].read(ref.length), ref)
                except OSError as error:
                    kind = ArchiveAway if error.errno in _AWAY or not self.folder.is_dir() else ArchiveError
                    bodies[at] = kind(f"存档文件读不出：{ref.file}（{error.strerror}）。处理办法：检查存档目录，或从备份恢复该文件")
                except ArchiveError as error:
                    bodies[at] = error
        finally:
            if opened[1]:
                opened[1].close()
        return bodies

    def close(self) -> None:
        with self._lock:
            try:
                self.flush()
            finally:
                self._drop()

    def _path(self, name: str) -> Path:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise ArchiveError(f"存档引用指向目录之外：{name}")
        return path

    def _open_for(self, coming: int) -> None:
        now = datetime.now(timezone.utc)
        day = f"{now:%Y%m%d}"
        full = self._offset + coming > self.max_bytes
        if self._file is not None and (self._pid != os.getpid() or day != self._day or full):
            if self._pid == os.getpid():
                self.flush()
            self._drop()
        if self._file is not None:
            return
        self._name, self._day, self._pid = file_name(self.process, now, os.getpid()), day, os.getpid()
        path = self.folder / self._name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(path, "xb", buffering=1 << 20)
        for folder in (path.parent, self.folder):   # the name of the file must outlive a crash as its bytes do
            held = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(held)
            finally:
                os.close(held)
        info = info_member(path.name)
        self._file.write(info)
        self._offset, self._dirty = len(info), True

    def _failed(self, error: OSError) -> ArchiveError:
        self._drop()
        return ArchiveError(f"存档写不下去：{self.folder}（{error.strerror}）。处理办法：检查磁盘空间和目录权限；未写完的页面会重新采集")

    def _drop(self) -> None:
        """Leave the file, whatever becomes of what is still in its buffer."""
        file, self._file, self._dirty = self._file, None, False
        if file is None:
            return
        if self._pid != os.getpid():   # after a fork the buffer belongs to the parent: it must not be written twice
            os.close(os.dup(file.fileno()))
            file.raw.close()
            return
        try:
            file.close()
        except OSError:
            pass                       # reported by the write or flush that failed
