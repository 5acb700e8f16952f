"""Markup that no page has: a parser's work grows with the square of nesting and of a tag's attributes, so it is refused unparsed."""

from __future__ import annotations

import re

MAX_TAGS_UNCHECKED = 8_000     # below it even full nesting is parsed in well under a second
MAX_DEPTH = 1_500
MAX_ATTRIBUTES = 3_000         # of one tag
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{12000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr p li td tr th dd dt option tbody".split())


def monstrous(markup: str) -> str:
    """Why the markup must not be parsed, in Chinese: nested deeper than MAX_DEPTH, or a tag with more than MAX_ATTRIBUTES; "" for a page."""
    for tag in _LONG_TAG.finditer(markup):
        if len(_QUOTED.sub("", tag.group()).split()) > MAX_ATTRIBUTES:
            return "标签属性过多"
    if markup.count("<") <= MAX_TAGS_UNCHECKED:
        return ""
    depth = 0
    for found in _TAG.finditer(markup):
        if found.group(2).lower() in _VOID:
            continue
        depth += -1 if found.group(1) else 1
        if depth < 0:
            depth = 0
        elif depth > MAX_DEPTH:
            return "标签嵌套过深"
    return ""
