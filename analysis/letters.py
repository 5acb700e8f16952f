"""What the letters of an article say: a linear model over its single letters and pairs of letters, beside its signs.

The rules know the words that are listed; the letters know how news of each label is worded.  Two readings are averaged,
one of letters and signs together and one of letters alone, so that neither a missing word nor a rare wording decides by
itself.  `letters.txt` holds the weights, a line a feature; `benchmarks/opinion_signs.py --write` trains them on the
project's own items.
"""

from __future__ import annotations

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
    """Weights of features: a row of eight, four for letters and signs together, four for letters alone.

    Texts are read as arrays of UTF-16 units: a letter finds its row by its code, a pair by its two codes in one number.
    """

    def __init__(self, rows: Mapping[str, Sequence[float]]):
        self._row = {name: at for at, name in enumerate(rows)}
        self._names = tuple(rows)
        self._weights = np.array(list(rows.values()), dtype=np.float64).reshape(len(rows), 2 * len(LABELS))
        self._for_n = self._weights[:, 0] - self._weights[:, 1:4].mean(axis=1)
        self._ground = self._weights[self._row[GROUND]] if GROUND in self._row else np.zeros(2 * len(LABELS))
        self._of_letter = np.full(0x10000, -1, dtype=np.int64)
        pairs = []
        for name, at in self._row.items():
            codes = _codes(name)
            if len(codes) == 1:
                self._of_letter[codes[0]] = at
            elif len(codes) == 2 and name != GROUND:
                pairs.append((int(_joined(codes)[0]), at))
        pairs.sort()
        self._pairs = np.array([key for key, _ in pairs], dtype=np.uint32)
        self._of_pair = np.array([at for _, at in pairs], dtype=np.int64)

    def __bool__(self) -> bool:
        return bool(self._row)

    def rows(self) -> Iterable[tuple[str, Sequence[float]]]:
        """Feature and its eight weights, in order."""
        return zip(self._names, self._weights.tolist())

    def say(self, title: str, body: str, signs: Mapping[str, float], blame: float, risk: float) -> Said:
        """`title` and `body` folded."""
        held = [found for part in (title, body[:BODY]) for found in self._found(part)]
        logits = self._ground.copy()
        for rows, value in held:
            logits += value * self._weights.take(rows, axis=0).sum(axis=0)
        row, seen = self._row, signals(signs, blame, risk)
        known = [name for name in seen if name in row]
        if known:
            logits[:4] += np.array([seen[name] for name in known]) @ self._weights[[row[name] for name in known], :4]
        chances = (_chances(logits[:4]) + _chances(logits[4:])) / 2
        return Said(tuple(chances.tolist()), min(1.0, sum(len(rows) for rows, _ in held) / _ENOUGH), lambda: self._told(held))

    def _found(self, folded: str) -> list[tuple[np.ndarray, float]]:
        """Rows of the known letters and of the known pairs of a text, each sort with the value of its pieces, as `letters` has them."""
        codes = _codes(_FIGURES.sub("0", folded))
        one, two = np.unique(codes), np.unique(_joined(codes))
        rows = self._of_letter[one]
        found = [(rows[rows >= 0], _value(len(one)))]
        if len(self._pairs):
            at = np.minimum(np.searchsorted(self._pairs, two), len(self._pairs) - 1)
            found.append((self._of_pair[at[self._pairs[at] == two]], _value(len(two))))
        return found

    def _told(self, held: Iterable[tuple[np.ndarray, float]]) -> list[tuple[str, float]]:
        """The pieces that say most for N against the mean of the other labels, those of title and text added up."""
        rows = np.concatenate([rows for rows, _ in held])
        said = np.concatenate([value * self._for_n[rows] for rows, value in held])
        pieces, place = np.unique(rows, return_inverse=True)
        sums = np.bincount(place, said, len(pieces))
        return [(self._names[pieces[at]], float(sums[at])) for at in np.argsort(-sums)[:_LOOKED_AT]]


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


def _joined(codes: np.ndarray) -> np.ndarray:
    return codes[:-1].astype(np.uint32) << np.uint32(16) | codes[1:]


def _value(pieces: int) -> float:
    return _LENGTH / max(_LEAST, pieces) ** 0.5


def _chances(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max())
    return raised / raised.sum()


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
