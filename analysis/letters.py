"""What the letters of an article say: a linear model over its single letters and pairs of letters, beside its signs.

The rules know the words that are listed; the letters know how news of each label is worded.  Two readings are averaged,
one of letters and signs together and one of letters alone, so that neither a missing word nor a rare wording decides by
itself.  `letters.txt` holds the weights, a line a feature; `benchmarks/opinion_signs.py --write` trains them on the
project's own items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

LABELS = "NRPX"
WEIGHTS = Path(__file__).with_name("letters.txt")
BODY = 600                     # characters of the text that are read: news says early what it is about
SIGN, GROUND = "信号:", "常数"
SCALE = 1000                   # weights are kept as whole numbers of thousandths
_FIGURES = re.compile("[0-9]+")
_NOT_READ = re.compile("[^\u4e00-\u9fff0？！“”]+")
_LEAST = 6                     # a text of fewer different letters counts as one of so many
_LENGTH, _SIGNS, _WORDS = 3.0, 0.6, 2.4            # scales of the letters, of the signs and of what the words alone say
_ENOUGH = 25                   # known pairs of letters from which on they have their full say; a line of a title is told by its words
_TELLING, _MOST = 0.12, 3      # a pair of letters is told from so many logits on, so many at most


class Said(NamedTuple):
    """Chances of N, R, P, X, how much there was to read (1: enough), and the letters that spoke most for or against N: (letters, logits)."""

    chances: tuple[float, ...]
    weight: float
    parts: tuple[tuple[str, float], ...]

    def told(self) -> str:
        """In words, for the reason of a judgement."""
        pairs = "、".join(f"{pair}{weight:+.1f}" for pair, weight in self.parts)
        return f"行文判负面{self.chances[0]:.0%}" + (f"（{pairs}）" if pairs else "")


def pieces(folded: str) -> tuple[set[str], set[str]]:
    """The different letters, and pairs of neighbouring letters, of a text; every number is one 0."""
    one: set[str] = set()
    two: set[str] = set()
    for run in _NOT_READ.split(_FIGURES.sub("0", folded)):
        one.update(run)
        two.update(map(str.__add__, run, run[1:]))
    return one, two


def letters(title: str, body: str) -> dict[str, float]:
    """Feature → value: the pieces of a title and of a text weigh the same together, however long they are."""
    seen: dict[str, float] = {}
    for part in (pieces(title), pieces(body[:BODY])):
        for held in part:
            value = _LENGTH / max(_LEAST, len(held)) ** 0.5
            for piece in held:
                seen[piece] = seen.get(piece, 0.0) + value
    return seen


def signals(signs: Mapping[str, float], blame: float, risk: float) -> dict[str, float]:
    """Feature → value of the signs of an article and of what its words alone say (each 0..1)."""
    seen = {SIGN + name: _SIGNS * value for name, value in signs.items()}
    return seen | {SIGN + "词语批评": _WORDS * blame, SIGN + "词语风险": _WORDS * risk}


class Letters:
    """Weights of features: a row of eight, four for letters and signs together, four for letters alone."""

    def __init__(self, rows: Mapping[str, Sequence[float]]):
        self._row = {name: at for at, name in enumerate(rows)}
        self._names = tuple(rows)
        self._weights = np.array(list(rows.values()), dtype=np.float64).reshape(len(rows), 2 * len(LABELS))
        self._ground = self._weights[self._row[GROUND]] if GROUND in self._row else np.zeros(2 * len(LABELS))

    def __bool__(self) -> bool:
        return bool(self._row)

    def rows(self) -> Iterable[tuple[str, Sequence[float]]]:
        """Feature and its eight weights, in order."""
        return zip(self._names, self._weights.tolist())

    def say(self, title: str, body: str, signs: Mapping[str, float], blame: float, risk: float) -> Said:
        """`title` and `body` folded."""
        rows, values = self._known(letters(title, body))
        own = self._weights[rows] * values[:, None]
        logits = self._ground + own.sum(axis=0)
        rows_of_signs, values_of_signs = self._known(signals(signs, blame, risk))
        logits[:4] += values_of_signs @ self._weights[rows_of_signs, :4]
        chances = (_chances(logits[:4]) + _chances(logits[4:])) / 2
        for_n = own[:, 0] - own[:, 1:4].mean(axis=1)
        most = np.argsort(-np.abs(for_n))[:_MOST]
        weight = min(1.0, sum(len(self._names[row]) == 2 for row in rows) / _ENOUGH)
        return Said(tuple(chances.tolist()), weight, tuple((self._names[rows[at]], float(for_n[at])) for at in most if abs(for_n[at]) >= _TELLING))

    def _known(self, seen: Mapping[str, float]) -> tuple[list[int], np.ndarray]:
        rows = [self._row[name] for name in seen if name in self._row]
        return rows, np.array([value for name, value in seen.items() if name in self._row])


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
