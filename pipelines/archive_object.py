"""Raw pages in an object store: every flush puts one whole object, a WARC file of the pages since the last.

An object store cannot append, and a page has to be safe before it is queued; so a file ends where a flush is asked for.  Nothing waits
on this host's disk: what has been flushed can be read by every host, what has not is fetched again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timezone

from fsspec import AbstractFileSystem

from model.page import ArchiveRef, Page
from pipelines.archive_record import ArchiveAway, ArchiveError, body_of, file_name, info_member, member_of, only, plain_name, whole

_MOST_BYTES = 32_000_000           # held in memory; beyond, an object is put without being asked
_MOST_SPAN = 8_000_000             # records of one object this near to each other are had by one request


class ObjectArchive:
    """`model.ports.Archive` under `root` (bucket/prefix) of a file system; a reference names the object relative to it.

    `connect()` makes the file system and is asked once a process.  `where` is the place for the screen.  Safe between threads.
    """

    def __init__(self, connect: Callable[[], AbstractFileSystem], root: str, process_name: str, where: str = ""):
        self.root, self.where = root.strip("/"), where or root
        self.process = f"{plain_name(process_name)}-{secrets.token_hex(4)}"     # hosts share a store: their process ids may be the same
        self._connect = connect
        self._lock = threading.RLock()
        self._system: AbstractFileSystem | None = None
        self._pid = 0
        self._begin()

    def append(self, page: Page) -> ArchiveRef:
        """Hold a record; it is safe only after `flush`."""
        digest = hashlib.sha256(page.body).hexdigest()
        member = member_of(page, digest)
        with self._lock:
            if self._held and len(self._held) + len(member) > _MOST_BYTES:
                self.flush()
            if not self._held:
                self._name = file_name(self.process, datetime.now(timezone.utc), os.getpid())
                self._held += info_member(self._name.rpartition("/")[2])
            ref = ArchiveRef(self._name, len(self._held), len(member), digest)
            self._held += member
            return ref

    def flush(self) -> None:
        """Everything appended so far is in the store when this returns.  After an ArchiveError none of it may be relied on."""
        with self._lock:
            if not self._held:
                return
            name, content = self._name, bytes(self._held)
            self._begin()
            try:
                self._files().pipe_file(self._path(name), content)
            except Exception as error:     # libraries of stores raise what they please
                raise ArchiveAway(f"存档写不进去：{self.where}（{_told(error)}）。处理办法：检查存储服务、桶和密钥；未写完的页面会重新采集") from error

    def read(self, ref: ArchiveRef) -> bytes:
        """The body.  Raises ArchiveAway when the store cannot be reached, ArchiveError when the object is gone or not what it was."""
        return only(self.read_many([ref]))

    def member(self, ref: ArchiveRef) -> bytes:
        """The record itself, the gzip member as it lies in the store.  Raises ArchiveError."""
        return whole(self._bytes(ref.file, ref.offset, ref.offset + ref.length), ref)

    def read_many(self, refs: Sequence[ArchiveRef]) -> list[bytes | ArchiveError]:
        """Bodies in the order of `refs`; in place of one that cannot be had stands its error."""
        bodies: list[bytes | ArchiveError] = [b""] * len(refs)
        for group in _near(refs):
            first, last = refs[group[0]], refs[group[-1]]
            try:
                data = self._bytes(first.file, first.offset, last.offset + last.length)
            except ArchiveError as error:
                data = error
            for at in group:
                ref = refs[at]
                begin = ref.offset - first.offset
                try:
                    bodies[at] = data if isinstance(data, ArchiveError) else body_of(data[begin:begin + ref.length], ref)
                except ArchiveError as error:
                    bodies[at] = error
        return bodies

    def close(self) -> None:
        self.flush()

    def _bytes(self, name: str, start: int, end: int) -> bytes:
        with self._lock:
            if self._held and name == self._name:
                return bytes(self._held[start:end])
        try:
            return self._files().cat_file(self._path(name), start=start, end=end)
        except FileNotFoundError as error:
            raise ArchiveError(f"存档文件读不出：{name}（不存在）。处理办法：检查 {self.where}，或从备份恢复该文件") from error
        except ArchiveError:
            raise
        except Exception as error:
            if getattr(error, "errno", None) == 22:      # the range lies beyond the end
                return b""
            raise ArchiveAway(f"存档现在读不到：{self.where}（{_told(error)}）。处理办法：检查存储服务和网络，恢复后自动继续") from error

    def _path(self, name: str) -> str:
        if name.startswith("/") or ".." in name.split("/"):
            raise ArchiveError(f"存档引用指向目录之外：{name}")
        return f"{self.root}/{name}"

    def _files(self) -> AbstractFileSystem:
        with self._lock:
            if self._system is None or self._pid != os.getpid():
                self._system, self._pid = self._connect(), os.getpid()
            return self._system

    def _begin(self) -> None:
        self._name, self._held = "", bytearray()


def _near(refs: Sequence[ArchiveRef]) -> list[list[int]]:
    """Indices of refs that one request brings: of one object, not too far apart."""
    groups: list[list[int]] = []
    for at in sorted(range(len(refs)), key=lambda i: (refs[i].file, refs[i].offset)):
        ref = refs[at]
        first = refs[groups[-1][0]] if groups else None
        if first and first.file == ref.file and ref.offset + ref.length - first.offset <= _MOST_SPAN:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
