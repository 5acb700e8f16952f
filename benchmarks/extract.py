"""How long reading a page takes, beside trafilatura, on saved pages: `python benchmarks/extract.py FILE.warc.gz… [--rounds N]`.

Every contender gets the same decoded text (ours decodes for itself, from bytes).  The best of the
rounds counts, page by page, because other work on the machine only ever makes a page slower.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import trafilatura  # noqa: E402

from model.errors import Decision  # noqa: E402
from pipelines.archive_pages import iterate  # noqa: E402
from pipelines.decode import decode  # noqa: E402
from pipelines.extract import body, read  # noqa: E402
from pipelines.extract.document import Document  # noqa: E402


def _ours(page) -> None:
    read(page)


def _body_only(page) -> None:
    body.find(Document(decode(page.body, page.headers).text))


def _default(page) -> None:
    trafilatura.bare_extraction(decode(page.body, page.headers).text, with_metadata=True)


def _fast(page) -> None:
    trafilatura.extract(decode(page.body, page.headers).text, fast=True)


CONTENDERS: tuple[tuple[str, Callable], ...] = (
    ("jianbao, every field", _ours),
    ("jianbao, body alone", _body_only),
    ("trafilatura, default with metadata", _default),
    ("trafilatura, fast, text alone", _fast),
)


def measure(work: Callable, saved: list, rounds: int) -> list[float]:
    """Milliseconds by page: the best of `rounds`."""
    out = []
    for page in saved:
        best = float("inf")
        for _ in range(rounds):
            started = time.perf_counter()
            try:
                work(page)
            except Decision:
                pass
            best = min(best, time.perf_counter() - started)
        out.append(1000 * best)
    return out


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("warc", nargs="+", type=Path)
    asked.add_argument("--rounds", type=int, default=3)
    told = asked.parse_args()
    saved = list(iterate(told.warc))
    print(f"{len(saved)} pages, {sum(len(p.body) for p in saved) / 1e6:.1f} MB, best of {told.rounds}")
    base = None
    for name, work in CONTENDERS:
        times = measure(work, saved, told.rounds)
        mean = statistics.fmean(times)
        base = base or mean
        print(f"{name:38} mean {mean:7.1f} ms   median {statistics.median(times):7.1f}   worst {max(times):7.1f}   × {mean / base:.1f}")


if __name__ == "__main__":
    main()
