"""Papers of the duty room as values: 快报, 专报, 交办单 of a case and 日报 of a day.  Word file and page are drawn from the same blocks.

Facts and figures stand in the record, each with its link and capture time; what the record does not hold is a marked blank for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from model.alert import KINDS, CaseClock, ClockState, Incident, IncidentState, Level
from model.bureau import Bureau
from model.case import Assignment, Case, Said, case_of
from model.clipping import Clipping
from model.ports import Store

from dashboards import show
from dashboards.cases import FirstTold, Voice, chain, copies_of, first_of, names_of, tiers, topic_of, voices
from dashboards.gbt9704 import chinese
from dashboards.weeks import day_start, local

BLANK = "（　　　　）"
MARKING = "内部资料 注意保存"
NAMES = {"kuaibao": "快报", "zhuanbao": "专报", "jiaoban": "交办单"}
LISTED, BRIEFLY = 60, 8            # copies that a paper and a quick report list; all are in the record
_SAID, _STEPS = 8, 20              # sentences and steps of the path that a paper tells


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Line:
    """A paragraph; `link` is the address it speaks of, printed in full."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Grid:
    """`widths` in millimetres, 156 in all.  A tuple as a cell is several lines; `form`: no head row, the first column names the second."""

    heads: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    widths: tuple[int, ...]
    form: bool = False


@dataclass(frozen=True)
class CasePaper:
    """`file` is its name as a file, without ending; `signed`: signer and date stand below."""

    title: str
    issue: tuple[str, ...]
    blocks: tuple[Heading | Line | Grid, ...]
    signer: str
    date: str
    file: str
    signed: bool = True


@dataclass(frozen=True)
class Facts:
    """A case as the record holds it now."""

    incident: Incident
    case: Case
    copies: tuple[Clipping, ...]
    voices: tuple[Voice, ...]
    first: FirstTold
    clocks: tuple[CaseClock, ...]


def facts(store: Store, bureau: Bureau, incident: Incident) -> Facts:
    copies = copies_of(store, incident)
    return Facts(incident, case_of(store.incident_events(incident.id)), tuple(copies), tuple(voices(store, copies, bureau, _SAID)),
                 first_of(copies),
                 tuple(store.case_clocks(incident.id)))


def blank(text: str) -> str:
    """The text, or the marked blank where the record holds none."""
    return text.strip() or BLANK


def moment(at: datetime | None) -> str:
    """`2026年11月21日 9:05`, or the marked blank."""
    return f"{show.long_day(at)} {local(at):%-H:%M}" if at else BLANK


def printed(clipping: Clipping) -> str:
    """The time of publication with no more precision than was printed."""
    at = clipping.article.published
    if at is None:
        return "时间未注明"
    return show.long_day(at) if clipping.article.precision == "day" else moment(at)


def signer(bureau: Bureau) -> str:
    return bureau.office or bureau.name


def _title(bureau: Bureau, name: str, of: str, facts: Facts, now: datetime, blocks: Sequence[Heading | Line | Grid]) -> CasePaper:
    number = facts.case.file_number or f"〔{local(now).year}〕　　　号"
    issue = (number, f"事件编号：{facts.incident.id}　　等级：{facts.incident.level.label}")
    return CasePaper(name, issue, tuple(blocks), signer(bureau), show.long_day(now), f"{of}（事件{facts.incident.id}）")


def _sections(parts: Sequence[tuple[str, Sequence[Line | Grid]]]) -> list[Heading | Line | Grid]:
    made: list[Heading | Line | Grid] = []
    for number, (name, blocks) in enumerate(parts, 1):
        made += [Heading(f"{chinese(number)}、{name}"), *blocks]
    return made


def kuaibao(held: Facts, bureau: Bureau, now: datetime) -> CasePaper:
    """The quick report: what, where first, how wide, whom it concerns, what is advised."""
    i = held.incident
    known = [Line(f"{moment(i.first_seen)}，监测发现{_first(held)}"), *_link(held.first.clipping), Line(
        f"涉及单位：{blank(names_of(bureau, i.units))}。主题：{blank(topic_of(bureau, i.topic))}。类别：{KINDS.get(i.kind, i.kind)}。"
        f"等级：{i.level.label}。定级依据：{blank(i.level_reason)}。")]
    return _title(bureau, "舆情快报", "舆情快报", held, now, _sections([
        ("基本情况", known), ("主要内容", _quotes(held.voices[:5])), ("传播情况", [_spread(held, now)]), ("办理情况", _doings(held, bureau)),
        ("工作建议", [Line(blank(_last(held.case.judgements)))]), ("稿件清单", _list(held, BRIEFLY))]))


