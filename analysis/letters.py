"""What the letters of an article say: a linear model over its single letters and pairs of letters, beside its signs.

The rules know the words that are listed; the letters know how news of each label is worded.  Two readings are averaged,
one of letters and signs together and one of letters alone, so that neither a missing word nor a rare wording decides by
itself.  `letters.txt` holds the weights, a line a feature; `benchmarks/opinion_signs.py --write` trains them on the
project's own items.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import add
from pathlib import Path
from typing import NamedTuple

import numpy as np

LABELS = "NRPX"
WEIGHTS = Path(__file__).with_name("letters.txt")
BODY = 400                     # characters of the text that are read: news says early what it is about
SIGN, GROUND = "信号:", "常数"
SCALE = 1000                   # weights are kept as whole numbers of thousandths
_FIGURES = re.compile("[0-9]+")
_LEAST = 6                     # a text of fewer different letters counts as one of so many
_LENGTH, _SIGNS, _WORDS = 3.0, 0.6, 2.4            # scales of the letters, of the signs and of what the words alone say
_ENOUGH = 110                  # known letters and pairs from which on they have their full say; a line of a title is told by its words
_TELLING, _MOST, _LOOKED_AT = 0.05, 4, 40      # a pair of letters is told from so many logits on, so many at most
_LETTER, _OF_BODY, _PIECE = 1 << 32, 1 << 33, (1 << 33) - 1        # bits of a piece's number: one letter, of the text; the rest says which


class Said(NamedTuple):
    """Chances of N, R, P, X, how much there was to read (1: enough), and the letters read: (letters, what they say for N in logits)."""

    chances: tuple[float, ...]
    weight: float
    read: Callable[[], list[tuple[str, float]]] = list

    def told(self) -> str:
        """In words, for the reason of a judgement: the pairs of letters that spoke most for N, in title and text together."""
        most = [(piece, weight) for piece, weight in self.read() if len(piece) > 1 and not piece.isascii() and "某" not in piece]   # 某医院: any body named
        pairs = "、".join(f"{piece}{weight:+.1f}" for piece, weight in most[:_MOST] if weight >= _TELLING)
        return f"行文判负面{self.chances[0]:.0%}" + (f"（{pairs}）" if pairs else "")


def pieces(folded: str) -> tuple[set[str], set[str]]:
    """The different letters, and pairs of neighbouring letters, of a text; every number is one 0."""
    folded = _FIGURES.sub("0", folded)
    return set(folded), set(map(add, folded, folded[1:]))


def letters(title: str, body: str) -> dict[str, float]:
    """Feature → value: the pieces of a title and of a text, each sort of the same weight however long the text."""
    seen: dict[str, float] = {}
    for part in (title, body[:BODY]):
        for held in pieces(part):
            for piece in held:
                seen[piece] = seen.get(piece, 0.0) + _value(len(held))
    return seen


def signals(signs: Mapping[str, float], blame: float, risk: float) -> dict[str, float]:
    """Feature → value of the signs of an article and of what its words alone say (each 0..1)."""
    seen = {SIGN + name: _SIGNS * value for name, value in signs.items()}
    return seen | {SIGN + "词语批评": _WORDS * blame, SIGN + "词语风险": _WORDS * risk}


class Letters:
    """Weights of features: a row of eight, four for letters and signs together, four for letters alone (none of a sign).

    Texts are read as arrays of numbers: a letter is its UTF-16 code and a bit, a pair its two codes in one number.
    """

    def __init__(self, rows: Mapping[str, Sequence[float]]):
        self._row = {name: at for at, name in enumerate(rows)}
        self._names = tuple(rows)
        self._weights = np.array(list(rows.values()), dtype=np.float64).reshape(len(rows), 2 * len(LABELS))
        self._for_n = self._weights[:, 0] - self._weights[:, 1:4].mean(axis=1)
        self._ground = self._weights[self._row[GROUND]] if GROUND in self._row else np.zeros(2 * len(LABELS))
        self._signs = tuple(name for name in rows if name.startswith(SIGN))
        self._of_signs = self._weights[[self._row[name] for name in self._signs], :4]
        read = sorted((int(_pieces(name)[-1]), at) for name, at in self._row.items() if name != GROUND and len(_codes(name)) in (1, 2))
        self._pieces = np.array([piece for piece, _ in read], dtype=np.int64)
        self._of_piece = np.array([at for _, at in read], dtype=np.int64)
        self._last: tuple[tuple[str, str] | None, tuple[np.ndarray, np.ndarray]] = None, (np.empty(0), np.empty(0))     # an article is often asked about twice

    def __bool__(self) -> bool:
        return bool(self._row)

    def rows(self) -> Iterable[tuple[str, Sequence[float]]]:
        """Feature and its eight weights, in order."""
        return zip(self._names, self._weights.tolist())

    def say(self, title: str, body: str, signs: Mapping[str, float], blame: float, risk: float) -> Said:
        """`title` and `body` folded."""
        rows, values = self._found(title, body[:BODY])
        seen = signals(signs, blame, risk)
        logits = self._ground + values @ self._weights.take(rows, axis=0)
        logits[:4] += np.array([seen.get(name, 0.0) for name in self._signs]) @ self._of_signs
        logits = logits.tolist()
        chances = tuple((both + alone) / 2 for both, alone in zip(_chances(logits[:4]), _chances(logits[4:])))
        return Said(chances, min(1.0, len(rows) / _ENOUGH), lambda: self._told(rows, values))

    def _found(self, title: str, body: str) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the known pieces of title and text, and the value of each, as `letters` has them."""
        asked, found = self._last
        if asked != (title, body):
            found = self._looked_up(title, body)
            self._last = (title, body), found
        return found

    def _looked_up(self, title: str, body: str) -> tuple[np.ndarray, np.ndarray]:
        if not len(self._pieces):
            return np.empty(0, dtype=np.int64), np.empty(0)
        pieces = np.concatenate((_pieces(_FIGURES.sub("0", title)), _pieces(_FIGURES.sub("0", body)) | _OF_BODY))
        pieces.sort()
        pieces = pieces[_new(pieces)]
        sort = pieces >> 32            # pairs of the title, letters of the title, pairs and letters of the text
        values = np.array([_value(size) for size in np.bincount(sort, minlength=4).tolist()])
        pieces &= _PIECE
        at = np.searchsorted(self._pieces, pieces)
        known = self._pieces.take(at, mode="clip") == pieces
        return self._of_piece[at[known]], values[sort[known]]

    def _told(self, rows: np.ndarray, values: np.ndarray) -> list[tuple[str, float]]:
        """The pieces that say most for N against the mean of the other labels, those of title and text added up."""
        if not len(rows):
            return []
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
        first = np.flatnonzero(_new(rows))
        sums = np.add.reduceat(values[order] * self._for_n[rows], first)
        most = np.argsort(-sums)[:_LOOKED_AT]
        return [(self._names[row], said) for row, said in zip(rows[first[most]].tolist(), sums[most].tolist())]


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


