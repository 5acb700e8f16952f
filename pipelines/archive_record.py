"""A page as one record of WARC 1.1 (ISO 28500:2017), one gzip member: made here, and read back out of its bytes.

A page is written as it was handed over: `body` byte for byte, its SHA-256 in the reference.  Where the body no longer is what its
headers say (decompressed or de-chunked on the way), those headers are kept under `X-Archive-Orig-…`, so that any reader of WARC can
read the record.  Records are written here, since warcio takes three times the time, and read by anything.
"""

from __future__ import annotations

import hashlib
import uuid
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from http import HTTPStatus

from model.page import ArchiveRef, Page

_LEVEL = 3                         # of deflate: half the time of 6 for a twelfth more space on press pages
_MAX_RECORD = 256 * 1024 * 1024    # a record that inflates beyond is not one of ours
_GZIP_MAGIC = b"\x1f\x8b"
_DISHONEST = ("content-encoding", "transfer-encoding", "content-length")


class ArchiveError(Exception):
    """A record that cannot be written or is not what its reference says; the message is for the screen."""


class ArchiveAway(ArchiveError):
    """The place of the archive cannot be reached now; what was asked can be asked again."""


def only(got: Sequence[bytes | ArchiveError]) -> bytes:
    """The one body that was asked for.  Raises the error that stands in its place."""
    body, = got
    if isinstance(body, ArchiveError):
        raise body
    return body


def member_of(page: Page, digest: str) -> bytes:
    """The page's record, compressed; `digest` is the SHA-256 of its body in hex."""
    return _gzip(_response(page, digest))


def info_member(name: str) -> bytes:
    """The record a file begins with."""
    return _gzip(_warcinfo(name))


def file_name(process: str, when: datetime, pid: int) -> str:
    """`<day>/<process>-<pid>-<time>.warc.gz`, in UTC."""
    return f"{when:%Y%m%d}/{process}-{pid}-{when:%Y%m%dT%H%M%S%f}.warc.gz"


def plain_name(process: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in process)


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


def body_of(member: bytes, ref: ArchiveRef) -> bytes:
    """The page's body out of its record.  Raises ArchiveError when the bytes are not those the reference speaks of."""
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


def whole(member: bytes, ref: ArchiveRef) -> bytes:
    """The record where all of it was read.  Raises ArchiveError."""
    if len(member) != ref.length:
        raise _mismatch(ref, "记录不完整")
    return member


def _mismatch(ref: ArchiveRef, why: str) -> ArchiveError:
    return ArchiveError(f"存档内容不可用：{ref.file} 偏移 {ref.offset}，{why}。处理办法：从备份恢复该文件，或重新采集该页面")