def zhuanbao(held: Facts, bureau: Bureau, now: datetime) -> CasePaper:
    """The full report: overview, spread and its path, points of view, what was done, advice."""
    i = held.incident
    over = [Line(f"{moment(i.first_seen)}，监测发现{_first(held)}"), *_link(held.first.clipping),
            Line(f"涉及单位：{blank(names_of(bureau, i.units))}。主题：{blank(topic_of(bureau, i.topic))}。"
                 f"等级：{i.level.label}，依据：{blank(i.level_reason)}。目前状态：{i.state.label}。")]
    return _title(bureau, "舆情专报", "舆情专报", held, now, _sections([
        ("事件概况", over), ("传播情况及路径", [_spread(held, now), *_path(held)]), ("主要观点", _quotes(held.voices)),
        ("处置和回应", [*_doings(held, bureau), *_clocks(held.clocks)]), ("工作建议", [Line(blank(_last(held.case.judgements)))]),
        ("稿件清单", _list(held, LISTED))]))


def jiaoban(held: Facts, bureau: Bureau, now: datetime, unit_id: str = "") -> CasePaper:
    """The form that goes to the units; with `unit_id` only what was asked of that unit."""
    i, case = held.incident, held.case
    given = [a for a in case.assignments if not unit_id or a.unit_id == unit_id]
    answer = case.answers[-1] if case.answers else None
    first = held.first.clipping
    rows: list[tuple[object, ...]] = [
        ("编号", blank(case.file_number)), ("等级", i.level.label), ("事件", i.title), ("发现时间", moment(i.first_seen)),
        ("首次发布", (_where(held.first), *(([first.article.url] if first and first.article.url else [])))),
        ("内容摘要", tuple(f"“{v.sentence}”（{v.clipping.outlet_name}）" for v in held.voices[:2]) or BLANK),
        ("主办单位", blank(_units(given, "lead", bureau))), ("协办单位", blank(_units(given, "assist", bureau))),
        ("办理要求", tuple(dict.fromkeys(a.demand for a in given if a.demand)) or BLANK),
        ("反馈时限", tuple(dict.fromkeys(moment(a.deadline) for a in given if a.deadline)) or BLANK),
        ("领导批示", BLANK if unit_id else tuple(f"{s.text}（{s.who}，{moment(s.at)}）" for s in case.instructions) or BLANK),
        ("核查情况", _by_unit(given, "findings", bureau)), ("处置措施", _by_unit(given, "measures", bureau)),
        ("回应内容", answer.content if answer else BLANK), ("回应渠道和方式", f"{answer.channel}，{answer.way}" if answer else BLANK),
        ("回应链接", blank(answer.link) if answer else BLANK),
        ("反馈时间", tuple(f"{names_of(bureau, [a.unit_id])}：{moment(a.reported_at)}" for a in given) or BLANK),
        ("办结意见", f"{case.closing.text}（{case.closing.who}，{moment(case.closing.at)}）" if case.closing else BLANK),
        ("交办单位和时间", (signer(bureau), "、".join(dict.fromkeys(moment(a.at) for a in given)) or BLANK))]
    return CasePaper("舆情交办单", (), (Grid(("项　目", "内　容"), tuple(rows), (38, 118), form=True),), signer(bureau), show.long_day(now),
                     f"舆情交办单（事件{i.id}）", signed=False)


