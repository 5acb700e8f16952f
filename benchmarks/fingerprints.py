"""A million fingerprints: look-up at radius 13, memory, adding as it grows, loading after a restart, exactness.

    python -m benchmarks.fingerprints [--articles PATH.jsonl.gz] [--count 1000000]

The fingerprints are made from real texts by edits: sentences dropped, swapped and taken from other articles.  Half a minute.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from analysis.cleaning import clean
from analysis.columns import CHUNK
from analysis.fingerprints import FingerprintIndex, signature, simhash_of
from app.eval_reposts import read_lines

KEYS = 6                 # keys an article has: 6.2 on average in the press of the corpus
SENTENCES = re.compile(r"[^。！？\n]+[。！？\n]*")


def variants(texts: list[str], count: int, rng: random.Random) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(fingerprints, keys, their rows) of `count` articles.

    A few thousand are really edited and fingerprinted; the rest take such a fingerprint and flip bits as edits do (0 to 30 of 64).
    """
    bodies = [SENTENCES.findall(t) for t in texts if len(t) > 200]
    real = []
    for _ in range(4000):
        body = rng.choice(bodies)[:]
        for _ in range(rng.randint(0, 6)):
            body.insert(rng.randrange(len(body) + 1), rng.choice(rng.choice(bodies)))
            body.pop(rng.randrange(len(body)))
        real.append(simhash_of(clean("".join(body)).text))
    noise = np.random.default_rng(rng.randint(0, 2**32))
    prints = np.array(real, dtype=np.uint64)[noise.integers(0, len(real), count)]
    for _ in range(30):
        flips = np.uint64(1) << noise.integers(0, 64, count).astype(np.uint64)
        prints ^= np.where(noise.random(count) < 0.5, flips, np.uint64(0))
    keys = noise.integers(0, 2**63, count * KEYS, dtype=np.uint64)
    return prints, keys, np.repeat(np.arange(count, dtype=np.uint64), KEYS)


def timed(work, times: int) -> list[float]:
    """Milliseconds of each call."""
    found = []
    for k in range(times):
        started = time.perf_counter()
        work(k)
        found.append(1000 * (time.perf_counter() - started))
    return found


def scan(prints: np.ndarray, wanted: int, radius: int) -> np.ndarray:
    """Comparing all, a cacheful at a time."""
    lots = (prints[start:start + CHUNK] for start in range(0, len(prints), CHUNK))
    return np.concatenate([np.flatnonzero(np.bitwise_count(lot ^ np.uint64(wanted)) <= radius) + CHUNK * n for n, lot in enumerate(lots)])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=Path, default=Path(__file__).resolve().parents[2] / "shared/corpus/press-events.jsonl.gz")
    options.add_argument("--count", type=int, default=1_000_000)
    given = options.parse_args()
    rng = random.Random(20261121)
    articles = list(read_lines(given.articles))
    prints, keys, rows = variants([a["text"] for a in articles], given.count, rng)
    made = FingerprintIndex()
    made.load(np.arange(1, given.count + 1), prints, keys, rows)
    with tempfile.TemporaryDirectory() as folder:
        made.save(Path(folder) / "held.npz")
        del made
        started = time.perf_counter()
        index = FingerprintIndex.read(Path(folder) / "held.npz")
        loaded = time.perf_counter() - started
    print(f"{given.count} fingerprints with {KEYS} keys each: loaded in {loaded:.2f} s, "
          f"{index.nbytes / 1e6:.1f} MB ({index.nbytes / 2**20:.1f} MiB) in all")
    wanted = [int(prints[rng.randrange(given.count)]) ^ (1 << rng.randrange(64)) for _ in range(300)]
    compared = statistics.median(timed(lambda k: scan(prints, wanted[k], 13), len(wanted)))
    for radius in (3, 8, 13):
        took = timed(lambda k: index.near(wanted[k], radius), len(wanted))
        print(f"look-up at radius {radius:>2}: median {statistics.median(took):.3f} ms, worst of {len(took)} {max(took):.2f} ms; "
              f"{compared / statistics.median(took):.1f} × as fast as comparing all ({compared:.3f} ms)")
    sample = wanted[:20]
    exact = all({i for i, _ in index.near(w, 13)} == set((scan(prints, w, 13) + 1).tolist())
                for w in sample)
    print(f"exact against comparing all: {exact}")
    signatures = [signature(a["title"], a["text"], article_id=given.count + n) for n, a in enumerate(articles, 1)]
    took = timed(lambda k: index.sharing(signatures[k].keys), 300)
    print(f"look-up of {KEYS} keys: median {statistics.median(took):.3f} ms")
    grown, lists, quarter = FingerprintIndex(), keys.reshape(-1, KEYS).tolist(), max(1, given.count // 4)
    numbers = prints.tolist()
    for lap in range(6):                           # to one and a half times as many
        started = time.perf_counter()
        for n in range(quarter):
            at = (lap * quarter + n) % given.count
            grown.add(lap * quarter + n, numbers[at], lists[at])
        took = time.perf_counter() - started
        near = statistics.median(timed(lambda k: grown.near(wanted[k], 13), 100))
        print(f"adding one by one from {lap * quarter:>9,}: {quarter / took:>9,.0f} a second, setting in order included; "
              f"then a look-up at radius 13 takes {near:.3f} ms, {grown.nbytes / 1e6:.1f} MB in all")


if __name__ == "__main__":
    main()
