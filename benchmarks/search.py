"""The same clippings searched by the record's own index and by Elasticsearch: rates, bytes, p50/p95, the same hits.

    python -m benchmarks.search --articles PATH.jsonl.gz [--count 1000000] [--heap MB] [--postgresql]

The clippings are put together from the sentences of real texts.  The servers are those of the tests, started here.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from analysis.words import cut_for_index, cut_for_query
from app.eval_reposts import read_lines
from model.article import Article
from model.clipping import Record
from model.mention import Mention
from model.opinion import Judgement, Label
from model.search import Query, SearchServer
from pipelines.store import open_store
from pipelines.store.store import SqlStore
from servers import elasticsearch, postgres

LOT = 500
SENTENCES = re.compile(r"[^。！？\n]+[。！？\n]*")
NOW = datetime(2026, 11, 20, tzinfo=UTC)
TIERS, UNITS, OUTLETS = ("central", "province", "municipal", "county"), [f"u{n}" for n in range(12)], [f"o{n}" for n in range(60)]


def clippings(texts: list[str], count: int, dice: random.Random) -> Iterator[Record]:
    """Each of 8 to 30 sentences of three texts, over four years; its words are put together from those of the sentences."""
    cut = [[(s, cut_for_index(s)) for s in SENTENCES.findall(t)[:60]] for t in dice.sample(texts, min(len(texts), 3000)) if len(t) > 200]
    for n in range(count):
        own = [s for body in dice.sample(cut, 3) for s in dice.sample(body, min(len(body), dice.randint(3, 10)))]
        title = own[0]
        at = NOW - timedelta(seconds=dice.randint(0, 4 * 365 * 86_400))
        url = f"http://b.example/{n}.html"
        units = dice.sample(UNITS, dice.randint(1, 2))
        label = dice.choice((Label.NEGATIVE, Label.POSITIVE, Label.POSITIVE))
        yield Record(n, dice.choice(OUTLETS), "报", dice.choice(TIERS), Article(url, url, title[0][:60], "".join(s for s, _ in own), at, "minute"),
                     tuple(Mention(u, "单位", 0, 2, "全称") for u in units), (Judgement("", label, .9), *(Judgement(u, label, .9) for u in units)), True,
                     str(n), None, title[1], " ".join(t for _, t in own))


def questions(texts: list[str], dice: random.Random) -> dict[str, list[Query]]:
    """Kind → 20 queries, of words as they stand in the texts."""
    def word() -> str:
        while True:
            found = [w for w in cut_for_query(dice.choice(texts)[:2000]).split() if 2 <= len(w) <= 4]
            if found:
                return dice.choice(found)

    def phrase() -> str:
        text = next(t for t in iter(lambda: re.sub(r"[^\u4e00-\u9fff]", " ", dice.choice(texts)), None) if re.search(r"[\u4e00-\u9fff]{6}", t))
        return '"' + re.search(r"[\u4e00-\u9fff]{6}", text)[0] + '"'

    def since() -> datetime:
        return NOW - timedelta(days=dice.randint(10, 900))

    return {
        "newest": [Query(per_page=20, page=n + 1) for n in range(20)],
        "word": [Query(word()) for _ in range(20)],
        "two words": [Query(f"{word()} {word()}") for _ in range(20)],
        "phrase": [Query(phrase()) for _ in range(20)],
        "filtered": [Query(word(), units=(dice.choice(UNITS),), since=since(), tiers=(dice.choice(TIERS),)) for _ in range(20)],
        "ranked": [Query(word(), ranked=True) for _ in range(20)],
    }


def timed(answer: Callable[[Query], object], asked: list[Query]) -> str:
    spans = []
    for query in asked:
        begun = time.perf_counter()
        answer(query)
        spans.append((time.perf_counter() - begun) * 1000)
    return f"p50 {statistics.median(spans):8.1f} ms   p95 {sorted(spans)[int(.95 * len(spans)) - 1]:8.1f} ms"


def fill(store: SqlStore, records: Iterator[Record], count: int) -> float:
    begun, lot = time.perf_counter(), []
    for n, made in enumerate(records, 1):
        lot.append(made)
        if len(lot) == LOT or n == count:
            with store.write() as w:
                for one in lot:
                    w.save_article(one, NOW)
            lot.clear()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--heap", type=int, default=2048, help="MB of the Elasticsearch node")
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    texts = [line["text"] for line in read_lines(asked.articles) if line.get("text")]
    asked_of = questions(texts, random.Random(7))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        node = stack.enter_context(elasticsearch.running(asked.heap))
        server = SearchServer((node.address,), "bench", timeout_s=60)
        store = open_store(folder / "a.db", search=server)
        store.index.prepare(1)
        plain = open_store(folder / "a.db")
        span = fill(plain, clippings(texts, asked.count, random.Random(1)), asked.count)
        size = (folder / "a.db").stat().st_size
        print(f"SQLite with FTS5: {asked.count / span:,.0f} clippings/s made and saved, {size / asked.count:,.0f} bytes each (text, record, index)")
        begun = time.perf_counter()
        told = store.rebuild_search()
        span = time.perf_counter() - begun
        store.index.patient.indices.forcemerge(index="bench", max_num_segments=1)
        bytes_ = store.index.patient.indices.stats(index="bench", metric="store").body["_all"]["primaries"]["store"]["size_in_bytes"]
        print(f"Elasticsearch: {told / span:,.0f} documents/s, {bytes_ / told:,.0f} bytes each")
        engines = {"FTS5": plain.search, "Elasticsearch": store._ask}
        if asked.postgresql:
            other = open_store(stack.enter_context(postgres.running()).fresh())
            span = fill(other, clippings(texts, asked.count, random.Random(1)), asked.count)
            with other.db.read() as conn:
                size = conn.exec_driver_sql("SELECT pg_database_size(current_database())").scalar()
            print(f"PostgreSQL: {asked.count / span:,.0f} clippings/s made and saved, {size / asked.count:,.0f} bytes each (text, record, index)")
            engines["PostgreSQL"] = other.search
        for kind, queries in asked_of.items():
            for name, answer in engines.items():
                print(f"  {kind:10} {name:14} {timed(answer, queries)}")
        for name, answer in {"FTS5": plain.counts, "Elasticsearch": store._count, **({"PostgreSQL": other.counts} if asked.postgresql else {})}.items():
            print(f"  {'dashboard':10} {name:14} {timed(answer, asked_of['filtered'] + asked_of['word'] + asked_of['newest'][:1] * 5)}")
        compared = [q for kind, queries in asked_of.items() if kind != "ranked" for q in queries]
        for name, answer in engines.items():
            same = sum(answer(q) == plain.search(q) for q in (replace(q, per_page=500) for q in compared))
            print(f"the same hits, by id, as FTS5: {name} {same} of {len(compared)}")
        store.close()
        plain.close()


if __name__ == "__main__":
    main()
