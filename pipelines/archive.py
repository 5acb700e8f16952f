"""Raw pages on disk as WARC 1.1, one gzip member a record, one writer a process.

A page is archived as it was handed over: `body` byte for byte, its SHA-256 in the reference.  Where the body no longer is what its
headers say (decompressed or de-chunked on the way), those headers are kept under `X-Archive-Orig-…`, so that any reader of WARC can
read the record.  The format is ISO 28500:2017; records are written here (warcio takes three times the time) and read by anything.
"""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from model.page import ArchiveRef, Page
from pipelines.archive_pages import iterate

__all__ = ["ArchiveError", "WarcArchive", "iterate"]

_LEVEL = 3                         # of deflate: half the time of 6 for a twelfth more space on press pages
_MAX_RECORD = 256 * 1024 * 1024    # a record that inflates beyond is not one of ours
_GZIP_MAGIC = b"\x1f\x8b"
_DISHONEST = ("content-encoding", "transfer-encoding", "content-length")


class ArchiveError(Exception):
    """A record that cannot be written or is not what its reference says; the message is for the screen."""


class WarcArchive:
    """`model.ports.Archive`.  `folder` holds `<day>/<process>-<pid>-<time>.warc.gz`; a reference names the file relative to it.

    A new file is begun each day (UTC), past `max_mb`, after a fork and after a failed write.  Safe between threads.
    """

    def __init__(self, folder: str | os.PathLike[str], process_name: str, max_mb: int = 500):
        self.folder = Path(folder).absolute()
        self.process = "".join(c if c.isalnum() or c in "-_" else "-" for c in process_name)
        self.max_bytes = max_mb * 1_000_000
        self._lock = threading.RLock()
        self._file: BinaryIO | None = None
        self._name = self._day = ""
        self._pid = self._offset = 0
        self._dirty = False

    def append(self, page: Page) -> ArchiveRef:
        """Write a record; its bytes are safe only after `flush`.  Raises ArchiveError (disk full, no permission)."""
        digest = hashlib.sha256(page.body).hexdigest()
        member = _gzip(_response(page, digest))
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
        got = self.read_many([ref])[0]
        if isinstance(got, ArchiveError):
            raise got
        return got

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
                    bodies[at] = _body(opened[1].read(ref.length), ref)
                except OSError as error:
                    bodies[at] = ArchiveError(f"存档文件读不出：{ref.file}（{error.strerror}）。处理办法：检查存档目录，或从备份恢复该文件")
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
        day = datetime.now(timezone.utc).strftime("%Y%m%d")
        full = self._offset + coming > self.max_bytes
        if self._file is not None and (self._pid != os.getpid() or day != self._day or full):
            if self._pid == os.getpid():
                self.flush()
            self._drop()
        if self._file is not None:
            return
        stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%f")
        self._name, self._day, self._pid = f"{day}/{self.process}-{os.getpid()}-{stamp}.warc.gz", day, os.getpid()
        path = self.folder / self._name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(path, "xb", buffering=1 << 20)
        for folder in (path.parent, self.folder):   # the name of the file must outlive a crash as its bytes do
            held = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(held)
            finally:
                os.close(held)
        info = _gzip(_warcinfo(path.name))
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


def _line(text: object) -> str:
    """A header value: one line, no control characters."""
    return "".join(c if c >= " " and c != "\x7f" else " " for c in str(text))


def _record(kind: str, fields: Mapping[str, str], content_type: str, content: bytes) -> bytes:
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
    head += "".join(f"{name}: {_line(value)}\r\n" for name, value in fields.items())
    head += f"Content-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    return b"".join((head.encode("utf-8", "replace"), content, b"\r\n\r\n"))


def _response(page: Page, digest: str) -> bytes:
    fields = {"WARC-Date": page.fetched_at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
              "WARC-Target-URI": page.url, "WARC-Payload-Digest": f"sha256:{digest}"}
    return _record("response", fields, "application/http; msgtype=response", _http_head(page) + page.body)


def _http_head(page: Page) -> bytes:
    encoded = "gzip" in page.headers.get("content-encoding", "").lower() and page.body[:2] == _GZIP_MAGIC
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {page.status} {phrase}"]
    for name, value in page.headers.items():
        dishonest = name.lower() in _DISHONEST and not (encoded and name.lower() == "content-encoding")
        lines.append(f"{'X-Archive-Orig-' if dishonest else ''}{_line(name).replace(':', '_')}: {_line(value)}")
    lines.append(f"Content-Length: {len(page.body)}\r\n\r\n")
    return "\r\n".join(lines).encode("utf-8", "replace")


def _warcinfo(name: str) -> bytes:
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _record("warcinfo", {"WARC-Date": now, "WARC-Filename": name}, "application/warc-fields",
                   b"software: jianbao\r\nformat: WARC File Format 1.1\r\n")


def _gzip(raw: bytes) -> bytes:
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    return deflater.compress(raw) + deflater.flush()


def _body(member: bytes, ref: ArchiveRef) -> bytes:
    inflater = zlib.decompressobj(31)
    try:
        raw = inflater.decompress(member, _MAX_RECORD)
    except zlib.error as error:
        raise _mismatch(ref, "记录不完整或已损坏") from error
    if not inflater.eof:
        raise _mismatch(ref, "记录不完整或过大")
    http = raw.find(b"\r\n\r\n") + 4
    start = raw.find(b"\r\n\r\n", http) + 4
    body = raw[start:-4] if http >= 4 and start >= 4 else b""
    if hashlib.sha256(body).hexdigest() != ref.sha256:
        raise _mismatch(ref, "内容与入库时的 SHA-256 不符")
    return body


def _mismatch(ref: ArchiveRef, why: str) -> ArchiveError:
    return ArchiveError(f"存档内容不可用：{ref.file} 偏移 {ref.offset}，{why}。处理办法：从备份恢复该文件，或重新采集该页面")
