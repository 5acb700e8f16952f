"""How well reposts are known: a labelled set of pairs, and whole streams of articles fed in time order for a person to read."""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from analysis.events import EventIndex, b_cubed
from analysis.fingerprints import signature
from analysis.reposts import Text, judge
from app.story_memory import StoryMemory
from model.article import Article
from model.clipping import Clipping, Record
from model.story import Relation, Verdict
from pipelines.reposts import Stories

_ZONE = timezone(timedelta(hours=8))
RELATIONS = ("repost", "partial_reuse", "same_event", "same_template", "boilerplate_only", "different")


def printed_time(value: str) -> datetime | None:
    """A printed time of the sets (day, minute or second) as an aware one; None where there is none."""
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return datetime.strptime(value.strip(), form).replace(tzinfo=_ZONE)
        except ValueError:
            continue
    return None


def read_lines(path: Path) -> Iterator[dict]:
    """The objects of a .jsonl or .jsonl.gz file."""
    with (gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")) as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def as_text(item: Mapping[str, str]) -> Text:
    return Text(item.get("title") or "", item.get("text") or "", printed_time(item.get("time") or ""))


def in_set_words(verdict: Verdict) -> str:
    """The relation as the sets name it: an excerpt (less than about half shared) is partial reuse there."""
    return "partial_reuse" if verdict.relation is Relation.EXCERPT else verdict.relation.value


def scores(rows: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Precision, recall and F1 of repost against all else over (labelled, said)."""
    rows = list(rows)
    both = sum(x == y == "repost" for x, y in rows)
    said, labelled = sum(y == "repost" for _, y in rows), sum(x == "repost" for x, _ in rows)
    precision, recall = both / said if said else 0.0, both / labelled if labelled else 0.0
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall) if both else 0.0}


def run(pairs: Path, raw: Path | None = None) -> dict:
    """Judge every pair; print the confusion table and F1; with `raw` write what was said, one JSON line a pair."""
    items = list(read_lines(pairs))
    judge(Text("", "预热"), Text("", "词典"))      # the dictionary is loaded once, not for the first pair
    started = time.perf_counter()
    verdicts = [judge(as_text(i["a"]), as_text(i["b"])) for i in items]
    took = time.perf_counter() - started
    said = [in_set_words(v) for v in verdicts]
    if raw is not None:
        with open(raw, "w", encoding="utf-8") as out:
            for item, verdict, relation in zip(items, verdicts, said):
                line = {"id": item["id"], "relation": relation, "score": round(verdict.score, 4), "reason": verdict.reason}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
    sure = [(i["relation"], s) for i, s in zip(items, said) if not i.get("ambiguous")]
    table = Counter(sure)
    result = {**scores(sure), "pairs": len(items), "ms_per_pair": 1000 * took / max(1, len(items)),
              "ambiguous": dict(Counter(f"{i['relation']}→{s}" for i, s in zip(items, said) if i.get("ambiguous")))}
    reuse = [(x, y) for x, y in sure if x in ("repost", "partial_reuse")]
    result["partial_from_repost"] = sum((x == "repost") == (y == "repost") for x, y in reuse) / max(1, len(reuse))
    partial = [y for x, y in reuse if x == "partial_reuse"]
    result["partial_not_repost"] = sum(y != "repost" for y in partial) / max(1, len(partial))
    result["false_merges"] = {r: table[r, "repost"] for r in RELATIONS if r != "repost"}
    result["agree"] = sum(n for (x, y), n in table.items() if x == y) / max(1, len(sure))
    print(f"{'标注＼判断':<18}" + "".join(f"{r:>18}" for r in RELATIONS))
    for row in RELATIONS:
        if any(table[row, column] for column in RELATIONS):
            print(f"{row:<22}" + "".join(f"{table[row, column] or '·':>18}" for column in RELATIONS))
    print(f"转载：准确率 {result['precision']:.3f}  召回率 {result['recall']:.3f}  F1 {result['f1']:.3f}；六类一致率 {result['agree']:.3f}")
    print(f"部分引用与转载分开 {result['partial_from_repost']:.3f}；误判为转载 {result['false_merges']}；存疑对（另计）{result['ambiguous']}")
    print(f"{len(items)} 对，每对 {result['ms_per_pair']:.2f} 毫秒")
    return result


def feed(articles: Iterable[Mapping[str, str]]) -> tuple[StoryMemory, list[tuple[float, int, int]]]:
    """Put articles into stories in time order as the work process does; (the stories, every merge as (belief, child, parent)).

    Articles without a printed time come last, in the order of the file; ids are the places in time order, from 1.
    """
    memory, stories = StoryMemory(), Stories({})
    late = datetime.max.replace(tzinfo=timezone.utc)
    for article_id, item in enumerate(sorted(articles, key=lambda i: printed_time(i.get("time") or "") or late), 1):
        when, outlet = printed_time(item.get("time") or ""), item.get("source") or ""
        precision = "minute" if ":" in (item.get("time") or "") else "day"
        article = Article(str(article_id), str(article_id), item["title"], item["text"], when, precision, outlet)
        held = signature(item["title"], item["text"], article_id=article_id)
        seen = when or late
        memory.keep(Clipping(article_id, article, outlet, outlet, "unknown", seen, article_id, True), held)
        stories.place(memory, article_id, Record(article_id, outlet, outlet, "unknown", article, (), (), True, "", held), seen)
    merges = [(edge.score, edge.child, edge.parent) for story in memory.stories for edge in memory.edges(story) if edge.parent is not None]
    return memory, sorted(merges)


def events_of(articles: Sequence[Mapping[str, str]]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of the happenings found online, against the `event` of each article."""
    index, late = EventIndex(), datetime.max.replace(tzinfo=timezone.utc)
    said = {}
    for place, item in sorted(enumerate(articles), key=lambda i: printed_time(i[1].get("time") or "") or late):
        said[place] = index.add(item["title"], item["text"], (), printed_time(item.get("time") or "")).event_id
    return b_cubed(said, {place: item["event"] for place, item in enumerate(articles)})


def groups(events: Path, bulletins: Path, shown: int = 30) -> dict:
    """Feed both streams in time order; print the groups, their sizes and the least certain merges for a person to read."""
    result = {}
    for name, path in (("press-events", events), ("bulletins", bulletins)):
        items = list(read_lines(path))
        started = time.perf_counter()
        memory, merges = feed(items)
        took = time.perf_counter() - started
        sizes = Counter(len(memory.members(s)) for s in memory.stories)
        result[name] = {"articles": len(items), "stories": len(memory.stories), "sizes": dict(sorted(sizes.items())),
                        "per_second": len(items) / took}
        print(f"== {name}：{len(items)} 篇，{len(memory.stories)} 组，每秒 {len(items) / took:.0f} 篇；各组篇数×组数 "
              + " ".join(f"{size}×{count}" for size, count in sorted(sizes.items())))
        for story in sorted((s for s in memory.stories if len(memory.members(s)) > 1), key=lambda s: (-len(memory.members(s)), s)):
            print(f"-- {len(memory.members(story))} 篇：{memory.stories[story].title}")
            for copy in memory.copies(story):
                print(f"     {_when(copy.published)} {copy.title[:60]}")
        print(f"== 最不确定的 {min(shown, len(merges))} 次合并")
        for belief, child, parent in merges[:shown]:
            one, two = memory.held[child].article, memory.held[parent].article
            print(f"   {belief:.2f} {_when(one.published)}《{one.title[:40]}》← {_when(two.published)}《{two.title[:40]}》\n        "
                  + memory.stories[memory.home[child]].edges[child].reason)
        if all("event" in item for item in items):
            result[name]["b_cubed"] = precision, recall, f1 = events_of(items)
            print(f"== 事件 B³：准确率 {precision:.3f}  召回率 {recall:.3f}  F1 {f1:.3f}")
    return result


def _when(moment: datetime | None) -> str:
    return f"{moment.astimezone(_ZONE):%Y-%m-%d %H:%M}" if moment else "时间不明"
