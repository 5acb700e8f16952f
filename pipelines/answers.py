"""What a site answered: its status judged, its headers and body read within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from pipelines.pinned import Deadline, FetchFailed


def check_status(status: int) -> None:
    """Raises FetchFailed for every answer that is no page."""
    if status in (404, 410, 451):
        raise FetchFailed("gone", f"网页已不存在（网站答复 {status}）", later=True, status=status)
    if status in (401, 402):
        raise FetchFailed("blocked", f"网页需要登录才能看（网站答复 {status}）", status=status)
    if status in (403, 405, 412, 418, 429) or status >= 500:
        raise FetchFailed("blocked", f"网站暂时不让读取（答复 {status}）", later=True, status=status)
    if not 200 <= status < 300 or status in (204, 205):
        raise FetchFailed("protocol", f"网站没有给出网页（答复 {status}）", later=True, status=status)


def headers(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in small letters; bounded in number and length."""
    return {str(k, "latin-1").lower(): str(v, "latin-1")[:2000] for k, v in raw[:200]}


def body(chunks: Iterable[bytes], encoding: str, most: int, deadline: Deadline) -> bytes:
    """The decoded body, never more than `most` bytes of it in memory at any step."""
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchFailed("type", f"网页的压缩方式“{encoding[:20]}”不认识")
    inflater = None if encoding in ("", "identity") else zlib.decompressobj(47)
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        deadline.left(None)
        try:
            piece = inflater.decompress(chunk, most - size + 1) if inflater else chunk
        except zlib.error as error:
            if encoding == "deflate" and not size:
                inflater = zlib.decompressobj(-15)
                piece = inflater.decompress(chunk, most - size + 1)
            else:
                raise FetchFailed("protocol", "网页的压缩数据已损坏", later=True) from error
        size += len(piece)
        if size > most:
            raise FetchFailed("too_large", f"页面过大（超过 {most // 1_000_000 or 1} MB）")
        parts.append(piece)
    return b"".join(parts)
