"""A storm: pages a second as one story grows to 10, 100, 300 and 1000 copies, through the whole flow into the embedded store.

    python -m benchmarks.storm [--copies 1000]

Times are the process's own (CPU), so that a busy machine does not change them.  Half a minute.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from app.clock import SystemClock
from config.init import make
from config.load import load_bureau
from model.page import Page, PageStatus
from pipelines.archive import WarcArchive
from pipelines.flow import Flow
from pipelines.store import open_store

STEPS = (10, 100, 300, 1000)
LOT = 10                 # pages a transaction
TITLES = ("市民反映云川市妇幼保健院停车难", "去趟妇幼停车一小时？院方回应", "云川市妇幼保健院：新增车位一百二十个", "停车难，难在哪里")
PARAGRAPHS = (
    "连日来，有市民反映到云川市妇幼保健院就诊停车难，高峰时段要排队四十分钟以上，有孕妇下车步行了一公里才走到门诊楼。",
    "云川市妇幼保健院后勤科负责人介绍，院区原有车位二百一十个，日均来车一千三百辆次，周边道路又有两处正在施工。",
    "医院已与相邻的体育馆商定，工作日开放一百二十个车位供就诊者使用，凭挂号单免费停三小时，中间有摆渡车往返。",
    "云川市卫生健康委员会表示，将把停车列入今年改善就医感受的清单，逐院公布车位和高峰时段，年底前请第三方评估。")


def page(rng: random.Random, number: int, host: str, at: datetime) -> Page:
    """A copy as papers make them: retitled, now and then cut short."""
    shown = PARAGRAPHS if rng.random() < 0.7 else PARAGRAPHS[:3]
    title, when = TITLES[number % len(TITLES)], (at + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M")
    html = (f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1><div class=info>{when} 来源：临江都市报</div>"
            f"<div class=article>{''.join(f'<p>{p}</p>' for p in shown)}</div></body></html>")
    return Page(f"http://{host}/a/{number}.html", at, html.encode())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=STEPS[-1])
    given = options.parse_args()
    rng = random.Random(20261121)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder / "bureau", sample=True)
        bureau, clock = load_bureau(folder / "bureau"), SystemClock()
        store, archive = open_store(folder / "storm.db", clock=clock), WarcArchive(folder / "archive", "bench")
        flow, start = Flow(bureau, store, archive, clock), datetime.now(timezone.utc) - timedelta(hours=1)
        hosts = [o.domains[0] for o in bureau.outlets if o.domains and not o.own_unit] + [f"zimeiti{n}.example" for n in range(120)]
        held, spent = 0, 0.0
        for step in (s for s in STEPS if s <= given.copies):
            recent: list[float] = []
            while held < step:
                pages = [page(rng, n, hosts[n % len(hosts)], start + timedelta(seconds=n)) for n in range(held, held + LOT)]
                refs = [archive.append(p) for p in pages]
                archive.flush()
                store.enqueue(list(zip(pages, refs)), clock.now())
                began = time.process_time()
                counted = flow.run(store.take_pages("bench", LOT, clock.now()))
                recent.append(time.process_time() - began)
                assert counted[PageStatus.CLIPPED] == LOT, counted
                held += LOT
            spent += sum(recent)
            last = recent[-10:]
            print(f"{held:>5} copies: the last {LOT * len(last):>3} at {LOT * len(last) / sum(last):6.1f} pages a second, "
                  f"all so far at {held / spent:6.1f}")
        copies = store.story_copies(next(iter(store.clippings([1]))).story.id)
        print(f"one story of {len(copies)} copies")
        store.close()
        archive.close()


if __name__ == "__main__":
    main()
