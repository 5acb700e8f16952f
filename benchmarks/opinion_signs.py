"""Train what the letters and signs of an article say (`analysis/letters.txt`) on the project's own labelled items, and say what
the judge is worth on sets it has not seen.

    python -m benchmarks.opinion_signs [--write] [--quick] [--items FILE.jsonl …]

Every set of the items (their field `set`; one set is one batch written and labelled before it was first judged) is once kept
apart, a tenth of the sets at a time, and judged by a model trained on the others.  `--write` trains on all, `--quick` does that alone.
Some five minutes; `--quick` half a minute.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from analysis.letters import SCALE, WEIGHTS, Letters
from analysis.opinion import Judge
from app.eval_opinion import OWN, WORDS, read_items, scores
from app.train_opinion import Seen, fit, press, seen
from config.load import load_vocabulary
from model.opinion import Judgement
from model.vocabulary import Vocabulary

PARTS = 10
HEAD = "## 特征\t连同信号：负面 风险 中性 无关\t仅凭字词：负面 风险 中性 无关（千分之一）；由 python -m benchmarks.opinion_signs --write 写成\n"


def lines(model: Letters) -> str:
    return HEAD + "".join(f"{name}\t" + "\t".join(str(round(w * SCALE)) for w in row) + "\n" for name, row in model.rows())


def _apart(items: Sequence[dict], rows: Sequence[Seen], vocabulary: Vocabulary) -> None:
    sets = list(dict.fromkeys(i["set"] for i in items))
    all_items: list[dict] = []
    all_judged: list[Judgement] = []
    for part in (sets[at::PARTS] for at in range(min(PARTS, len(sets)))):
        judge = Judge(vocabulary, letters=fit([r for r, i in zip(rows, items) if i["set"] not in part]))
        for group in part:
            kept = [i for i in items if i["set"] == group]
            judged = [judge.judge(i["title"], i["text"])[0] for i in kept]
            print(f"{group:10} {len(kept):4}  {_figures(kept, judged)}", flush=True)
            all_items += kept
            all_judged += judged
    print(f"{'each apart':10} {len(all_items):4}  {_figures(all_items, all_judged)}")


def told(items: Sequence[dict], judge: Judge) -> str:
    return _figures(items, [judge.judge(i["title"], i["text"])[0] for i in items])


def _figures(items: Sequence[dict], judged: Sequence[Judgement]) -> str:
    figures = scores(items, judged)
    return "，".join(f"{name} {figures[name]:.3f}" for name in ("n_f1", "trap_alarms", "target_right", "r_f1", "r_not_n", "accuracy"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--items", type=Path, nargs="*", default=OWN)
    asked = parser.parse_args()
    items = [item for path in asked.items for item in read_items(path)] + press()
    vocabulary = load_vocabulary(WORDS)
    words_only = Judge(vocabulary, letters=Letters({}))
    rows = [seen(words_only, i) for i in items]
    if not asked.quick:
        _apart(items, rows, vocabulary)
        print(f"{'words only':10} {len(items):4}  {told(items, words_only)}")
    if asked.write:
        model = fit(rows)
        WEIGHTS.write_text(lines(model), encoding="utf-8")
        print(f"{len(list(model.rows()))} features written to {WEIGHTS.name}")


if __name__ == "__main__":
    main()
