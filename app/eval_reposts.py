"""How well reposts are known: a labelled set of pairs, and whole streams of articles fed in time order for a person to read."""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

from analysis.reposts import Text, judge
from model.story import Relation, Verdict

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
    result["partial_not_repost"] = sum(y != "repost" for x, y in reuse if x == "partial_reuse") / max(1, sum(x == "partial_reuse" for x, _ in reuse))
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
