"""Training what the letters and signs of an article say, on labelled items.

Multinomial logistic regression bound by L2, in its dual form (Böhning 1992: the curvature has a fixed upper bound, so every
step is one product); `benchmarks/opinion_signs.py` is its command.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from analysis.letters import GROUND, LABELS, SIGN, Letters, letters, signals
from analysis.opinion import Judge, heading, words_alone
from config.sample.press.load import load as pieces_of_press

L2 = 1.0
STEPS = 80
LEAST, ITEMS = 0.04, 2         # logits: smaller weights are left out, and features of fewer items
Column = tuple[np.ndarray, np.ndarray]         # items that have a feature, and its values there
_FREQUENT = 0.02               # of all items
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
    columns = _columns([r.letters | r.signs | {GROUND: 1.0} for r in rows])
    of_letters = [name for name in columns if not name.startswith(SIGN)]
    alone = _kernel([columns[name] for name in of_letters], len(rows))
    both = alone + _kernel([columns[name] for name in columns if name.startswith(SIGN)], len(rows))
    weights: dict[str, list[float]] = {}
    for first, kernel, names in ((0, both, list(columns)), (4, alone, of_letters)):
        dual = _dual(kernel, truth)
        for name in names:
            held, values = columns[name]
            weights.setdefault(name, [0.0] * 8)[first:first + 4] = (values @ dual[held]).tolist()
    return Letters({name: weights[name] for name in sorted(weights) if max(map(abs, weights[name])) >= LEAST})


def _columns(held: Sequence[dict[str, float]]) -> dict[str, Column]:
    """Feature → items that have it, and its values there; features of too few items and those that tell nothing are left out."""
    found: dict[str, tuple[list[int], list[float]]] = {}
    for at, features in enumerate(held):
        for name, value in features.items():
            items, values = found.setdefault(name, ([], []))
            items.append(at)
            values.append(value)
    return {name: (np.array(items), np.array(values)) for name, (items, values) in found.items()
            if len(items) >= ITEMS and _TELLING.fullmatch(name) and name not in _OF_STYLE}


def _kernel(columns: Sequence[Column], items: int) -> np.ndarray:
    """Products of the items' features, items × items: rare features are added up one by one, frequent ones multiplied as a block."""
    kernel = np.zeros((items, items))
    frequent = [column for column in columns if len(column[0]) > _FREQUENT * items]
    block = np.zeros((items, len(frequent)))
    for at, (held, values) in enumerate(frequent):
        block[held, at] = values
    kernel += block @ block.T
    for held, values in columns:
        if len(held) <= _FREQUENT * items:
            kernel[held[:, None], held] += values[:, None] * values
    return kernel


def _dual(kernel: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Dual coefficients (items × labels) of the penalised likelihood."""
    dual = np.zeros_like(truth)
    step = np.linalg.inv(0.5 * kernel + L2 * np.eye(len(kernel)))
    for _ in range(STEPS):
        logits = kernel @ dual
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        dual -= step @ (raised / raised.sum(axis=1, keepdims=True) - truth + L2 * dual)
    return dual
