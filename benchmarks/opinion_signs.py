"""Train what the letters and signs of an article say (`analysis/letters.txt`) on the project's own labelled items, and say what
the judge is worth on sets it has not seen.

    python benchmarks/opinion_signs.py [--write] [--items FILE.jsonl …]

Multinomial logistic regression bound by L2, in its dual form (Böhning 1992: the curvature has a fixed upper bound, so every
step is one product).  Every set of the items (their field `set`; one set is one batch written and labelled before it was
first judged) is once kept apart and judged by a model trained on the others.  `--write` trains on all.  About half a minute.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.letters import GROUND, LABELS, SCALE, WEIGHTS, Letters, letters, signals
from analysis.opinion import Judge, heading, words_alone
from app.eval_opinion import OWN, WORDS, read_items, scores
from config.load import load_vocabulary

L2 = 0.7
STEPS = 80
LEAST, ITEMS = 0.04, 2         # logits: smaller weights are left out, and features of fewer items
HEAD = "## 特征\t连同信号：负面 风险 中性 无关\t仅凭字词：负面 风险 中性 无关（千分之一）；由 benchmarks/opinion_signs.py --write 写成\n"


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
        names = sorted(name for name, times in count.items() if times >= ITEMS)
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


def lines(model: Letters) -> str:
    return HEAD + "".join(f"{name}\t" + "\t".join(str(round(w * SCALE)) for w in row) + "\n" for name, row in model.rows())


def told(items: Sequence[dict], judge: Judge) -> str:
    figures = scores(items, [judge.judge(i["title"], i["text"])[0] for i in items])
    return "，".join(f"{name} {figures[name]:.3f}" for name in ("n_f1", "trap_alarms", "target_right", "r_f1", "r_not_n", "accuracy"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--items", type=Path, nargs="*", default=OWN)
    asked = parser.parse_args()
    items = [item for path in asked.items for item in read_items(path)]
    vocabulary = load_vocabulary(WORDS)
    words_only = Judge(vocabulary, letters=Letters({}))
    rows = [seen(words_only, i) for i in items]
    judged_apart: list[tuple[dict, object]] = []
    for group in dict.fromkeys(i["set"] for i in items):
        judge = Judge(vocabulary, letters=fit([r for r, i in zip(rows, items) if i["set"] != group]))
        kept = [i for i in items if i["set"] == group]
        judged_apart += [(i, judge.judge(i["title"], i["text"])[0]) for i in kept]
        print(f"{group:10} {len(kept):4}  {told(kept, judge)}", flush=True)
    figures = scores([i for i, _ in judged_apart], [j for _, j in judged_apart])
    print(f"{'each apart':10} {len(items):4}  " + "，".join(f"{n} {figures[n]:.3f}" for n in ("n_f1", "trap_alarms", "target_right", "r_f1", "r_not_n", "accuracy")))
    print(f"{'words only':10} {len(items):4}  {told(items, words_only)}")
    if asked.write:
        model = fit(rows)
        WEIGHTS.write_text(lines(model), encoding="utf-8")
        print(f"{len(list(model.rows()))} features written to {WEIGHTS.name}")


if __name__ == "__main__":
    main()
