"""`jianbao eval opinion`: scores the judge on labelled items, and says what it said about each."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Iterable, Sequence

from analysis import weights as W
from analysis.learning import train
from analysis.opinion import Judge
from analysis.target import same_body
from config.load import load_vocabulary
from model.opinion import Judgement

THRESHOLDS = tuple(n / 50 for n in range(12, 40))   # candidates for the score from which an article is N
FOLDS = 5
HOME = Path(__file__).resolve().parent.parent
WORDS = HOME / "config" / "default" / "words.yaml"
OWN = tuple(sorted((HOME / "tests" / "corpus").glob("opinion*.jsonl")))     # the project's own labelled items


def read_items(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def same_target(said: str, printed: str) -> bool:
    """Is the same body meant: equal, or one printed inside the other; nothing said is right where nothing is printed."""
    return said == printed or bool(said and printed and (said in printed or printed in said))


def scores(items: Iterable[dict], judged: Iterable[Judgement]) -> dict:
    """F1 of N, alarm rate on traps, share of true N whose body is named right, F1 of R, accuracy."""
    pairs = [(i, j) for i, j in zip(items, judged)]
    table = Counter((i["label"], j.label.value) for i, j in pairs)
    traps = [j for i, j in pairs if i.get("trap")]
    negatives = [(i, j) for i, j in pairs if i["label"] == "N"]
    named = [(i, j) for i, j in negatives if i.get("target")]
    risks = [j for i, j in pairs if i["label"] == "R"]
    return {
        "items": len(pairs), "n_f1": f1(table, "N"), "n_precision": ratio(table["N", "N"], sum(v for (_, s), v in table.items() if s == "N")),
        "n_recall": ratio(table["N", "N"], len(negatives)), "trap_alarms": ratio(sum(j.label.value == "N" for j in traps), len(traps)),
        "trap_alarms_or_risk": ratio(sum(j.label.value in "NR" for j in traps), len(traps)),
        "target_right": ratio(sum(same_target(j.target, i.get("target", "")) for i, j in negatives), len(negatives)),
        "target_same_body": ratio(sum(j.target == i.get("target", "") or bool(j.target and i.get("target")) and same_body(j.target, i["target"])
                                      for i, j in negatives), len(negatives)),
        "target_right_where_printed": ratio(sum(j.target != "" and same_target(j.target, i["target"]) for i, j in named), len(named)),
        "r_f1": f1(table, "R"), "r_recall": ratio(table["R", "R"], len(risks)), "r_not_n": ratio(sum(j.label.value != "N" for j in risks), len(risks)),
        "accuracy": ratio(sum(v for (a, b), v in table.items() if a == b), len(pairs)),
        "confusion": {f"{a}->{b}": v for (a, b), v in sorted(table.items())},
    }


def ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def f1(table: Counter, label: str) -> float:
    right = table[label, label]
    said = sum(v for (_, s), v in table.items() if s == label)
    true = sum(v for (t, _), v in table.items() if t == label)
    return ratio(2 * right, said + true)


def cross_validated(items: Sequence[dict], judge: Judge) -> dict:
    """What the figures become when nothing was tuned on the item itself: folds are whole months, so whole events (fifths where no time is given).

    The threshold of N is chosen on the other folds; and the desk's model is trained on the other folds.
    """
    examples = [judge.example(i["title"], i["text"]) for i in items]
    truth = [i["label"] == "N" for i in items]
    folds = _folds([str(i.get("time", ""))[:7] or f"part {n % FOLDS}" for n, i in enumerate(items)])
    by_threshold, by_learning = [False] * len(items), [False] * len(items)
    for fold in folds:
        rest = [n for n in range(len(items)) if n not in set(fold)]
        if not rest:
            continue
        best = max(THRESHOLDS, key=lambda t: (_f1([truth[n] for n in rest], [examples[n][1] >= t for n in rest]), -abs(t - W.NEGATIVE)))
        learned = train((examples[n][0], examples[n][1], truth[n]) for n in rest)
        for n in fold:
            seen, score = examples[n]
            by_threshold[n] = score >= best
            by_learning[n] = score + learned.shift(seen)[0] >= W.NEGATIVE
    return {"folds": len(folds), "n_f1_shipped_threshold": _f1(truth, [score >= W.NEGATIVE for _, score in examples]),
            "n_f1_cross_validated": _f1(truth, by_threshold), "n_f1_learned_cross_validated": _f1(truth, by_learning)}


def _folds(months: Sequence[str]) -> list[list[int]]:
    """Items by whole months, the months dealt out to at most FOLDS folds of like size."""
    folds: list[list[int]] = [[] for _ in range(min(FOLDS, len(set(months))))]
    for month, _ in Counter(months).most_common():
        min(folds, key=len).extend(n for n, held in enumerate(months) if held == month)
    return folds


def _f1(truth: Sequence[bool], said: Sequence[bool]) -> float:
    return ratio(2 * sum(t and s for t, s in zip(truth, said)), sum(truth) + sum(said))


def run(items: Path, raw: Path | None = None, vocabulary_path: Path = WORDS) -> dict:
    """Judge every item, print the figures, write one JSON line an item to `raw`."""
    held = read_items(items)
    judge = Judge(load_vocabulary(vocabulary_path))
    judged = [judge.judge(i["title"], i["text"])[0] for i in held]
    if raw is not None:
        with raw.open("w", encoding="utf-8") as out:
            for item, j in zip(held, judged):
                out.write(json.dumps({"id": item["id"], "label": j.label.value, "target": j.target, "score": j.score,
                                      "words": list(j.words), "sentence": j.sentence}, ensure_ascii=False) + "\n")
    figures = scores(held, judged) | cross_validated(held, judge)
    for name, value in figures.items():
        print(f"{name:28} {value}")
    return figures