def _pieces(text: str) -> np.ndarray:
    """The numbers of all letters of a text, then of all its pairs."""
    codes = _codes(text).astype(np.int64)
    return np.concatenate((codes | _LETTER, codes[:-1] << 16 | codes[1:]))


def _new(ordered: np.ndarray) -> np.ndarray:
    """Which numbers of an ordered array differ from the one before."""
    new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return new


def _value(pieces: int) -> float:
    return _LENGTH / max(_LEAST, pieces) ** 0.5


def _chances(logits: Sequence[float]) -> list[float]:
    top = max(logits)
    raised = [math.exp(logit - top) for logit in logits]
    return [one / sum(raised) for one in raised]


def read(lines: Iterable[str]) -> Letters:
    """Lines of `letters.txt`: a feature and eight whole numbers, divided by tabs; a line beginning with ## is a remark."""
    rows: dict[str, tuple[float, ...]] = {}
    for line in lines:
        if line.strip() and not line.startswith("##"):
            name, *numbers = line.rstrip("\n").split("\t")
            rows[name] = tuple(int(n) / SCALE for n in numbers)
    return Letters(rows)


@lru_cache(maxsize=1)
def shipped() -> Letters:
    """The model that comes with the program; an empty one where its file is not there."""
    if not WEIGHTS.exists():
        return Letters({})
    with WEIGHTS.open(encoding="utf-8") as lines:
        return read(lines)
