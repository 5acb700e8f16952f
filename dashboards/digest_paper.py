"""The digest as a row of headings, paragraphs, tables and pictures: Word, PDF, mail and page are all drawn from it, so they say the
same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from model.digest import TOP, Digest, DigestItem, EventFact

from dashboards import show
from dashboards.digest import change, moved, parts, scored, unconfirmed
from dashboards.gbt9704 import chinese
from dashboards.pictures import Picture, percent, pictures
from dashboards.weeks import local

LISTED_DAYS = 35                   # a longer span's pieces are listed in the workbook


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    text: str
    kind: str = "body"             # body | note | lead | as_of


@dataclass(frozen=True)
class Grid:
    """A cell that is a tuple is several lines.  `links`: an address of ours for column `at` of each row; `widths` in mm, 156 in all."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    widths: tuple[int, ...]
    links: tuple[str, ...] = ()
    at: int = 1
    total: bool = False            # the last row is the sum


@dataclass(frozen=True)
class Figure:
    picture: Picture


Block = Heading | Text | Grid | Figure


@dataclass(frozen=True)
class Draft:
    title: str
    marking: str
    issue: tuple[str, ...]         # number, span, office
    blocks: tuple[Block, ...]
    signer: str
    date: str


def draft(digest: Digest) -> Draft:
    """The whole paper."""
    last = digest.until - timedelta(microseconds=1)
    drawn = {p.name: p for p in pictures(digest)}
    sections = [("总体情况", _overview(digest, drawn)), ("舆情事件", _events(digest))]
    sections += [("稿件要目", _items(digest))]
    if digest.tasks:
        sections.append(("报送与采用", _tasks(digest)))
    sections += [("单位情况", _units(digest, drawn)), ("自有平台", _own(digest)), ("采集覆盖", _coverage(digest))]
    blocks: list[Block] = [Text(line, "lead") for line in digest.lead.splitlines() if line.strip()]
    for number, (name, inside) in enumerate(sections, 1):
        blocks += [Heading(f"{chinese(number)}、{name}"), *inside]
    return Draft(
        f"{digest.bureau}{digest.title}", "内部资料 注意保存",
        tuple(filter(None, (digest.number, f"{show.long_day(digest.since)}—{show.long_day(last)}", digest.office))), tuple(blocks),
        digest.office or digest.bureau, show.long_day(digest.made_at))


def summary(digest: Digest) -> str:
    """The week in numbers, one paragraph."""
    last = digest.until - timedelta(microseconds=1)
    doubt = f"（有{unconfirmed(digest)}篇首发未确认）" if unconfirmed(digest) else ""
    classes = f"，其中{parts(digest)}" if digest.total else ""
    lead = "、".join(f"{u.label}（{u.pieces}篇）" for u in digest.units[:3])
    said = [f"{show.long_day(digest.since)}至{show.long_day(last)}，共刊登涉及本系统稿件{digest.total}篇{classes}；"
            f"上期{digest.previous_total}篇，{change(digest.total, digest.previous_total)}。",
            f"首发{digest.firsts}篇、转载{digest.reposts}篇{doubt}。"]
    if lead:
        said.append(f"见报较多的单位：{lead}。")
    said.append(f"负面稿件{digest.negative}篇，舆情事件{len(digest.incidents)}起{_states(digest)}；"
                + (f"此前未办结{digest.carried}起。" if digest.carried else "此前的均已办结。"))
    said.append(f"自有平台发布{digest.own_total}篇，另计。")
    return "".join(said)


def _states(digest: Digest) -> str:
    counts: dict[str, int] = {}
    for incident in digest.incidents:
        counts[incident.state.label] = counts.get(incident.state.label, 0) + 1
    return f"（{'、'.join(f'{name}{n}起' for name, n in counts.items())}）" if counts else ""


def moment(at: datetime) -> str:
    """`2026年11月21日10:30`."""
    return show.long_day(at) + local(at).strftime("%H:%M")


def as_of(digest: Digest) -> str:
    return stamp(digest)[:-1] + ("，本期尚未结束。" if digest.until > digest.made_at else "。")


def stamp(digest: Digest) -> str:
    """As of when the figures hold: under every section."""
    return f"数据截至{moment(digest.made_at)}。"


def class_rows(digest: Digest) -> tuple[tuple[object, ...], ...]:
    """(class, pieces, share, firsts, reposts, pieces before), the sum last."""
    rows = [(c.name, c.pieces, percent(c.pieces, digest.total), c.firsts, c.reposts, c.previous) for c in digest.classes]
    return (*rows, ("合计", digest.total, percent(digest.total, digest.total), digest.firsts, digest.reposts, digest.previous_total))


CLASS_HEADS = ("类别", "篇数", "占比", "首发", "转载", "上期")


