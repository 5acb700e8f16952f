"""The words an article was indexed by, kept deflated beside it: needed to take it out of an index and to fill another."""

from __future__ import annotations

import zlib


def deflate(title: str, text: str) -> bytes:
    return zlib.compress(f"{title}\n{text}".encode("utf-8", "replace"), 1)


def inflate(tokens: bytes) -> tuple[str, str]:
    """(tokens of the title, tokens of the text), each joined by blanks."""
    title, _, text = zlib.decompress(tokens).decode("utf-8").partition("\n")
    return title, text
