"""A duty room on a real store for the tests of incidents, clocks, routes and rosters: a clock that is moved, outlets of every tier."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from alerts.incidents import Incidents
from alerts.roster import Roster
from model.alert import ChannelConfig, Level, LevelRule
from model.bureau import Bureau
from model.clipping import Clipping
from model.duty import ClockRule, DutyRules, Escalation, Group, Person, Quiet
from model.mention import Mention
from model.opinion import Judgement, Label
from model.region import Region
from model.story import Edge, First, FirstState, Relation
from model.unit import Unit
from pipelines.store import open_store
from store_samples import article, fetched, record

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)          # a Friday, 12:00 in China
LEVELS = (LevelRule(Level.I, {"tier_rank": 6, "severity": 2}, "中央媒体批评"), LevelRule(Level.II, {"tier_rank": 6}, "中央媒体"),
          LevelRule(Level.II, {"outlets": 20}, "二十家"), LevelRule(Level.III, {"outlets": 5}, "五家"),
          LevelRule(Level.IV, {"outlets": 1}, "一家"))
UNITS = (Unit("wjw", "云川市卫生健康委员会", "市卫健委", is_bureau=True), Unit("yy", "云川市人民医院", "市人民医院"), Unit("zy", "云川市中医院", "市中医院"))
CLOCKS = (ClockRule("leaders", "报告领导", 60, "report", (Level.I, Level.II)),
          ClockRule("word", "首次权威回应", 300, "answered", (Level.I, Level.II)),
          ClockRule("answer", "舆情回应", 2880, "answered", (Level.III, Level.IV)), ClockRule("leak", "泄露处置", 120, "closed", kinds=("leak",)))
RULES = DutyRules(
    people=(Person("zhang", "张三", ("phone-zhang", "duty")), Person("li", "李四", ("phone-li",)),
            Person("wang", "王主任", ("phone-wang",), user="wangzr", leads=True)),
    groups=(Group("office", "宣传科", ("zhang", "li"), ("duty",)),), clocks=CLOCKS, escalation=Escalation(remind_minutes=30, most=5))
CHANNELS = tuple(ChannelConfig(name, "webhook", url_env=f"T_{name}") for name in ("duty", "phone-zhang", "phone-li", "phone-wang"))


class MovedClock:
    def __init__(self, now: datetime = NOON):
        self.at = now

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


class Clips:
    """Saves clippings as the flow does."""

    def __init__(self, store, clock):
        self.store, self.clock, self.number = store, clock, 0

    def clip(self, title: str = "患者质疑收费", *, story: int = 0, outlet: str = "shi", tier: str = "municipal", unit: str = "yy",
             label: Label = Label.NEGATIVE, severity: int = 1, **fields) -> int:
        """A clipping as the flow saves it; returns its id.  `story` joins an existing one."""
        self.number += 1
        text = f"{title}。云川市人民医院的这件事引发质疑（{self.number}）。"
        page, ref = fetched(f"http://{outlet}.example/{self.number}.html", fetched_at=self.clock.now())
        page_id, = self.store.enqueue([(page, ref)], self.clock.now())
        judged = Judgement(unit, label, 0.9, severity, "T01", "云川市人民医院", text[:30], ("质疑",), reason="强词")
        made = replace(record(article(self.number, title, text, published=self.clock.now(), **fields), page_id, (unit,), outlet=outlet,
                              tier=tier),
                       judgements=(replace(judged, unit_id=""), judged), mentions=(Mention(unit, "云川市人民医院", 0, 7, "全称"),))
        with self.store.write() as w:
            article_id = w.save_article(made, self.clock.now())
            if not story:
                story = w.new_story(title, self.clock.now())
                w.join(story, Edge(article_id, None, Relation.DIFFERENT, 1.0, "首篇"), self.clock.now())
                w.set_first(story, First(article_id, FirstState.CONFIRMED, "首篇"), title, tier)
            else:
                w.join(story, Edge(article_id, w.members(story)[0], Relation.REPOST, 0.97, "正文相同"), self.clock.now())
        return article_id

    def story_of(self, article_id: int) -> int:
        return self.store.clipping(article_id).story.id


@cache
def _empty() -> Path:
    """A database with its tables, made once and copied."""
    folder = Path(tempfile.mkdtemp(prefix="jianbao-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = open_store(folder / "made.db")
    store.backup(str(folder / "copy.db"))
    store.close()
    return folder / "copy.db"


class Room(Clips):
    """`alike` holds the titles of pieces that are of one happening, whatever their story; `liker` pairs of titles that are more so."""

    def __init__(self, folder: Path, rules: DutyRules = RULES, channels: tuple[ChannelConfig, ...] = CHANNELS):
        clock, self.alike, self.liker = MovedClock(), set(), set()
        self.bureau = Bureau("b", "云川市卫生健康委员会", Region("江南省", "云川市"), folder, units=UNITS, levels=LEVELS, channels=channels, duty=rules)
        shutil.copy(_empty(), folder / "a.db")
        super().__init__(open_store(folder / "a.db", clock=clock), clock)
        self.desk = Incidents(self.store, lambda: self.bureau, self.same, self.clock, lambda: "http://desk")
        self.roster = Roster(self.store, lambda: self.bureau, self.clock)

    def same(self, clipping: Clipping, others) -> tuple[float, str]:
        title, titles = clipping.article.title, {o.article.title for o in others}
        return (0.9 if any({title, t} in map(set, self.liker) for t in titles) else 0.5 if title in self.alike and titles & self.alike else 0.0), "同说一事"

    def rules(self, **fields) -> None:
        self.bureau = replace(self.bureau, duty=replace(self.bureau.duty, **fields))

    def alarm(self, title: str = "患者质疑收费", **fields) -> int:
        return self.desk.consider(self.clip(title, **fields))

    def spread(self, incident: int, number: int, **fields) -> None:
        """More outlets copy the first story of the incident, one a second."""
        story = self.store.incident(incident).stories[0]
        for _ in range(number):
            self.clock.pass_by(seconds=1)
            self.desk.consider(self.clip("转载", story=story, outlet=fields.get("outlet", f"o{self.number}"),
                                         **{k: v for k, v in fields.items() if k != "outlet"}))

    def incident(self, incident_id: int):
        return self.store.incident(incident_id)

    def events(self, incident_id: int, what: str = "") -> list:
        return [e for e in self.store.incident_events(incident_id) if not what or e.what == what]

    def rings(self, incident_id: int) -> list[list[str]]:
        """The reasons of each ring."""
        return [list(e.data["reasons"]) for e in self.events(incident_id, "ring")]

    def waiting(self, prefix: str = "deliver:") -> list:
        """Take the tasks that are due, as delivery would."""
        kinds = self.store.due_kinds(prefix, self.clock.now())
        return self.store.take_tasks(kinds, 500, self.clock.now()) if kinds else []

    def told(self) -> set[str]:
        """Channels that the messages now due go to; they are taken."""
        found = self.waiting()
        for task in found:
            self.store.task_done(task.id, self.clock.now())
        return {t.payload["channel"] for t in found}


__all__ = ["CHANNELS", "NOON", "RULES", "Quiet", "Room"]
