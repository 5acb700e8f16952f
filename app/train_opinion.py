"""Training what the letters and signs of an article say, on labelled items.

Multinomial logistic regression bound by L2, in its dual form (Böhning 1992: the curvature has a fixed upper bound, so every
step is one product); `benchmarks/opinion_signs.py` is its command.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.letters import GROUND, LABELS, Letters, letters, signals
from analysis.opinion import Judge, heading, words_alone

L2 = 0.7
STEPS = 80
LEAST, ITEMS = 0.04, 2         # logits: smaller weights are left out, and features of fewer items


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
        names = sorted(name for name, times in count.items() if times >= ITEMS and name.strip() == name and name[0] != "#")
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
