"""Pages out of any WARC file, whoever wrote it: for replay.  A broken record is skipped and counted by its reason, never fatal."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from model.page import Page

_CHUNK = 1 << 16


def iterate(warc_files: Iterable[str | os.PathLike[str]], skipped: Counter[str] | None = None, max_bytes: int = 20_000_000) -> Iterator[Page]:
    """Response and resource records as pages, content decoded (chunked, gzip, deflate, br); `skipped` counts the others by reason (Chinese).

    A body longer than `max_bytes` once decoded is skipped, so a small record cannot become a large page.
    """
    skipped = Counter() if skipped is None else skipped
    for name in warc_files:
        with open(Path(name), "rb") as file:
            records = iter(ArchiveIterator(file))
            while True:
                try:
                    record = next(records)
                except StopIteration:
                    break
                except Exception as error:       # warcio lets errors of zlib, parsing and decoding through as they come
                    skipped[f"文件自此处无法解析（{type(error).__name__}）"] += 1
                    break
                page = _page(record, skipped, max_bytes)
                if page is not None:
                    yield page


def _page(record: ArcWarcRecord, skipped: Counter[str], max_bytes: int) -> Page | None:
    if record.rec_type not in ("response", "resource"):
        return None
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not url.startswith(("http://", "https://")):
        skipped["不是网页地址"] += 1
        return None
    try:
        fetched_at = _date(record.rec_headers.get_header("WARC-Date"))
        status, headers = _http(record)
        body = _bounded(record, max_bytes)
    except (ArchiveLoadFailed, ValueError, OSError, EOFError) as error:
        skipped[f"记录损坏（{type(error).__name__}）"] += 1
        return None
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
    return b"".join(parts)
