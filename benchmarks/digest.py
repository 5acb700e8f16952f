"""A week of 2,000 clippings as docx, PDF, workbook and mail: seconds, and the memory of all its processes together.  Aim: 15 s and 500
MB for all four.

    python -m benchmarks.digest [--items 2000] [--out FOLDER] [--booklet] [--rough]

`--rough` puts titles of 120 characters, formula signs and scripts into every field.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psutil

from app.digest import ATTACHED, Digests
from config.init import make
from config.load import load_bureau
from dashboards.weeks import span_at
from model.article import Article, Person
from model.bureau import Bureau
from model.clipping import Record
from model.mention import Mention
from model.opinion import Judgement, Label
from model.story import Edge, First, FirstState, Relation
from pipelines.store import open_store

NOW = datetime(2026, 11, 20, 8, tzinfo=timezone.utc)
_WHAT = ("开设夜间门诊", "组织专家进社区义诊", "上线医保移动支付", "启用智慧急救系统", "开展家庭医生签约服务", "公布第三季度服务价格", "推进分级诊疗试点", "完成首例微创心脏手术")
_SIGNS = ("=1+1 ", "+cmd ", "-2 ", "@SUM(A1) ", "＝全角 ", "<script>alert(1)</script> ", "#sys.inputs $x$ ", "{{ 期号 }} ")
_COPIES = 4                        # every story's


class Clock:
    def now(self) -> datetime:
        return NOW


def fill(store, bureau: Bureau, count: int, rough: bool) -> None:
    outlets = [o for o in bureau.outlets if not o.own_unit]
    turns = zip(range(count), itertools.cycle(outlets), itertools.cycle(u for u in bureau.units if not u.is_bureau),
        itertools.cycle(_SIGNS))
    with store.write() as w:
        story = 0
        for n, outlet, unit, sign in turns:
            title = f"{unit.label}{_WHAT[n // _COPIES % len(_WHAT)]}，服务群众{n // _COPIES}人次"
            name, page_no = f"记者{chr(0x4E00 + n % 300)}", str(n % 16 + 1) if n % 3 else ""
            if rough:
                title, name = (sign + title + "便民惠民新举措持续推进" * 12)[:120], sign + name
            at, text = NOW - timedelta(minutes=4 * n % 6000 + 1), f"{title}。\n" + "本报讯，有关负责人介绍了情况，群众对此表示欢迎。" * 12
            url = f"http://{outlet.domains[0] if outlet.domains else 'a.example'}/2026-11/{n}.html"
            article = Article(url, url, title, text, at, "minute", people=(Person(name), Person("李四", "correspondent")), page_no=page_no)
            page_id = n + 1
            label = Label.NEGATIVE if n % 97 == 0 else Label.POSITIVE
            record = Record(page_id, outlet.id, outlet.name, outlet.tier.value, article,
                (Mention(unit.id, unit.label, 0, len(unit.label), "全称"),),
                            (Judgement("", label, .8), Judgement(unit.id, label, .8)), True, str(n), None)
            article_id = w.save_article(record, at)
            if n % _COPIES == 0:
                story, first = w.new_story(title, at), article_id
                w.join(story, Edge(article_id, None, Relation.DIFFERENT, 1.0, ""), at)
            else:
                w.join(story, Edge(article_id, first, Relation.REPOST, .97, ""), at)
            w.set_first(story, First(first, FirstState.CONFIRMED, ""), title, outlet.tier.value)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--items", type=int, default=2000)
    asked.add_argument("--out", type=Path)
    asked.add_argument("--booklet", action="store_true")
    asked.add_argument("--rough", action="store_true")
    given = asked.parse_args()
    watch = Watch()
    with tempfile.TemporaryDirectory(prefix="jianbao-bench-") as folder:
        make(Path(folder) / "bureau", sample=True)
        bureau = load_bureau(Path(folder) / "bureau")
        store = open_store(Path(folder) / "a.db", clock=Clock())
        fill(store, bureau, given.items, given.rough)
        desk, began, total = Digests(store, lambda: bureau, Clock(), lambda: "http://127.0.0.1"), time.perf_counter(), 0.0
        digest = desk.digest(span_at("week", NOW))
        print(f"numbers   {time.perf_counter() - began:6.2f} s   {digest.total + digest.own_total} pieces, {watch.most} MB")
        for form in (*ATTACHED, "mail", *(("booklet",) if given.booklet else ())):
            at = time.perf_counter()
            body = desk.drawn(digest, form)
            print(f"{form:8}  {time.perf_counter() - at:6.2f} s   {len(body) / 1e6:5.1f} MB file, {watch.most} MB")
            total = time.perf_counter() - began if form != "booklet" else total
            if given.out:
                given.out.mkdir(parents=True, exist_ok=True)
                (given.out / f"{given.items}-{form}.{ {'mail': 'html', 'booklet': 'pdf'}.get(form, form)}").write_bytes(body)
        at = time.perf_counter()
        found = desk.faults(digest)
        print(f"checks    {time.perf_counter() - at:6.2f} s   {len(found)} found")
        print(f"docx + PDF + xlsx + mail: {total:.2f} s, {watch.most} MB (aim: 15 s, 500 MB)")
        store.close()


class Watch(threading.Thread):
    """The most memory that this process and its children hold together, looked at a hundred times a second."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.me = 0, psutil.Process()
        self.start()

    def run(self) -> None:
        while True:
            held = 0
            for process in (self.me, *self.me.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    held += process.memory_info().rss
            self.most = max(self.most, held >> 20)
            time.sleep(.01)


if __name__ == "__main__":
    main()