def _overview(digest: Digest, drawn: dict[str, Picture]) -> list[Block]:
    blocks: list[Block] = [Text(summary(digest)), Text(as_of(digest), "as_of")]
    if digest.classes:
        blocks.append(Grid("classes", CLASS_HEADS, class_rows(digest), (46, 22, 22, 22, 22, 22), total=True))
    return blocks + [Figure(drawn[name]) for name in ("trend", "share", "spread") if name in drawn]


EVENT_HEADS = ("等级", "事件", "涉及单位", "媒体", "稿件", "时限", "状态")


def _events(digest: Digest) -> list[Block]:
    if not digest.events:
        return [Text("本期没有新的舆情事件。")]
    rows = tuple((e.incident.level.label, (e.incident.title, *filter(None, (e.answer,))), unit_names(digest, e), e.incident.outlets,
        e.incident.articles,
                  clock(e), e.incident.state.label) for e in digest.events)
    return [Grid("events", EVENT_HEADS, rows, (23, 52, 23, 14, 14, 16, 14), tuple(f"/incidents/{e.incident.id}" for e in digest.events)),
            Text(stamp(digest), "as_of")]


def unit_names(digest: Digest, event: EventFact) -> str:
    return "、".join(digest.unit_names.get(u, u) for u in event.incident.units) or "—"


def clock(event: EventFact) -> str:
    return event.clock_label + (f"（{'、'.join(event.missed_names)}）" if event.missed_names else "")


ITEM_HEADS = ("序号", "标题与出处", "涉及单位", "首发/转载")


def _items(digest: Digest) -> list[Block]:
    if not digest.items:
        return [Text("本期没有稿件。")]
    if digest.until - digest.since > timedelta(days=LISTED_DAYS):
        return [Text(f"本期稿件{digest.total}篇，清单见附表。"), Text(stamp(digest), "as_of")]
    blocks: list[Block] = []
    for number, shelf in enumerate(shelves(digest), 1):
        blocks.append(Heading(f"（{chinese(number)}）{shelf.title}", 2))
        blocks += _listed(digest, f"items-{shelf.key}", [i for i in shelf.items if i.article_id not in digest.left_out])
        if said := shelf.remark(digest):
            blocks.append(Text(said, "as_of"))
    return [*blocks, Text(stamp(digest), "as_of")]


@dataclass(frozen=True)
class Shelf:
    """What is listed together: a class, or the pieces that editors set before all classes.  `pieces`: of the class, whatever is listed."""

    key: str
    name: str
    pieces: int
    items: tuple[DigestItem, ...]  # those left out too

    @property
    def title(self) -> str:
        return self.name if self.key == TOP else f"{self.name}（{self.pieces}篇）"

    def remark(self, digest: Digest) -> str:
        """Why fewer or more are listed than counted; "" when they are the same."""
        shown = [i for i in self.items if i.article_id not in digest.left_out]
        if self.key == TOP:
            return "以上稿件仍计入各自类别。" if shown else ""
        inside = [i for i in digest.items if i.class_id == self.key]
        left, away = sum(i.article_id in digest.left_out for i in inside), sum(
            digest.shelf(i) != self.key and i.article_id not in digest.left_out for i in inside)
        moved_in = sum(i.class_id != self.key for i in shown)
        said = [f"另有{left}篇从略" if left else "", f"另有{away}篇列入其他部分" if away else "", f"含由其他类别列入的{moved_in}篇，不计入本类" if moved_in else ""]
        return "；".join(filter(None, said)) + "。" if any(said) else ""


def shelves(digest: Digest) -> list[Shelf]:
    """In the order of the paper: what editors set on top, then the classes that have a piece or are given one."""
    held: dict[str, list[DigestItem]] = {}
    for item in digest.items:
        held.setdefault(digest.shelf(item), []).append(item)
    made = [Shelf(TOP, "本期要闻", 0, tuple(held[TOP]))] if TOP in held else []
    return made + [Shelf(c.class_id, c.name, c.pieces, tuple(held.get(c.class_id, ()))) for c in digest.classes
                   if c.pieces or c.class_id in held]


def _listed(digest: Digest, name: str, items: list[DigestItem]) -> list[Block]:
    if not items:
        return []
    rows = tuple((n, lines(digest, i), "、".join(i.units) or "—", standing(i)) for n, i in enumerate(items, 1))
    return [Grid(name, ITEM_HEADS, rows, (13, 87, 22, 34), tuple(f"/clippings/{i.article_id}" for i in items))]


def lines(digest: Digest, item: DigestItem) -> tuple[str, ...]:
    """Title; where, when and by whom; the address where there is no page; the editors' annotation."""
    note = digest.notes.get(item.article_id, "")
    found = "" if item.page_no else show.web_address(item.url)
    return tuple(filter(None, (item.title or "（无标题）", "；".join(filter(None, (place(item), when(item), people(item)))), found,
        f"计入{item.class_name}" if digest.shelf(item) != item.class_id else "", f"编者按：{note}" if note else "")))


