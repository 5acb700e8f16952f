"""Train the weights of the signs on the project's own labelled items, and say what they are worth on sets they have not seen.

    python benchmarks/opinion_signs.py [--write]

Logistic regression around the rules' score, bound by L2; every set of `tests/corpus/opinion.jsonl` (its field `set`) is
once kept apart.  `--write` puts the weights trained on all sets into `analysis/sign_weights.py`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis import weights as W
from analysis.opinion import Judge, said
from app.eval_opinion import WORDS, read_items
from config.load import load_vocabulary

HOME = Path(__file__).resolve().parent.parent
ITEMS = HOME / "tests" / "corpus" / "opinion.jsonl"
WEIGHTS = HOME / "analysis" / "sign_weights.py"
L2 = 3.0
LEAST = 5                      # items a sign must occur in
STEPS = 30                     # of Newton's method
HEAD = '"""Weights of the signs of an article in logits; written by `benchmarks/opinion_signs.py --write`, readable and replaceable."""\n'


class Seen(NamedTuple):
    """One item: its signs, the rules' score of blame and of risk, its label and set."""

    signs: Mapping[str, float]
    blame: float
    risk: float
    label: str
    group: str


def read(items: Path = ITEMS) -> list[Seen]:
    judge = Judge(load_vocabulary(WORDS))
    return [Seen(*said(judge.read(i["title"], i["text"])), i["label"], i.get("set", "")) for i in read_items(items)]


def fit(rows: Sequence[Seen], what: str) -> dict[str, float]:
    """Weights of the signs for N (`what` N) or, among all that is not N, for R."""
    rows = [r for r in rows if what == "N" or r.label != "N"]
    count = Counter(name for r in rows for name in r.signs)
    names = sorted(name for name, times in count.items() if times >= LEAST)
    signs = np.array([[r.signs.get(name, 0.0) for name in names] for r in rows])
    offset = np.array([ground(r, what) for r in rows])
    truth = np.array([float(r.label == what) for r in rows])
    weights = np.zeros(len(names))
    for _ in range(STEPS):
        sure = 1.0 / (1.0 + np.exp(-np.clip(offset + signs @ weights, -30, 30)))
        slope = signs.T @ (sure - truth) + L2 * weights
        bend = (signs.T * (sure * (1.0 - sure))) @ signs + L2 * np.eye(len(names))
        weights -= np.linalg.solve(bend, slope)
    return {name: round(float(w), 3) for name, w in zip(names, weights) if abs(w) >= 0.01}


def ground(row: Seen, what: str) -> float:
    return W.SIGN_STEEPNESS * (row.blame - W.NEGATIVE if what == "N" else row.risk - W.RISK)


def f1(rows: Sequence[Seen], weights: Mapping[str, float], what: str) -> float:
    rows = [r for r in rows if what == "N" or r.label != "N"]
    says = [ground(r, what) + _shift(r, weights, what) >= 0 for r in rows]
    true = [r.label == what for r in rows]
    return 2 * sum(a and b for a, b in zip(says, true)) / max(1, sum(says) + sum(true))


def _shift(row: Seen, weights: Mapping[str, float], what: str) -> float:
    """The weighted signs, held back outside health and in long texts as the judge does."""
    shift = sum(weights.get(name, 0.0) * value for name, value in row.signs.items())
    if what != "N" or shift <= 0:
        return shift
    return shift * min(1.0, row.signs.get("健康", 0.0) * W.SIGN_HEALTH) * max(1.0 - row.signs["篇幅"], min(1.0, row.blame / W.SIGN_GROUND))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    rows = read()
    for group in dict.fromkeys(r.group for r in rows):
        kept, rest = [r for r in rows if r.group == group], [r for r in rows if r.group != group]
        figures = [f"F1 of {what}: rules {f1(kept, {}, what):.3f}, with signs {f1(kept, fit(rest, what), what):.3f}" for what in "NR"]
        print(f"{group:10} {len(kept):4} items kept apart; {'; '.join(figures)}")
    if write:
        tables = [f"{name}: dict[str, float] = {{\n" + "".join(f'    "{n}": {w},\n' for n, w in sorted(fit(rows, what).items(), key=lambda p: -abs(p[1]))) + "}\n"
                  for name, what in (("BLAMED", "N"), ("RISKY", "R"))]
        WEIGHTS.write_text(HEAD + "\n" + "\n".join(tables), encoding="utf-8")


if __name__ == "__main__":
    main()
