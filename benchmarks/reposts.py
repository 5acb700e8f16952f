"""Knowing reposts, against what others use: quality on labelled pairs and articles a second over a stream, in one run.

    python -m benchmarks.reposts [--pairs PATH.jsonl] [--articles PATH.jsonl.gz]

Each rival's threshold is the best one for the pairs, chosen after looking; Jianbao's are the shipped ones.
`datasketch` is no part of the product; without it that line is left out, and it is said how to get it:

    .venv/bin/pip install --target /tmp/datasketch datasketch && PYTHONPATH=/tmp/datasketch .venv/bin/python -m benchmarks.reposts

A minute.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from simhash import Simhash, SimhashIndex

from analysis.cleaning import clean
from analysis.fingerprints import simhash_of
from analysis.reposts import judge
from analysis.words import cut
from app.eval_reposts import as_text, feed, in_set_words, read_lines, scores

SHARED = Path(__file__).resolve().parents[2] / "shared/corpus"


def words(text: str) -> list[str]:
    return [w for w in cut(text) if re.match(r"\w", w)]


def shingles(text: str, width: int = 5) -> set[str]:
    bare = re.sub(r"\W", "", text)
    return {bare[i:i + width] for i in range(max(1, len(bare) - width + 1))}


def by_words_simhash(a: str, b: str) -> float:
    return 1 - Simhash(words(a)).distance(Simhash(words(b))) / 64


def by_gram_simhash(a: str, b: str) -> float:
    return 1 - (simhash_of(clean(a).text) ^ simhash_of(clean(b).text)).bit_count() / 64


def by_containment(a: str, b: str) -> float:
    one, two = shingles(a), shingles(b)
    return len(one & two) / max(1, min(len(one), len(two)))


def minhash() -> Callable[[str], object] | None:
    try:
        from datasketch import MinHash
    except ImportError:
        return None

    def made(text: str) -> object:
        signature = MinHash(num_perm=128)
        signature.update_batch([s.encode() for s in shingles(text)])
        return signature

    return made


def best(likeness: Sequence[float], labels: Sequence[str]) -> dict[str, float]:
    """The scores at the threshold with the best F1."""
    options = []
    for bound in sorted(set(likeness)):
        said = ["repost" if x >= bound else "other" for x in likeness]
        options.append({**scores(zip(labels, said)), "bound": bound})
    return max(options, key=lambda o: o["f1"])


def quality(pairs: Sequence[dict]) -> None:
    sure = [p for p in pairs if not p.get("ambiguous")]
    labels = [p["relation"] for p in sure]
    rivals: dict[str, Callable[[str, str], float]] = {
        "simhash over words": by_words_simhash, "simhash over 3-grams, cleaned": by_gram_simhash, "shingle containment": by_containment}
    made = minhash()
    if made:
        rivals["datasketch MinHash"] = lambda a, b: made(a).jaccard(made(b))
    else:
        print("datasketch is not installed, so MinHash and MinHashLSH are not compared; how to get it: the top of this file")
    for name, like in rivals.items():
        got = best([like(p["a"]["text"], p["b"]["text"]) for p in sure], labels)
        print(f"{name:<32} F1 {got['f1']:.3f}  precision {got['precision']:.3f}  recall {got['recall']:.3f}"
              f"  (best bound {got['bound']:.2f})")
    said = [in_set_words(judge(as_text(p["a"]), as_text(p["b"]))) for p in sure]
    got = scores(zip(labels, said))
    print(f"{'Jianbao':<32} F1 {got['f1']:.3f}  precision {got['precision']:.3f}  recall {got['recall']:.3f}")


def speed(articles: Sequence[dict]) -> None:
    def rate(name: str, work: Callable[[], object]) -> None:
        started = time.process_time()              # of the process, so that a busy machine does not change it
        told = work()
        print(f"{name:<44} {len(articles) / (time.process_time() - started):>7.0f} articles a second  {told}")

    def words_index() -> str:
        index, found = SimhashIndex([], k=3), 0
        for n, article in enumerate(articles):
            fingerprint = Simhash(words(article["text"]))
            found += bool(index.get_near_dups(fingerprint))
            index.add(str(n), fingerprint)
        return f"{found} with a near one within 3"

    def lsh() -> str:
        from datasketch import MinHashLSH

        made, index, found = minhash(), MinHashLSH(threshold=0.5, num_perm=128), 0
        for n, article in enumerate(articles):
            signature = made(article["text"])
            found += bool(index.query(signature))
            index.insert(n, signature)
        return f"{found} with a near one"

    def ours() -> str:
        memory, merges = feed(articles)
        return f"{len(merges)} joined to {len(memory.stories)} stories, each with its reason"

    rate("SimhashIndex over words, candidates only", words_index)
    if minhash():
        rate("datasketch MinHashLSH, candidates only", lsh)
    rate("Jianbao: candidates, judged, placed", ours)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=Path, default=SHARED / "reposts.jsonl")
    options.add_argument("--articles", type=Path, default=SHARED / "press-events.jsonl.gz")
    given = options.parse_args()
    quality(list(read_lines(given.pairs)))
    speed(list(read_lines(given.articles)))


if __name__ == "__main__":
    main()