def place(item: DigestItem) -> str:
    return item.outlet + (f" 第{item.page_no}版" if item.page_no else "") + (f" {item.position}" if item.position else "")


def when(item: DigestItem) -> str:
    return show.digest_day(item.published, item.precision)


def people(item: DigestItem) -> str:
    return " ".join(filter(None, (f"记者 {'、'.join(item.authors)}" if item.authors else "",
                                  f"通讯员 {'、'.join(item.correspondents)}" if item.correspondents else "")))


def standing(item: DigestItem) -> str:
    """`首发已确认，共3篇，最高省级媒体`."""
    said = [item.first_label or "—"]
    if item.copies > 1:
        said += [f"共{item.copies}篇", f"最高{item.highest_class or show.tier(item.highest_tier)}"]
    return "，".join(said)


TASK_HEADS = ("分组", "单位", "报送", "采用", "任务", "完成")


def task_rows(digest: Digest) -> tuple[tuple[object, ...], ...]:
    return tuple((t.group, t.label, t.submitted, t.adopted, t.needed, ("是" if t.met else "否") if t.needed else "—") for t in digest.tasks)


def _tasks(digest: Digest) -> list[Block]:
    submitted, adopted = sum(t.submitted for t in digest.tasks), sum(t.adopted for t in digest.tasks)
    short = [t.label for t in digest.tasks if t.needed and not t.met]
    said = f"各单位报送{submitted}篇，记账采用{adopted}篇。" + (f"未完成任务的单位：{'、'.join(short)}。" if short else "")
    return [Text(said), Grid("tasks", TASK_HEADS, task_rows(digest), (34, 50, 18, 18, 18, 18)), Text(stamp(digest), "as_of")]


RANK_HEADS = ("分组", "名次", "变化", "单位", "篇数", "得分")


def rank_rows(digest: Digest) -> tuple[tuple[object, ...], ...]:
    return tuple((s.group, s.rank or "否决", moved(digest, s), digest.unit_names.get(s.unit_id, s.unit_id), s.pieces, show.points(s.cents))
                 for s in scored(digest))


def _units(digest: Digest, drawn: dict[str, Picture]) -> list[Block]:
    blocks: list[Block] = [Figure(drawn["units"])] if "units" in drawn else []
    rows = rank_rows(digest)
    if not rows:
        return [*blocks, Text("本期没有记账。" + stamp(digest))]
    said = "积分排名按本期记账，名次变化与上期相比。" + stamp(digest)
    return [*blocks, Text(said, "as_of"), Grid("ranks", RANK_HEADS, rows, (30, 16, 16, 54, 18, 22), at=3)]


def _own(digest: Digest) -> list[Block]:
    if not digest.own_total:
        return [Text("本期没有读到自有平台发布的稿件。")]
    rows = tuple((p.outlet, p.pieces, p.firsts) for p in digest.platforms)
    blocks: list[Block] = [Text(f"自有平台发布{digest.own_total}篇，另行统计，不计入上述合计。{stamp(digest)}"),
                           Grid("platforms", ("平台", "篇数", "首发"),
                           (*rows, ("合计", digest.own_total, sum(p.firsts for p in digest.platforms))), (96, 30, 30),
                                total=True)]
    if digest.until - digest.since <= timedelta(days=LISTED_DAYS):
        printed = [i for i in digest.own_items if i.article_id not in digest.left_out]
        blocks += [Heading("（一）自有平台稿件", 2), *_listed(digest, "items-own", printed)]
        if left := digest.own_total - len(printed):
            blocks.append(Text(f"另有{left}篇从略。", "as_of"))
    return blocks


WORRY_HEADS = ("媒体", "情况", "自何时起", "说明")


def worry_rows(digest: Digest) -> tuple[tuple[object, ...], ...]:
    names = {"silent": "久无新稿", "failed": "失败或未读到"}
    return tuple((w.outlet, names[w.state], show.minute(w.since) if w.since else "从未读到", w.reason) for w in digest.coverage.worries)


def _coverage(digest: Digest) -> list[Block]:
    held = digest.coverage
    blocks: list[Block] = [Text(f"应读媒体{held.outlets}家，本期起读到{held.read}家；久无新稿{len(held.silent)}家，采集失败或未读到{len(held.failed)}家；"
                                f"处理出错被隔离的页面{held.quarantined}个。采集状态截至{moment(held.as_of)}。")]
    if rows := worry_rows(digest):
        blocks.append(Grid("coverage", WORRY_HEADS, rows, (38, 26, 36, 56), at=0))
    return blocks