def masked(made: CasePaper, mask: Callable[[str], str]) -> CasePaper:
    """The paper as it may leave the house: what names a patient is hidden in every text; addresses stay as they are."""
    def over(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(map(over, value))
        return mask(value) if isinstance(value, str) and not show.web_address(value) else value

    blocks = [replace(b, rows=over(b.rows)) if isinstance(b, Grid) else replace(b, text=mask(b.text)) for b in made.blocks]
    return replace(made, blocks=tuple(blocks))


def _first(held: Facts) -> str:
    first, i = held.first, held.incident
    if first.clipping is None:
        return f"“{i.title}”。首次发布：{_where(first)}。"
    return f"{first.clipping.outlet_name or '未登记媒体'}刊发《{first.clipping.article.title}》。首次发布：{_where(first)}。"


def _where(first: FirstTold) -> str:
    if not first.outlet:
        return BLANK
    return f"{first.outlet}，{printed(first.clipping) if first.clipping else BLANK}（{first.words}）"


def _link(clipping: Clipping | None) -> list[Line]:
    return [Line(f"采集时间：{moment(clipping.first_seen)}。链接：", clipping.article.url)] if clipping and clipping.article.url else []


def _quotes(said: Sequence[Voice]) -> list[Line]:
    return [Line(f"{v.clipping.outlet_name or '未登记媒体'}（{printed(v.clipping)}）：{_quoted(v.sentence)}"
                 + (f"另有{v.count - 1}篇载有此句。" if v.count > 1 else ""))
            for v in said] or [Line(BLANK)]


def _quoted(sentence: str) -> str:
    return f"“{sentence}”" + ("" if sentence.endswith(("。", "！", "？")) else "。")


def _spread(held: Facts, now: datetime) -> Line:
    copies = held.copies
    if not copies:
        return Line(f"截至{moment(now)}，库内没有收录相关稿件。")
    outlets = len({c.outlet_id or c.outlet_name for c in copies})
    told = "、".join(f"{name}{number}篇" for name, number in tiers(copies))
    span = f"最早{printed(copies[0])}，最近{printed(copies[-1])}。" if len(copies) > 1 else ""
    return Line(f"截至{moment(now)}，收录{outlets}家媒体的稿件{len(copies)}篇，其中{told}。{span}")


def _path(held: Facts) -> list[Line]:
    told = []
    for link in chain(held.copies):
        if link.parent and len(told) < _STEPS:
            own, other = link.clipping.outlet_name or "未登记媒体", link.parent.outlet_name or "未登记媒体"
            told.append(Line(f"{printed(link.clipping)}，{own}转载{other}稿件（{link.why}）。" if link.declared else
                             f"{printed(link.clipping)}，{own}刊发与{other}相同的稿件" + (f"（{link.why}）。" if link.why else "。")))
    return told or [Line("收录的稿件之间没有认定转载关系。")]


def _units(given: Sequence[Assignment], role: str, bureau: Bureau) -> str:
    return names_of(bureau, [a.unit_id for a in given if a.role == role])


def _by_unit(given: Sequence[Assignment], field: str, bureau: Bureau) -> object:
    return tuple(f"{names_of(bureau, [a.unit_id])}：{blank(getattr(a, field))}" for a in given) or BLANK


def _last(said: Sequence[Said]) -> str:
    return said[-1].text if said else ""


def _doings(held: Facts, bureau: Bureau) -> list[Line]:
    i, case = held.incident, held.case
    lines = [f"{moment(i.signed_at)}，{i.signed_by}签收。" if i.signed_by else "尚未签收。"]
    lines += [f"领导批示（{s.who}，{moment(s.at)}）：{show.ended(s.text)}" for s in case.instructions]
    lines += [f"{moment(s.at)}报告领导：{show.ended(s.text)}" for s in case.reports]
    lines += [f"{moment(a.at)}交{names_of(bureau, [a.unit_id])}（{'主办' if a.role == 'lead' else '协办'}），要求：{show.ended(a.demand)}"
              + (f"反馈：{show.ended(a.feedback)}" if a.feedback else "尚未反馈。") for a in case.assignments]
    lines += [f"{moment(a.at)}回应（{a.channel}，{a.way}）：{show.ended(a.content)}" for a in case.answers]
    lines += [f"{moment(s.at)}新闻发布会：{show.ended(s.text)}" for s in case.conferences]
    lines += [f"{moment(c.at)}{c.outlet}{c.label}：{show.ended(c.text)}" for c in case.corrections]
    lines += [f"{moment(case.closing.at)}办结：{show.ended(case.closing.text)}"] if case.closing else []
    return [Line(text, next((a.link for a in case.answers if a.content in text and a.link), "")) for text in lines]


def _clocks(clocks: Sequence[CaseClock]) -> list[Line]:
    told = [f"{c.name}（{moment(c.due_at)}前）{clock_words(c)}" for c in clocks]
    return [Line("时限：" + "；".join(told) + "。")] if told else []


def clock_words(clock: CaseClock) -> str:
    if clock.state is ClockState.MISSED and clock.ended_at is None:
        return "已逾期，尚未完成"
    return clock.state.label


def _list(held: Facts, most: int) -> list[Grid | Line]:
    if not held.copies:
        return [Line("没有收录的稿件。")]
    rows = tuple((n, (c.article.title or "（无标题）", c.article.url), (c.outlet_name or "未登记媒体", show.tier(c.tier)),
                  (f"发布 {show.published(c)}", f"采集 {show.minute(c.first_seen)}")) for n, c in enumerate(held.copies[:most], 1))
    table = Grid(("序号", "标题和链接", "媒体", "发布和采集时间"), rows, (14, 66, 28, 48))
    return [table] if len(held.copies) <= most else [table, Line(f"另有{len(held.copies) - most}篇，见事件记录。")]


# the day

def ribao(store: Store, bureau: Bureau, day: date, now: datetime) -> CasePaper:
    """The daily report: what came, what stands open, what was answered, what was late; a quiet day says so."""
    since, until = day_start(day), min(day_start(day + timedelta(days=1)), now)
    new = sorted(store.incidents_between(since, day_start(day + timedelta(days=1))), key=lambda i: (i.level, i.opened_at))
    events = store.events_between(since, day_start(day + timedelta(days=1)))
    done = {what: len({e.incident_id for e in events if e.what == what}) for what in ("signed", "assigned", "answered", "closed", "filed",
                                                                                      "false_alarm")}
    levels = "、".join(f"{level.roman}级{n}件" for level in Level if (n := sum(i.level is level for i in new)))
    over = f"截至{moment(until)}，当日新发现舆情{len(new)}件" + (f"（{levels}）" if levels else "") + "；" if new else f"截至{moment(until)}，当日未发现新的舆情；"
    over += (f"签收{done['signed']}件，交办{done['assigned']}件，回应{done['answered']}件，"
             f"办结{done['closed']}件，归档{done['filed']}件，误报{done['false_alarm']}件。")
    parts: list[tuple[str, Sequence[Line | Grid]]] = [("总体情况", [Line(over), *_day_clocks(store, since, until)])]
    parts.append(("当日舆情", [line for n, i in enumerate(new, 1) for line in _entry(store, bureau, i, n)] or [Line("无。")]))
    still = sorted((i for i in store.incidents([s.value for s in IncidentState if s.is_open], 500) if i.opened_at < since),
                   key=lambda i: (i.level, i.opened_at))
    rows = tuple((i.id, i.title, i.level.roman + "级", blank(names_of(bureau, i.assigned or i.units)), i.state.label) for i in still)
    parts.append(("此前未办结（现状）", [Grid(("编号", "事件", "等级", "单位", "状态"), rows, (14, 64, 16, 38, 24))] if rows else [Line("无。")]))
    return CasePaper("舆情日报", (show.long_day(day_start(day)),), tuple(_sections(parts)), signer(bureau), show.long_day(now),
                     f"舆情日报{day.isoformat()}")


def _entry(store: Store, bureau: Bureau, i: Incident, number: int) -> list[Line]:
    held = facts(store, bureau, i)
    told = (f"{number}．{i.title}（{i.level.label}，{i.state.label}）。首次发布：{_where(held.first)}；"
            f"收录{i.outlets}家媒体{i.articles}篇；涉及{blank(names_of(bureau, i.units))}。")
    quote = _quoted(held.voices[0].sentence) if held.voices else ""
    return [Line(told + quote), *_link(held.first.clipping), Line(f"建议：{blank(_last(held.case.judgements))}")]


def _day_clocks(store: Store, since: datetime, until: datetime) -> list[Line]:
    counts = store.clock_counts(since, until)
    met, missed = (sum(c.get(s, 0) for c in counts.values()) for s in ("met", "missed"))
    return [Line(f"当日到期的时限：按时{met}项，迟报{missed}项。")] if met or missed else []
