"""How long a change of words takes to rehearse on 10,000 clippings of 90 days: a rare word, a usual one, one in every text, a rule with a pattern.

    python -m benchmarks.rehearsal [--items FILE.jsonl] [--count 10000] [--postgresql]

`--items`: lines with `title` and `text`; else the labelled items of the tests.  Texts of about 1,000 characters are put together
from their sentences.  The labelled items are denser than any archive: nearly every sentence accuses somebody; ordinary news takes half.
Filling takes some 20 s, the rehearsals a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from analysis.mentions import Names
from app.clock import SystemClock
from app.words import WordsDesk
from config.cases import append_cases
from config.load import load_bureau
from model.article import Article
from model.clipping import Record
from model.lesson import Lesson
from model.opinion import Judgement, Label
from model.rehearsal import Rehearsal, WordChange
from pipelines.store import open_store
from servers import postgres

HOME = Path(__file__).resolve().parent.parent
CHANGES = (
    ("rare word put in", WordChange("T04.strong", ("甩脸子",))),
    ("usual word put in", WordChange("T04.weak", ("患者",))),
    ("word of nearly every text", WordChange("T04.weak", ("医院",))),
    ("shipped word taken out", WordChange("T02.strong", (), ("误诊",))),
    ("rule with a pattern", WordChange(rule={"name": "停诊", "when": "停诊 关门 !检修 /患者.{0,10}(投诉|不满)/ #医患纠纷"})),
)


def records(items: Path, count: int, names: Names, units: list[str]) -> list[Record]:
    read = [json.loads(line) for line in items.read_text(encoding="utf-8").splitlines() if line.strip()]
    dice, now, made = random.Random(7), datetime.now(UTC), []
    for n in range(count):
        parts = [one["text"] for one in dice.sample(read, min(len(read), 12))]
        text = f"{dice.choice(units)}：" + "\n".join(part[:260] for part in parts)
        title, url = dice.choice(read)["title"], f"http://b.example/{n}.html"
        at = now - timedelta(seconds=dice.randint(0, 89 * 86_400))
        made.append(Record(n, "o1", "报", "municipal", Article(url, url, title, text[:1000], at, "minute"), tuple(names.find(title, text[:1000])),
                           (Judgement("", Label.POSITIVE, .2),), True, str(n), None))
    return made


def told(name: str, made: Rehearsal, spent: float) -> None:
    print(f"{name:28} {made.seconds:7.2f} s ({spent:.1f} s of processor)   read {made.read:,}, judged anew {made.judged:,}, left {made.left:,}, newly {len(made.newly):,}, "
          f"no longer {len(made.no_longer):,}, cases {len(made.lessons)} of {made.cases}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=Path, default=HOME / "tests" / "corpus" / "opinion.jsonl")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "bureau"
        shutil.copytree(HOME / "config" / "sample" / "bureau", folder)
        (folder / "var").mkdir()
        url = str(folder / "var" / "b.db")
        if asked.postgresql:
            url = stack.enter_context(postgres.running()).fresh()
        bureau, store = load_bureau(folder), open_store(url)
        stack.callback(store.close)
        begun = time.perf_counter()
        made = records(asked.items, asked.count, Names(bureau.units, bureau.vocabulary.place_traps), [u.name for u in bureau.units])
        for at in range(0, len(made), 500):
            with store.write() as w:
                for one in made[at:at + 500]:
                    w.save_article(one, datetime.now(UTC))
        print(f"{asked.count:,} clippings of about {sum(len(r.article.text) for r in made) // len(made):,} characters kept in {time.perf_counter() - begun:.0f} s")
        append_cases(folder, [Lesson(str(n), r.article.title, r.article.text, "P", "N", "误报") for n, r in enumerate(made[:300])])
        desk = WordsDesk(folder, store, lambda: bureau, SystemClock())
        for name, change, whole in (*((name, change, True) for name, change in CHANGES), ("… as the page shows it first", CHANGES[2][1], False)):
            before = sum(os.times()[:4])
            tried = desk.rehearse(change, "benchmark", whole)
            assert tried.rehearsal is not None, tried.problems
            told(name, tried.rehearsal, sum(os.times()[:4]) - before)


if __name__ == "__main__":
    main()
