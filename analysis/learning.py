"""Learning from the desk: 误报 and 漏报 clicks become cases, and cases train a small linear model that shifts the rules' score.

The model is a list of named weights that a person can read.  It ships empty; without it, or switched off, the rules stand
alone.  It can shift a score by at most MAX_SHIFT, and every shift is told with its largest parts.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from analysis import weights as W
from analysis.words import cut

MAX_SHIFT = 0.30
_STEEPNESS = 8.0               # logits per unit of the rules' score
_L2 = 0.02
_ROUNDS, _RATE = 300, 0.5
_TRUSTED = 20                  # cases from which on the model has its full say
_LEAST = 2                     # cases a word must occur in


@dataclass(frozen=True)
class Case:
    """One judged article of the desk; a line of `cases.jsonl` in the bureau's folder."""

    id: str
    title: str
    text: str
    label: str                 # what a person says it is: N, R, P, X
    was: str                   # what the program said
    reason: str = ""
    who: str = ""
    at: str = ""               # ISO time
    unit_id: str = ""

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def read_case(line: str) -> Case:
    """A case from its line; raises ValueError with what is wrong."""
    data = json.loads(line)
    if not isinstance(data, dict) or set(data) - set(Case.__dataclass_fields__) or not {"id", "title", "text", "label", "was"} <= set(data):
        raise ValueError("案例须有 id、title、text、label、was，且没有其他字段")
    if any(not isinstance(value, str) for value in data.values()) or data["label"] not in "NRPX" or len(data["label"]) != 1:
        raise ValueError("案例各字段须为文字，label 须为 N、R、P、X 之一")
    return Case(**data)


@dataclass(frozen=True)
class Learned:
    """Weights by name of signal (信号:…) or word (词:…); `cases` trained on."""

    weights: Mapping[str, float] = field(default_factory=dict)
    cases: int = 0

    def shift(self, signals: Mapping[str, float]) -> tuple[float, list[tuple[str, float]]]:
        """By how much the score moves, and the largest parts of it."""
        if not self.weights:
            return 0.0, []
        trust = min(1.0, self.cases / _TRUSTED)
        parts = [(name, self.weights[name] * value * trust / _STEEPNESS) for name, value in signals.items() if name in self.weights]
        parts = sorted((p for p in parts if abs(p[1]) >= 0.005), key=lambda p: -abs(p[1]))
        total = sum(part for _, part in parts)
        return max(-MAX_SHIFT, min(MAX_SHIFT, total)), parts[:3]

    def to_json(self) -> str:
        return json.dumps({"cases": self.cases, "weights": dict(sorted(self.weights.items(), key=lambda w: -abs(w[1])))}, ensure_ascii=False, indent=1)

    @staticmethod
    def from_json(text: str) -> "Learned":
        data = json.loads(text)
        return Learned({str(k): float(v) for k, v in data["weights"].items()}, int(data["cases"]))


def signals(figures: Mapping[str, float], title: str, sentence: str) -> dict[str, float]:
    """What the model sees of an article: the judge's own figures, and the words of its title and deciding sentence."""
    seen = {f"信号:{name}": value for name, value in figures.items() if value}
    seen |= {f"词:{word}": 1.0 for word in cut(title[:200] + "\n" + sentence[:400]) if len(word) > 1 and not word.isdigit()}
    return seen


def train(examples: Iterable[tuple[Mapping[str, float], float, bool]]) -> Learned:
    """Logistic regression around the rules' score, L2-bound, deterministic.

    `examples`: (signals, the rules' score 0..1, is it negative).
    """
    held = [(dict(seen), _STEEPNESS * (score - W.NEGATIVE), negative) for seen, score, negative in examples]
    if not held:
        return Learned()
    count = Counter(name for seen, _, _ in held for name in seen)
    names = {name for name, times in count.items() if times >= _LEAST}
    rows = [([(n, v) for n, v in seen.items() if n in names], offset, 1.0 if negative else 0.0) for seen, offset, negative in held]
    weights = dict.fromkeys(sorted(names), 0.0)
    for _ in range(_ROUNDS):
        slope: Counter[str] = Counter()
        for row, offset, target in rows:
            wrong = _sigmoid(offset + sum(weights[n] * v for n, v in row)) - target
            for n, v in row:
                slope[n] += wrong * v
        for n in weights:
            weights[n] -= _RATE * (slope[n] / len(rows) + _L2 * weights[n])
    return Learned({n: round(w, 4) for n, w in weights.items() if abs(w) >= 0.001}, len(rows))


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x))))


def told(shift: float, parts: Sequence[tuple[str, float]]) -> str:
    """The shift in words, for the reason of a judgement."""
    return f"值班员案例调整{shift:+.2f}（{'，'.join(f'{name}{part:+.2f}' for name, part in parts)}）"
