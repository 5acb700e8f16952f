"""Training what the letters and signs of an article say, on labelled items.

Multinomial logistic regression bound by L2, in its dual form (Böhning 1992: the curvature has a fixed upper bound, so every
step is one product); `benchmarks/opinion_signs.py` is its command.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from analysis.letters import GROUND, LABELS, Letters, letters, signals
from analysis.opinion import Judge, heading, words_alone
from config.sample.press.load import load as pieces_of_press

L2 = 1.0
STEPS = 80
LEAST, ITEMS = 0.04, 2         # logits: smaller weights are left out, and features of fewer items


_TELLING = re.compile("[\u4e00-\u9fff0？！]{1,2}|常数|信号:.+")
_OF_STYLE = frozenset("的了是在和有个一这那上也就都而及与着过到们地得")          # letters of every story, which tell feature from notice and nothing else
NOW = datetime(2026, 1, 15, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def press() -> list[dict]:
    """The pieces of the sample press that name a unit, once each, as items: long news of work, most of it harmless."""
    found: dict[str, dict] = {}
    for piece in pieces_of_press(NOW):
        labels = set(piece.truth.opinion.values())
        if piece.truth.units and piece.title not in found:
            found[piece.title] = {"title": piece.title, "text": "\n".join(piece.paragraphs), "label": "N" if "N" in labels else "R" if "R" in labels else "P",
                                  "trap": not labels & {"N", "R"}, "target": "", "set": "sample"}
    return list(found.values())


class Seen(NamedTuple):
    """The features of one item, letters and signs apart, and its label."""

    letters: dict[str, float]
    signs: dict[str, float]
    label: str


def seen(judge: Judge, item: dict) -> Seen:
    reading = judge.read(item["title"], item["text"])
    return Seen(letters(*heading(reading)), signals(reading.signs, *words_alone(reading)), item["label"])


def fit(rows: Sequence[Seen]) -> Letters:
    """The model trained on these items."""
    truth = np.array([[float(r.label == label) for label in LABELS] for r in rows])
    weights: dict[str, list[float]] = {}
    for first, both in ((0, True), (4, False)):
        held = [r.letters | (r.signs if both else {}) | {GROUND: 1.0} for r in rows]
        count = Counter(name for features in held for name in features)
        names = sorted(name for name, times in count.items() if times >= ITEMS and _TELLING.fullmatch(name) and name not in _OF_STYLE)
        number = {name: n for n, name in enumerate(names)}
        matrix = np.zeros((len(held), len(names)))
        for row, features in zip(matrix, held):
            for name, value in features.items():
                if name in number:
                    row[number[name]] = value
        for name, row in zip(names, matrix.T @ _dual(matrix @ matrix.T, truth)):
            weights.setdefault(name, [0.0] * 8)[first:first + 4] = row.tolist()
    return Letters({name: row for name, row in weights.items() if max(map(abs, row)) >= LEAST})


def _dual(kernel: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Dual coefficients (items × labels) of the penalised likelihood."""
    dual = np.zeros_like(truth)
    step = np.linalg.inv(0.5 * kernel + L2 * np.eye(len(kernel)))
    for _ in range(STEPS):
        logits = kernel @ dual
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        dual -= step @ (raised / raised.sum(axis=1, keepdims=True) - truth + L2 * dual)
    return dual
