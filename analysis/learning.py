"""Learning from the desk: 误报 and 漏报 clicks become cases, and cases train a small linear model that shifts the rules' score.

The model is a list of named weights that a person can read.  It ships empty; without it, or switched off, the rules stand
alone.  It can shift a score by at most MAX_SHIFT, and every shift is told with its largest parts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis import weights as W
from analysis.words import cut

MAX_SHIFT = 0.30
_STEEPNESS = 8.0               # logits per unit of the rules' score
_L2 = 0.02
_ROUNDS = 400
_OTHERS, _OTHER = 4.0, 0.5
_TRUSTED = 20                  # cases from which on the model has its full say
_TOLD = 3                      # parts of a shift told in the reason
_LEAST = 2                     # cases a word must occur in


@dataclass(frozen=True)
class Learned:
    """Weights by name of signal (信号:…) or word (词:…); `cases` trained on, `at` when (ISO), `mark` of the words it was trained with."""

    weights: Mapping[str, float] = field(default_factory=dict)
    cases: int = 0
    at: str = ""
    mark: str = ""

    def shift(self, signals: Mapping[str, float]) -> tuple[float, list[tuple[str, float]]]:
        """By how much the score moves, and the parts of it, the largest first."""
        if not self.weights:
            return 0.0, []
        trust = min(1.0, self.cases / _TRUSTED)
        parts = [(name, self.weights[name] * value * trust / _STEEPNESS) for name, value in signals.items() if name in self.weights]
        parts = sorted((p for p in parts if abs(p[1]) >= 0.005), key=lambda p: -abs(p[1]))
        total = sum(part for _, part in parts)
        return max(-MAX_SHIFT, min(MAX_SHIFT, total)), parts

    def to_json(self) -> str:
        return json.dumps({"cases": self.cases, "at": self.at, "mark": self.mark, "weights": dict(sorted(self.weights.items(), key=lambda w: -abs(w[1])))}, ensure_ascii=False, indent=1)

    @staticmethod
    def from_json(text: str) -> "Learned":
        """Raises ValueError, KeyError or TypeError on anything else."""
        data = json.loads(text)
        return Learned({str(k): float(v) for k, v in dict(data["weights"]).items()}, int(data["cases"]), str(data.get("at", "")), str(data.get("mark", "")))


def signals(figures: Mapping[str, float], title: str, sentence: str) -> dict[str, float]:
    """What the model sees of an article: the judge's own figures, and the words of its title and deciding sentence."""
    seen = {f"信号:{name}": value for name, value in figures.items() if value}
    seen |= {f"词:{word}": 1.0 for word in cut(title[:200] + "\n" + sentence[:400]) if len(word) > 1 and not word.isdigit()}
    return seen


def train(examples: Iterable[tuple[Mapping[str, float], float, bool]], others: Iterable[tuple[Mapping[str, float], float]] = ()) -> Learned:
    """Logistic regression around the rules' score, L2-bound, deterministic.

    `examples`: (signals, the rules' score 0..1, is it negative).  `others`: (signals, the rules' score) of articles of which nobody
    said anything: there the model is held to change nothing, so that words of every article (医院, the city) take no blame for a few
    cases.  They weigh _OTHERS times as much as the cases together, and never more than _OTHER each.
    """
    held, rest = list(examples), list(others)
    if not held:
        return Learned()
    count = Counter(name for seen, _, _ in held for name in seen)
    names = sorted(name for name, times in count.items() if times >= _LEAST)
    number = {name: n for n, name in enumerate(names)}
    cells = [(row, number[name], value) for row, seen in enumerate((*(seen for seen, _, _ in held), *(seen for seen, _ in rest)))
             for name, value in seen.items() if name in number]
    if not cells:
        return Learned(cases=len(held))
    rows, columns, values = (np.array(part) for part in zip(*cells))
    offset = _STEEPNESS * (np.array([s for _, s, _ in held] + [s for _, s in rest]) - W.NEGATIVE)
    target = np.concatenate([[1.0 if negative else 0.0 for *_, negative in held], _sigmoid(offset[len(held):])])
    weight = np.full(len(offset), min(_OTHER, _OTHERS * len(held) / max(1, len(rest))))
    weight[:len(held)] = 1.0
    steepest = 0.25 * float(np.bincount(rows, values ** 2, len(offset)) @ weight) / len(held) + _L2
    weights = ahead = np.zeros(len(names))
    for turn in range(_ROUNDS):                         # gradient descent with momentum; its step fits the steepest slope
        wrong = weight * (_sigmoid(offset + np.bincount(rows, ahead[columns] * values, len(offset))) - target)
        moved = ahead - (np.bincount(columns, wrong[rows] * values, len(names)) / len(held) + _L2 * ahead) / steepest
        weights, ahead = moved, moved + turn / (turn + 3) * (moved - weights)
    return Learned({name: round(float(w), 4) for name, w in zip(names, weights) if abs(w) >= 0.001}, len(held))


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0)))


def told(shift: float, parts: Sequence[tuple[str, float]]) -> str:
    """The shift in words, for the reason of a judgement, with the largest of its parts."""
    shown = "，".join(f"{name}{_signed(part)}" for name, part in parts[:_TOLD]) + (f"等{len(parts)}项" if len(parts) > _TOLD else "")
    return f"经验修正{_signed(shift)}（{shown or '没有相关的案例'}）"


def _signed(number: float) -> str:
    return f"{number:+.2f}".replace("-", "−")
