"""Sentences of an article: title first, then the body, each with its place in title + newline + text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_END = re.compile("[。！？!?；;…\n\r]+[”’」』）)】]*")
MAX_SENTENCE = 400             # a longer one is cut at a comma or blank, or hard


class Sentence(NamedTuple):
    start: int
    end: int
    text: str
    is_title: bool


def split(folded: str, title_end: int) -> list[Sentence]:
    """Sentences of `folded` (title, newline, text); those that begin before `title_end` are the title's."""
    sentences: list[Sentence] = []
    start = 0
    for stop in (*(found.end() for found in _END.finditer(folded)), len(folded)):
        for end in (stop,) if stop - start <= MAX_SENTENCE else _cut(folded, start, stop):
            text = folded[start:end]
            bare = text.strip()
            if bare:
                begin = start if len(bare) == len(text) else end - len(text.lstrip())
                sentences.append(Sentence(begin, begin + len(bare), bare, start < title_end))
            start = end
    return sentences


def _cut(folded: str, start: int, stop: int) -> Iterator[int]:
    """The ends of the parts of a sentence that is too long."""
    while stop - start > MAX_SENTENCE:
        cut = max(folded.rfind(mark, start + MAX_SENTENCE // 2, start + MAX_SENTENCE) for mark in "，,、 ：")
        start = cut + 1 if cut > start else start + MAX_SENTENCE
        yield start
    yield stop
