"""Judging speed: articles of 1,000 characters, 50 units, the whole vocabulary, one core.

    python -m benchmarks.opinion [--items FILE.jsonl]

`--items`: lines with `title` and `text`; else the labelled items of the tests in the plain style of news sites, all of them about health.  CPU seconds are counted, so that other
work on the machine does not.  snownlp and cnsenti are measured on the same texts where they can be imported: put them into a
folder of their own (`pip install --target DIR snownlp cnsenti`) and name it in PYTHONPATH.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

from analysis.mentions import Names
from analysis.opinion import Judge
from config.load import load_vocabulary
from model.region import Region
from model.unit import Unit

HOME = Path(__file__).resolve().parent.parent
LENGTH, ARTICLES, ROUNDS = 1000, 400, 3
CITY = Region("临江省", "云川市")


def units() -> list[Unit]:
    """Fifty units: a commission, hospitals, centres, and those of eleven counties."""
    held = [Unit("wjw", "云川市卫生健康委员会", "市卫健委", (), CITY, "commission")]
    held += [Unit(f"h{n}", f"云川市第{n}人民医院", "", (), CITY) for n in "一二三四五六七八九十"]
    for n, stem in enumerate("石泉 白沙 青禾 东岭 南屏 北桥 长滩 新岗 清浦 云台 平坝 大泽 永源".split()):
        county = Region("临江省", "云川市", stem + "县")
        held += [Unit(f"c{n}{kind}", stem + "县" + name, "", (), county) for kind, name in enumerate(("卫生健康局", "人民医院", "疾病预防控制中心"))]
    return held


def texts(items: Path) -> list[tuple[str, str]]:
    """Articles of LENGTH characters: short ones are lengthened with the next ones of the file."""
    read = [json.loads(line) for line in items.read_text(encoding="utf-8").splitlines() if line.strip()]
    joined = "\n".join(item["text"] for item in read)
    joined *= 1 + ARTICLES * LENGTH // max(1, len(joined))
    return [(read[n % len(read)]["title"], joined[n * LENGTH:(n + 1) * LENGTH]) for n in range(ARTICLES)]


def measure(name: str, judge: Callable[[str, str], object], articles: list[tuple[str, str]]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for title, text in articles:
            judge(title, text)
        best = min(best, time.process_time() - start)
    rate = len(articles) / best
    print(f"{name:34} {rate:10,.0f} articles/s")
    return rate


def others() -> dict[str, Callable[[str, str], object]]:
    found: dict[str, Callable[[str, str], object]] = {}
    try:
        from snownlp import SnowNLP
        found["snownlp"] = lambda title, text: SnowNLP(title + text).sentiments
    except ImportError:
        print("snownlp is not here: pip install --target DIR snownlp, then PYTHONPATH=DIR python -m benchmarks.opinion")
    try:
        from cnsenti import Sentiment
        held = Sentiment()
        found["cnsenti"] = lambda title, text: held.sentiment_count(title + text)
    except ImportError:
        print("cnsenti is not here: pip install --target DIR cnsenti, then PYTHONPATH=DIR python -m benchmarks.opinion")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=Path, default=HOME / "tests" / "corpus" / "opinion_plain.jsonl")
    articles = texts(parser.parse_args().items)
    names = Names(units())
    judge = Judge(load_vocabulary(HOME / "config" / "default" / "words.yaml"))
    gc.freeze()           # as a work process does
    print(f"{len(articles)} articles of {LENGTH} characters, {len(units())} units, {len(judge.vocabulary.topics)} topics")
    measure("mentions", lambda title, text: names.find(title, text, outlet_region=CITY), articles)
    measure("judgement", lambda title, text: judge.judge(title, text), articles)
    measure("mentions and judgement", lambda title, text: judge.judge(title, text, names.find(title, text, outlet_region=CITY)), articles)
    few = articles[:20]
    for name, other in others().items():
        measure(name, other, few)


if __name__ == "__main__":
    main()
