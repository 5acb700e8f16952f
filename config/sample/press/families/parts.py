"""What several families print alike: paragraphs, pictures, link items."""

from __future__ import annotations

from html import escape
from typing import Sequence
from urllib.parse import urlsplit

from config.sample.press.piece import Piece


def paragraphs(piece: Piece, tag: str = "p", indent: str = "　　", part: int = 0) -> str:
    """The body; `part` 1 or 2 for the halves of a continued article."""
    texts = piece.paragraphs
    if part and piece.split:
        texts = texts[:piece.split] if part == 1 else texts[piece.split:]
    return "\n".join(f"<{tag}>{indent}{escape(t)}</{tag}>" for t in texts)


def picture(piece: Piece) -> str:
    if not piece.caption:
        return ""
    return (f'<p style="text-align:center"><img src="/pic/{piece.serial}.png" alt=""></p>'
            f'<p style="text-align:center;font-size:14px">{escape(piece.caption)}</p>')


def links(pieces: Sequence[Piece], shape: str = '<li><a href="{href}" target="_blank">{title}</a></li>', relative: str = "") -> str:
    """One item a piece: `{href}`, `{title}`, `{day}` (ISO), `{md}` (11-18), `{time}`."""
    return "\n".join(shape.format(href=escape(_href(p.url, relative)), title=escape(p.title), day=f"{p.published:%Y-%m-%d}",
                                  md=f"{p.published:%m-%d}", time=f"{p.published:%H:%M}") for p in pieces)


def _href(url: str, host: str) -> str:
    parts = urlsplit(url)
    return url if parts.netloc != host else parts.path + (f"?{parts.query}" if parts.query else "")
