"""Pages out of any WARC file, whoever wrote it: for replay.  A broken record is skipped and counted by its reason, never fatal."""

from __future__ import annotations

import mmap
import os
import zlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from model.page import Page

_CHUNK = 1 << 16
_WARC = b"WARC/"
_MEMBER = b"\x1f\x8b\x08"         # the beginning of a gzip member
_BARE = b"\r\n\r\n" + _WARC


def iterate(warc_files: Iterable[str | os.PathLike[str]], skipped: Counter[str] | None = None,
            max_bytes: int = 20_000_000) -> Iterator[Page]:
    """Response and resource records as pages, content decoded (chunked, gzip, deflate); `skipped` counts what was lost by reason (Chinese).

    A body longer than `max_bytes` once decoded is skipped, so a small record cannot become a large page.
    """
    skipped = Counter() if skipped is None else skipped
    for name in warc_files:
        with open(Path(name), "rb") as file:
            start: int | None = 0
            while start is not None:
                reached = yield from _from(file, start, skipped, max_bytes)
                start = None if reached is None else _next_record(file, reached + 1)


def _from(file: BinaryIO, start: int, skipped: Counter[str], max_bytes: int) -> Generator[Page, None, int | None]:
    """Pages from the record at `start` on: to the end (returns None) or to what warcio cannot pass (returns the last offset reached)."""
    file.seek(start)
    records, reached, told = ArchiveIterator(file), start, start > 0
    while True:
        try:
            record = next(records)
        except StopIteration:
            return None
        except Exception as error:     # warcio lets errors of zlib, parsing and decoding through as they come
            if not told:               # one breach is counted once, however often it is run into on the way past
                skipped[f"记录损坏（{type(error).__name__}）"] += 1
            return reached
        told, reached = False, records.offset
        try:
            page = _page(record, skipped, max_bytes)
        except Exception as error:
            skipped[f"记录损坏（{type(error).__name__}）"] += 1
            told = True
            continue
        if page is not None:
            yield page


def _next_record(file: BinaryIO, after: int) -> int | None:
    """Where the next record (a gzip member, or plain) begins at or after `after`."""
    file.seek(0, os.SEEK_END)
    if not file.tell():
        return None
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        packed, bare = data.find(_MEMBER, after), data.find(_BARE, after)
        while packed >= 0 and (bare < 0 or packed < bare):
            try:
                if zlib.decompressobj(31).decompress(data[packed:packed + 512], len(_WARC)) == _WARC:
                    return packed
            except zlib.error:
                pass                   # the same three bytes inside other data
            packed = data.find(_MEMBER, packed + 1)
        return bare + len(_BARE) - len(_WARC) if bare >= 0 else None


def _page(record: ArcWarcRecord, skipped: Counter[str], max_bytes: int) -> Page | None:
    if record.rec_type not in ("response", "resource"):
        return None
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not url.startswith(("http://", "https://")):
        skipped["不是网页地址"] += 1
        return None
    fetched_at = _date(record.rec_headers.get_header("WARC-Date"))
    status, headers = _http(record)
    body = _bounded(record, max_bytes)
    if body is None:
        skipped["内容过大"] += 1
        return None
    return Page(url=url, fetched_at=fetched_at, body=body, status=status, headers=headers)


def _date(text: str | None) -> datetime:
    found = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    return found.replace(tzinfo=timezone.utc) if found.tzinfo is None else found.astimezone(timezone.utc)


def _http(record: ArcWarcRecord) -> tuple[int, dict[str, str]]:
    if record.rec_type == "resource" or record.http_headers is None:
        return 200, {"content-type": record.rec_headers.get_header("Content-Type") or ""}
    headers: dict[str, str] = {}
    for name, value in record.http_headers.headers:
        headers.setdefault(name.lower(), value)
    return int(record.http_headers.get_statuscode()), headers


def _bounded(record: ArcWarcRecord, max_bytes: int) -> bytes | None:
    """The decoded content, None when it is longer than `max_bytes`."""
    stream, parts, size = record.content_stream(), [], 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > max_bytes:
            return None
        parts.append(chunk)
    if record.raw_stream.limit > 0:
        raise EOFError("the record ends before its length")
    return b"".join(parts)
