"""What a page of links gave: article links with what the list told about them, and where to read on.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser

from model.markup import monstrous


class Unreadable(Exception):
    """The page is not what the source should be; the reason is in Chinese, for the screen."""


@dataclass(frozen=True)
class Found:
    """`links`: address → hint (see model.page.Page.hint), in the order of the page; `more`: further pages of the source."""

    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    more: tuple[str, ...] = ()


def parsed(text: str) -> LexborHTMLParser:
    """The tree of a page of links.  Raises Unreadable for markup made to keep a parser busy."""
    reason = monstrous(text)
    if reason:
        raise Unreadable(reason)
    return LexborHTMLParser(text)
