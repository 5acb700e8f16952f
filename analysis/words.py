"""Words and characters: the only import of the word cutter, and the folding of look-alike script.

`fold` turns traditional into simplified script, full-width into ASCII and drops what is put between the letters of a
word to hide it; it keeps a map back, so that whatever is found in the folded text is shown as it was printed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Iterable

import rjieba
from zhconv.zhconv import getdict

_MAX_CUT = 4_000               # longest piece handed to the cutter at once: its cost grows with an unbroken line
_HIDDEN = re.compile(          # characters of no width: joiners, marks, soft hyphen, variation selectors, tags
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_SIGN = re.compile(rf"[-+=·./ *_~^|•#@\\]{{1,3}}(?=[{_HAN}])")
_ALWAYS = frozenset("*_~^|•#@\\")      # between two Han characters these never belong there; the others only in a row: 医 院 里


@dataclass(frozen=True)
class Folded:
    """Folded text; `origin(i)` is the offset in the original of the i-th folded character."""

    text: str
    starts: tuple[int, ...] = ()   # folded offsets at which something was dropped before, ascending …
    shifts: tuple[int, ...] = ()   # … and how many characters have been dropped up to there

    def origin(self, offset: int) -> int:
        at = bisect_right(self.starts, offset) - 1
        return offset + (self.shifts[at] if at >= 0 else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original [start, end) of a non-empty folded span; dropped characters at its edges stay outside."""
        return self.origin(start), self.origin(end - 1) + 1


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _fold_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in (*range(0xFF01, 0xFF5F), 0x3000, *range(0x2E80, 0x2FD6), *range(0xF900, 0xFAD9), *range(0x3200, 0x33FF), *range(0x2460, 0x2500)):
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char)
        if len(plain) == 1 and plain != char and char not in "，。！？；：（）、【】":
            table[code] = plain
    for old, new in getdict("zh-hans").items():
        if len(old) == len(new) == 1 and old != new and not _in_gb2312(old):
            table[ord(old)] = new
    table.update({ord("於"): "于", ord("\u00a0"): " ", ord("\u2003"): " ", ord("\u2002"): " ", ord("\u2009"): " ", ord("衞"): "卫", ord("･"): "·", ord("‧"): "·", ord("・"): "·"})
    for code, plain in list(table.items()):   # a compatibility form of a traditional character
        table[code] = table.get(ord(plain), plain)
    return table


_TABLE = _fold_table()
# searched faster than a set is intersected, as long as the class stays in the first plane; above it every letter counts
_FOREIGN = re.compile("[" + re.escape("".join(chr(code) for code in _TABLE if code < 0x10000)) + "]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_FEW = 8                       # different letters to be put otherwise that are replaced one by one; more of them are translated at once


@lru_cache(maxsize=16)
def fold(text: str) -> Folded:
    """`text` in simplified script and ASCII width, without hiding characters; lengths may differ, see `Folded`.

    The last few are kept: one article is read for its mentions and again for its opinion.
    """
    text = _plain(text)
    drop: set[int] = set()
    if not text.isascii():
        for found in _HIDDEN.finditer(text):
            drop.update(range(*found.span()))
    if not drop:
        return _drop(text, _signs(text))
    first = _drop(text, drop)
    signs = _signs(first.text)
    if not signs:
        return first
    return _drop(text, drop | {first.origin(i) for i in signs})


def _plain(text: str) -> str:
    foreign = {*_FOREIGN.findall(text), *_ASTRAL.findall(text)}
    if len(foreign) > _FEW:
        return text.translate(_TABLE)
    for char in foreign:
        text = text.replace(char, _TABLE.get(ord(char), char))
    return text


def _signs(text: str) -> set[int]:
    """Places of signs put between the letters of a word: 卫*生*局, or three letters and more held apart by one sign."""
    drop: set[int] = set()
    before, sign = -9, ""
    for found in _SIGN.finditer(text):
        at, held = found.start(), found[0]
        if not at or not "\u3400" <= text[at - 1] <= "\u9fff":
            continue
        if _ALWAYS.issuperset(held):
            drop.update(range(*found.span()))
        elif len(held) == 1 and at - before == 2 and held == sign:
            drop.update((before, at))
        before, sign = at, held
    return drop


def _drop(text: str, drop: set[int]) -> Folded:
    if not drop:
        return Folded(text)
    parts, starts, shifts, last, kept = [], [], [], 0, 0
    for count, at in enumerate(sorted(drop), 1):
        parts.append(text[last:at])
        kept += at - last
        last = at + 1
        if starts and starts[-1] == kept:
            shifts[-1] = count
        else:
            starts.append(kept)
            shifts.append(count)
    parts.append(text[last:])
    return Folded("".join(parts), tuple(starts), tuple(shifts))


@lru_cache(maxsize=1)
def _cutter() -> rjieba.Jieba:
    return rjieba.Jieba()


def learn(words: Iterable[str]) -> None:
    """Teach the cutter words that it shall not cut apart (unit names, the bureau's own terms); folded, idempotent."""
    cutter = _cutter()
    for word in words:
        word = fold(word).text.strip()
        if 1 < len(word) <= 40 and not cutter.has_word(word):
            cutter.add_word(word, None, "n")


def _pieces(text: str) -> Iterable[str]:
    for start in range(0, len(text), _MAX_CUT):
        yield text[start:start + _MAX_CUT]


def cut(text: str) -> list[str]:
    """The words of `text` in order, blanks left out; nothing is folded."""
    cutter = _cutter()
    return [word for piece in _pieces(text) for word in cutter.cut(piece) if not word.isspace()]


def tag(text: str) -> list[tuple[str, str]]:
    """The words of a short `text` with their part of speech (n, ns, nr, v, p, t …, as the cutter's dictionary has it)."""
    return _cutter().tag(text[:_MAX_CUT])


def known(word: str) -> bool:
    """Does the cutter's dictionary hold this word?"""
    return _cutter().has_word(word)


_TOKEN = re.compile(rf"[{_HAN}]+|[0-9a-z]+")


def _tokens(text: str, fine: bool) -> list[str]:
    cutter = _cutter()
    tokens: list[str] = []
    for piece in _pieces(fold(text).text.lower()):
        for word in (cutter.cut_for_search(piece) if fine else cutter.cut(piece)):
            tokens += _TOKEN.findall(word)
    return tokens


def cut_for_index(text: str) -> str:
    """Folded, lower-cased tokens joined by blanks, long words also in their parts: what the search index holds."""
    return " ".join(_tokens(text, fine=True))


def cut_for_query(text: str) -> str:
    """Folded, lower-cased tokens of a query joined by blanks, cut fine as the index is, so that every token can be found there."""
    return " ".join(_tokens(text, fine=True))
