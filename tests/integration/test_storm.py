"""A storm: 300 copies of one story in ten minutes, through the whole flow, are one incident and at most five rings."""

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit"))

from alerts.incidents import Incidents  # noqa: E402
from analysis.events import same_event  # noqa: E402
from config.init import make  # noqa: E402
from config.load import load_bureau  # noqa: E402
from model.alert import Level  # noqa: E402
from model.page import Page, PageStatus  # noqa: E402
from pipelines.archive import WarcArchive  # noqa: E402
from pipelines.flow import Flow  # noqa: E402
from pipelines.store import open_store  # noqa: E402

COPIES, MINUTES = 300, 10
TITLE = "产妇产后大出血离世 家属质疑云川市妇幼保健院抢救不及时"
PARAGRAPHS = (
    "11月19日凌晨，28岁的李女士在云川市妇幼保健院分娩后发生大出血，经抢救无效离世。连日来，家属对医院的抢救过程提出质疑，要求公开完整病历和监控录像。",
    "李女士的丈夫告诉记者，妻子前一天晚上八时许入院，次日零时四十分顺产一名男婴。家属认为，从发现出血到输血间隔过长，云川市妇幼保健院延误了救治时机。",
    "云川市妇幼保健院医务科负责人回应称，产妇病情进展极快，院方启动了多学科抢救，是否存在处置不及时，要由鉴定来说明。",
    "记者从云川市卫生健康委员会获悉，该委已成立调查组介入调查，病历已在双方见证下封存。截至发稿，家属尚未同意尸检。")
LEADS = ("", "据《临江都市报》报道，", "近日，有网友发帖称，", "记者今天了解到，")
TITLES = (TITLE, "28岁产妇产后离世，家属要求公开监控", "产妇产后大出血身亡 家属质疑抢救", "云川一产妇离世事件调查中")


class MovedClock:
    def __init__(self, at: datetime):
        self.at = at

    def now(self) -> datetime:
        return self.at


def page(rng: random.Random, number: int, host: str, at: datetime) -> Page:
    """A copy as papers make them: retitled, with a lead of its own, now and then cut short."""
    shown = PARAGRAPHS if rng.random() < .7 else PARAGRAPHS[:3]
    body = "".join(f"<p>{LEADS[number % len(LEADS)] if n == 0 else ''}{p}</p>" for n, p in enumerate(shown))
    when = (at + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M")
    html = (f"<html><head><meta charset=utf-8><title>{TITLES[number % len(TITLES)]}</title></head><body><h1>{TITLES[number % len(TITLES)]}</h1>"
            f"<div class=info>{when} 来源：临江都市报</div><div class=article>{body}</div></body></html>")
    return Page(f"http://{host}/a/{number}.html", at, html.encode())


def test_three_hundred_copies_in_ten_minutes_are_one_incident_and_at_most_five_rings(tmp_path, capsys):
    folder, rng = tmp_path / "b", random.Random(20261121)
    make(folder, sample=True)
    start = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    bureau, clock = load_bureau(folder), MovedClock(start)
    store, archive = open_store(tmp_path / "a.db", clock=clock), WarcArchive(tmp_path / "archive", "test")
    flow = Flow(bureau, store, archive, clock)
    desk = Incidents(store, lambda: bureau, same_event, clock, lambda: "http://desk")
    known = [o.domains[0] for o in bureau.outlets if o.domains and not o.own_unit]
    municipal = next(o.domains[0] for o in bureau.outlets if o.domains and o.tier == "municipal")
    hosts = known + [f"zimeiti{n}.example" for n in range(120)]
    rng.shuffle(hosts)
    hosts = [municipal, *hosts]
    for batch in range(COPIES // 10):
        clock.at = start + timedelta(minutes=MINUTES) * batch / (COPIES / 10)
        numbers = range(10 * batch, 10 * batch + 10)
        pages = [page(rng, n, hosts[n % len(hosts)], clock.at) for n in numbers]
        refs = [archive.append(p) for p in pages]
        archive.flush()
        store.enqueue(list(zip(pages, refs)), clock.at)
        counted = flow.run(store.take_pages("test", 10, clock.at))
        assert counted[PageStatus.CLIPPED] == 10, counted
        for task in store.take_tasks(("alert",), 100, clock.at):
            desk.consider(int(task.payload["article"]))
            store.task_done(task.id, clock.at)
        desk.tick()
        desk.escalate()
    incident, = store.incidents()
    rings = [e for e in store.incident_events(incident.id) if e.what == "ring"]
    with capsys.disabled():
        print(f"\n  {incident.articles} copies of {incident.outlets} outlets: {len(rings)} rings: " + " | ".join(
            f"{(e.at - start).seconds // 60}:{(e.at - start).seconds % 60:02} {e.text}" for e in rings), end="")
    assert incident.articles == COPIES and incident.outlets == len(set(hosts)) and len(rings) <= 5
    assert incident.level is Level.I and any("central" in e.data["reasons"] for e in rings)
    clock.at += timedelta(minutes=6)
    desk.tick()
    desk.tick()
    rings = [e for e in store.incident_events(incident.id) if e.what == "ring"]
    assert rings[-1].data["level"] == Level.I and rings[-1].data["outlets"] >= 50 and len(rings) <= 6, "what waited is told, once"
    store.close()
    archive.close()
