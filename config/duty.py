"""rules.yaml → the duty room: people, groups, routes, quiet hours, clocks, marks, escalation, watches, days.

A clock that the bureau writes replaces the shipped one of its id; of everything else, what the bureau writes stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.entry import Entry, Report, nearest
from config.rules import LEVELS, TOP
from config.tree import Node
from model.alert import EVENTS, KINDS, Level
from model.digest import SCHEDULED
from model.duty import ON_DUTY, ClockRule, DutyRules, Escalation, Group, Person, Quiet, Route, Sensitive, Watch

ENDS = {k: EVENTS[k] for k in ("report", "signed", "judged", "assigned", "answered", "conference", "feedback", "closed")}
_HOUR = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
_DEPTH = 5


@dataclass(frozen=True)
class Known:
    """What the rules may speak of."""

    units: frozenset[str]
    topics: frozenset[str]
    channels: tuple[str, ...]


def read_duty(report: Report, shipped: Node | None, own: Node | None, units: Iterable[str], topics: Iterable[str], channels: Iterable[str]) -> DutyRules:
    """Faults and warnings go to `report`."""
    known = Known(frozenset(units), frozenset(topics), tuple(channels))
    mine = Entry(report, own, "rules.yaml", TOP) if own is not None else None
    base = Entry(report, shipped, "rules.yaml", TOP) if shipped is not None else mine
    if mine is None or base is None:
        return DutyRules()

    def of(key: str) -> Entry:
        return mine if key in mine else base

    people = _people(of("people"), known)
    groups = _groups(of("groups"), people, known)
    names = {**ON_DUTY, **{p.id: p.name for p in people}, **{g.id: g.name for g in groups}, **{c: "" for c in known.channels}}
    usual = DutyRules()
    return DutyRules(
        people, groups, tuple(_route(report, n, names, known, 1) for n in of("routes").nodes("routes", 200)), _quiet(of("quiet")),
        _clocks(base, mine, known), _marks(of("marks"), usual),
        of("ring_gap_minutes").whole("ring_gap_minutes", usual.ring_gap_minutes, 0, 120, " 分钟"),
        of("memory_days").whole("memory_days", usual.memory_days, 1, 365, " 天"),
        _escalation(of("escalation"), names), _sensitive(of("sensitive"), known), _watches(of("watches"), known),
        _days(of("holidays"), "holidays"), _days(of("workdays"), "workdays"), _hour(of("handover"), "handover", usual.handover),
        _digests(of("digests"), names.keys() - ON_DUTY.keys()))


def _named(entry: Entry, key: str, known: Iterable[str], what: str) -> tuple[str, ...]:
    """A list of ids, each of which must be known."""
    known = sorted(known)
    for value, node in entry.lined_texts(key, 2000):
        if value not in known:
            entry.report.fault(node, f"{what}“{value}”不存在", nearest(value, known, "可以写"))
    return tuple(v for v in entry.texts(key, 2000) if v in known)


def _levels(entry: Entry, key: str) -> tuple[Level, ...]:
    found = []
    for value, node in entry.lined_texts(key, 8):
        level = LEVELS.get(value.upper())
        if level is None:
            entry.report.fault(node, f"等级“{value}”不对", "可以写：I、II、III、IV")
        else:
            found.append(level)
    return tuple(dict.fromkeys(found))


def _hour(entry: Entry, key: str, usual: str) -> str:
    value = entry.text(key, usual)
    if value and not re.fullmatch(_HOUR, value):
        entry.fault(key, f"时间“{value}”不对", "写成 08:30 的形式")
        return usual
    return value


def _unique(entry: Entry, found: dict, id_: str, what: str) -> bool:
    if id_ in found:
        entry.fault("id", f"{what}编号“{id_}”重复", "换一个编号")
    return bool(id_) and id_ not in found


def _people(entry: Entry, known: Known) -> tuple[Person, ...]:
    found: dict[str, Person] = {}
    for node in entry.nodes("people", 500):
        one = Entry(entry.report, node, "人员", ("id", "name", "channels", "user", "phone", "title", "leads"))
        made = Person(one.id(), one.text("name", required=True, limit=40), _named(one, "channels", known.channels, "通道"),
                      one.text("user", limit=100), one.text("phone", limit=40), one.text("title", limit=60), one.flag("leads", False))
        if _unique(one, found, made.id, "人员"):
            found[made.id] = made
    return tuple(found.values())


def _groups(entry: Entry, people: Sequence[Person], known: Known) -> tuple[Group, ...]:
    found: dict[str, Group] = {}
    taken = {p.id for p in people}
    for node in entry.nodes("groups", 200):
        one = Entry(entry.report, node, "人员组", ("id", "name", "members", "channels"))
        made = Group(one.id(), one.text("name", limit=40), _named(one, "members", taken, "人员"), _named(one, "channels", known.channels, "通道"))
        if made.id in taken:
            one.fault("id", f"“{made.id}”已经是一个人的编号", "换一个编号")
        elif _unique(one, found, made.id, "人员组"):
            found[made.id] = made
        if not made.members and not made.channels:
            entry.report.warn(node, f"人员组“{made.id}”里没有人，也没有通道", "补上 members: [编号] 或 channels: [编号]")
    return tuple(found.values())


def _route(report: Report, node: Node, names: dict[str, str], known: Known, depth: int) -> Route:
    one = Entry(report, node, "通知路线", ("to", "levels", "units", "topics", "hours", "days", "routes", "go_on"))
    hours = one.text("hours").replace(" ", "")
    if hours and not re.fullmatch(f"{_HOUR}-(?:{_HOUR}|24:00)", hours):
        one.fault("hours", f"时段“{hours}”不对", "写成 08:30-17:30，跨夜写成 17:30-08:30")
        hours = ""
    children: tuple[Route, ...] = ()
    if "routes" in one:
        if depth >= _DEPTH:
            one.fault("routes", f"通知路线最多 {_DEPTH} 层", "合并一些")
        else:
            children = tuple(_route(report, n, names, known, depth + 1) for n in one.nodes("routes", 200))
    to = _named(one, "to", names, "接收人")
    if not to and not children:
        report.fault(node, "通知路线没有写发给谁", "补上 to: [人员、人员组或通道的编号，或 @officers、@leader]")
    return Route(to, _levels(one, "levels"), _named(one, "units", known.units, "单位"), _named(one, "topics", known.topics, "主题"), hours,
                 one.choice("days", {"work": "工作日", "rest": "节假日和周末"}), children, one.flag("go_on", False))


def _quiet(entry: Entry) -> Quiet:
    part = entry.sub("quiet", "quiet（免打扰时段）", ("start", "end", "levels"))
    start, end = _hour(part, "start", ""), _hour(part, "end", "")
    levels = _levels(part, "levels") or Quiet().levels
    if bool(start) != bool(end) or start and start == end:
        part.report.fault(part.node, "免打扰时段要写起止两个时间", "如 quiet: {start: 22:00, end: 07:30}；不要就整行删去")
        return Quiet()
    if any(level < Level.III for level in levels):
        part.fault("levels", "Ⅰ级和Ⅱ级不能免打扰", "只能写 III、IV")
        levels = Quiet().levels
    return Quiet(start, end, levels)


def _clocks(base: Entry, mine: Entry, known: Known) -> tuple[ClockRule, ...]:
    found: dict[str, ClockRule | None] = {}
    for entry in (base,) if base is mine else (base, mine):
        here: dict[str, ClockRule | None] = {}
        for node in entry.nodes("clocks", 100):
            one = Entry(entry.report, node, "时限", ("id", "name", "hours", "minutes", "ends", "levels", "kinds", "topics", "off"))
            clock_id = one.id()
            if not _unique(one, here, clock_id, "时限"):
                continue
            if one.flag("off", False):
                here[clock_id] = None
                continue
            if ("hours" in one) == ("minutes" in one):
                one.report.fault(node, f"时限“{clock_id}”要写且只写 hours 和 minutes 之一", "如 hours: 5")
            minutes = one.whole("minutes", 60, 1, 60_000) if "minutes" in one else 60 * one.whole("hours", 1, 1, 1000)
            ends = one.choice("ends", ENDS, required=True)
            kinds = tuple(k for k, n in one.lined_texts("kinds") if one.check_choice(n, "kinds", k, KINDS))
            here[clock_id] = ClockRule(clock_id, one.text("name", required=True, limit=40), minutes, ends or "answered", _levels(one, "levels"), kinds,
                                       _named(one, "topics", known.topics, "主题"))
        found |= here
    return tuple(c for c in found.values() if c is not None)


def _marks(entry: Entry, usual: DutyRules) -> tuple[int, ...]:
    found = []
    for value, node in entry.lined_texts("marks", 20):
        if re.fullmatch(r"[0-9]{1,5}", value) and int(value) >= 2:
            found.append(int(value))
        else:
            entry.report.fault(node, f"传播的档次“{value}”不对", "写 2 以上的整数，如 marks: [5, 20, 50]")
    return tuple(sorted(set(found))) or usual.marks


def _escalation(entry: Entry, names: dict[str, str]) -> Escalation:
    usual = Escalation()
    part = entry.sub("escalation", "escalation（催签）", ("next", "leader", "remind_minutes", "most"))
    return Escalation(_named(part, "next", names, "接收人") or usual.next, _named(part, "leader", names, "接收人") or usual.leader,
                      part.whole("remind_minutes", usual.remind_minutes, 5, 1440, " 分钟"), part.whole("most", usual.most, 2, 100, " 次"))


def _sensitive(entry: Entry, known: Known) -> Sensitive:
    part = entry.sub("sensitive", "sensitive（敏感信息）", ("severity", "topics"))
    return Sensitive(part.whole("severity", 0, 0, 3), _named(part, "topics", known.topics, "主题"))


def _watches(entry: Entry, known: Known) -> tuple[Watch, ...]:
    found: dict[str, Watch] = {}
    for node in entry.nodes("watches", 200):
        one = Entry(entry.report, node, "政策监测", ("id", "name", "words", "since", "until", "units"))
        made = Watch(one.id(), one.text("name", required=True, limit=60), one.texts("words", 50), one.day("since", required=True),
                     one.day("until", required=True), _named(one, "units", known.units, "单位"))
        if not made.words:
            one.fault("words", f"政策监测“{made.name}”没有写词", "补上 words: [词, 词]")
        if made.since and made.until and made.until < made.since:
            one.fault("until", f"止日 {made.until} 早于起日 {made.since}", "把两个日期对调或改正")
        elif _unique(one, found, made.id, "政策监测") and made.since and made.until:
            found[made.id] = made
    return tuple(found.values())


def _digests(entry: Entry, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    part = entry.sub("digests", "digests（剪报定时发送名单）", SCHEDULED)
    return {kind: to for kind in SCHEDULED if (to := _named(part, kind, names, "接收人"))}


def _days(entry: Entry, key: str) -> tuple[str, ...]:
    found = []
    for value, node in entry.lined_texts(key, 400):
        if re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", value):
            found.append(value)
        else:
            entry.report.fault(node, f"日期“{value}”不对", "写成 2026-01-31 的形式")
    return tuple(found)
