"""The one place where the numbers of a digest are made, and the check that the parts make the totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from model.alert import OPEN_STATES, ClockState, Incident, IncidentState
from model.bureau import Bureau
from model.case import case_of
from model.clipping import Clipping
from model.credit import LedgerRow, Scheme, Standing
from model.digest import (
    BinCount, ClassTotal, Coverage, Digest, DigestItem, EventFact, PlatformCount, Span, Spread, UnitCount, UnitTask, Worry,
)
from model.ledger import ranked, replay
from model.page import PageStatus
from model.ports import Store
from model.ports_claims import ClaimReader
from model.ports_digest import DigestStore
from model.source_state import Health, SourceState

from dashboards import show
from dashboards.classes import OTHER, class_of, is_own, scheme_in
from dashboards.weeks import local, span_at, span_before, span_between


class DigestSource(Store, ClaimReader, DigestStore, Protocol):
    """What the numbers are read from."""


Mask = Callable[[str], str]
_DAYS = 62                         # a longer span is drawn by months
_PLURAL = ("month", "quarter", "half", "year")


def build(store: DigestSource, bureau: Bureau, since: datetime, until: datetime, now: datetime, mask: Mask = str) -> Digest:
    """The digest of [since, until), made at `now`; classes are those of the scheme in force on its last day.

    `mask` hides what names patients; it is put over every text of the press that leaves the house.
    """
    span = span_between(since, until)
    scheme, before = scheme_in(bureau, until), span_before(span)
    classes = Classes(bureau, scheme)
    items, own = [], []
    for clipping in store.clippings_between(since, until):
        (own if classes.is_own(clipping.outlet_id, clipping.tier) else items).append(_item(clipping, bureau, classes, mask))
    past = [(outlet, tier, first, n) for _, outlet, tier, first, n in store.piece_counts(before.since, before.until)
            if not classes.is_own(outlet, tier)]
    past_classes: Counter[str] = Counter()
    for outlet, tier, _, n in past:
        past_classes[classes.of(outlet, tier)[0]] += n
    firsts = sum(i.is_first for i in items)
    rows = store.ledger_between(since, until)
    return Digest(
        number=issue_number(span), bureau=bureau.name, office=bureau.office, since=since, until=until, made_at=now,
        total=len(items), previous_total=sum(n for *_, n in past), firsts=firsts, reposts=len(items) - firsts, own_total=len(own),
        classes=_totals(items, scheme, past_classes), items=tuple(items), own_items=tuple(own),
        incidents=(inc := _incidents(store, since, until, mask)),
        standings=tuple(standings(rows, bureau)), coverage=_coverage(store, bureau, since, now),
        unit_names={u.id: u.label for u in bureau.units},
        span=span, negative=sum(i.negative for i in items),
        units=_units(items, bureau), bins=_bins(items, span), events=tuple(_event(store, i, mask) for i in inc),
        carried=sum(i.opened_at < since for i in store.incidents([s.value for s in OPEN_STATES], 1000)),
        previous_ranks={s.unit_id: s.rank for s in standings(store.ledger_between(before.since, before.until), bureau)
                        if s.pieces or s.cents},
        spread=_spread(store, items, mask), platforms=_platforms(own), tasks=_tasks(store, bureau, scheme, span, rows, now),
    )


def issue_number(span: Span | datetime) -> str:
    """`〔2026〕第47期`: for a week, year and number of the ISO week; for the others their number in the year."""
    if isinstance(span, datetime):
        span = span_at("week", span)
    day = local(span.since)
    if span.kind == "week":
        year, week, _ = day.isocalendar()
        return f"〔{year}〕第{week}期"
    if span.kind == "span":
        return f"〔{day.year}〕{span.label.removeprefix(f'{day.year}年')}专期"
    number = {"month": day.month, "quarter": (day.month + 2) // 3, "half": 1 if day.month < 7 else 2, "year": 1}[span.kind]
    return f"〔{day.year}〕第{number}期"


class Classes:
    """In which class an outlet counts, looked up once for each."""

    def __init__(self, bureau: Bureau, scheme: Scheme | None):
        self.of = cache(lambda outlet_id, tier: class_of(scheme, outlet_id, tier))
        self.is_own = cache(lambda outlet_id, tier: is_own(bureau, outlet_id, tier))


def _item(clipping: Clipping, bureau: Bureau, classes: Classes, mask: Mask) -> DigestItem:
    article, story = clipping.article, clipping.story
    class_id, class_name = classes.of(clipping.outlet_id, clipping.tier)
    units = [unit for unit in map(bureau.unit, clipping.unit_ids) if unit]
    highest = story.highest_tier if story else clipping.tier
    return DigestItem(
        article_id=clipping.id, story_id=story.id if story else 0, title=mask(article.title), outlet=clipping.outlet_name,
        tier=clipping.tier,
        class_id=class_id, class_name=class_name, url=article.url, published=article.published, precision=article.precision,
        authors=article.authors, correspondents=article.correspondents, units=tuple(u.label for u in units), is_first=clipping.is_first,
        first_label=show.standing_of(clipping), copies=story.copies if story else 1,
        highest_tier=highest, page_no=article.page_no, negative=show.is_negative(clipping), seen=clipping.first_seen,
        page_name=article.page_name, position=article.position,
        highest_class=class_name if highest == clipping.tier else _class_of_tier(classes, highest), unit_ids=tuple(u.id for u in units),
    )


def _class_of_tier(classes: Classes, tier: str) -> str:
    class_id, name = classes.of("", tier)
    return show.tier(tier) if class_id == OTHER[0] else name


def _totals(items: list[DigestItem], scheme: Scheme | None, past: Counter[str]) -> tuple[ClassTotal, ...]:
    """Every class of the scheme in its order, empty ones too; 其他 only when something is or was in it."""
    pieces, firsts = Counter(i.class_id for i in items), Counter(i.class_id for i in items if i.is_first)
    names = {c.id: c.name for c in scheme.classes} if scheme else {}
    if (pieces[OTHER[0]] or past[OTHER[0]]) and OTHER[0] not in names:
        names[OTHER[0]] = OTHER[1]
    return tuple(ClassTotal(key, name, pieces[key], firsts[key], pieces[key] - firsts[key], past[key]) for key, name in names.items())


def _units(items: list[DigestItem], bureau: Bureau) -> tuple[UnitCount, ...]:
    counts = {unit.id: [0, 0, 0] for unit in bureau.units}
    for item in items:
        for unit_id in item.unit_ids:
            held = counts[unit_id]
            held[0] += 1
            held[1] += item.is_first
            held[2] += item.negative
    names = {u.id: u.label for u in bureau.units}
    return tuple(UnitCount(u, names[u], *n) for u, n in sorted(counts.items(), key=lambda kv: (-kv[1][0], -kv[1][1])) if n[0])


def _bins(items: list[DigestItem], span: Span) -> tuple[BinCount, ...]:
    """Every day (or month) of the span, empty ones too."""
    first, last = local(span.since).date(), local(span.until - timedelta(microseconds=1)).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    form = "%m/%d" if len(days) <= _DAYS else "%Y-%m"
    counts: dict[str, Counter[str]] = {day.strftime(form): Counter() for day in days}
    for item in items:
        counts[local(item.published or item.seen).strftime(form)][item.class_id] += 1
    return tuple(BinCount(name, dict(by_class)) for name, by_class in counts.items())


def _incidents(store: DigestSource, since: datetime, until: datetime, mask: Mask) -> tuple[Incident, ...]:
    """Opened in the span, the gravest first; false alarms and those merged into others are none."""
    held = [replace(i, title=mask(i.title), reason=mask(i.reason)) for i in store.incidents_between(since, until)
            if i.state not in (IncidentState.FALSE_ALARM, IncidentState.MERGED)]
    return tuple(sorted(held, key=lambda i: (i.level, i.opened_at)))


def _event(store: DigestSource, incident: Incident, mask: Mask) -> EventFact:
    clocks = store.case_clocks(incident.id)
    missed = [c.name for c in clocks if c.state is ClockState.MISSED]
    answers = case_of(store.incident_events(incident.id)).answers
    answer = ""
    if answers:
        last = answers[-1]
        how = "、".join(filter(None, (last.channel, last.way)))
        answer = mask(f"{show.digest_day(last.at, 'minute')}{f' 经{how}' if how else ''}回应：{_cut(last.content, 120)}")
    return EventFact(incident, sum(c.state is ClockState.MET for c in clocks), len(missed),
        sum(c.state is ClockState.RUNNING for c in clocks),
                     answer, tuple(missed))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most - 1] + "…"


def _spread(store: DigestSource, items: list[DigestItem], mask: Mask) -> Spread | None:
    """Of the story with the most copies, when it has any."""
    top = max(items, key=lambda i: (i.copies, i.is_first), default=None)
    if top is None or top.copies < 2 or not top.story_id:
        return None
    copies = sorted(((c.article.published or c.first_seen), c.outlet_name, c.tier) for c in store.story_copies(top.story_id))
    story = store.story(top.story_id)
    return Spread(top.story_id, mask(story.title) if story else top.title, tuple(copies))


def _platforms(own: list[DigestItem]) -> tuple[PlatformCount, ...]:
    pieces, firsts = Counter(i.outlet for i in own), Counter(i.outlet for i in own if i.is_first)
    return tuple(PlatformCount(name, n, firsts[name]) for name, n in pieces.most_common())


def _tasks(store: DigestSource, bureau: Bureau, scheme: Scheme | None, span: Span, rows: list[LedgerRow],
        now: datetime) -> tuple[UnitTask, ...]:
    """报送 and 采用 of every unit against its task: rows handed in, and pieces booked, within the span; months that have begun count."""
    if span.kind not in _PLURAL:
        return ()
    submitted = Counter(c.unit_id for c in store.claims(limit=100_000) if span.since <= c.handed_in < span.until)
    adopted = {unit: held.pieces for unit, held in replay(rows).items()}
    end = min(local(now), local(span.until - timedelta(microseconds=1)))
    begun = (end.year - local(span.since).year) * 12 + end.month - local(span.since).month + 1
    turns = {"month": begun, "quarter": begun // 3, "year": begun // 12}
    quota = next((q for q in (scheme.tasks if scheme else ()) if turns[q.per]), None)
    return tuple(UnitTask(u.id, u.label, u.group or "未分组", submitted[u.id], adopted.get(u.id, 0),
                          quota.of(u.group) * turns[quota.per] if quota else 0, quota.counts if quota else "submitted")
                 for u in bureau.units if not u.is_bureau)


def standings(rows: list[LedgerRow], bureau: Bureau) -> list[Standing]:
    """The ranking that a stretch of the ledger makes, with every unit of the bureau in it."""
    balances = replay(rows)
    groups = {unit.id: unit.group or "未分组" for unit in bureau.units}
    for gone in balances.keys() - groups.keys():
        groups[gone] = "已撤销单位"
    sums = {unit: (held.cents, held.pieces, held.by_class) for unit, held in balances.items()}
    return ranked(sums, groups, [unit for unit, held in balances.items() if held.vetoes > 0])


def _coverage(store: DigestSource, bureau: Bureau, since: datetime, now: datetime) -> Coverage:
    """Of the outlets that have sources: read (one answered since `since`), silent, failed (one fails or is paused, or none was read)."""
    held: dict[str, list[SourceState]] = defaultdict(list)
    for source in store.source_states():
        held[source.outlet_id].append(source)
    read, silent, failed, worries = 0, [], [], []
    for outlet_id, sources in held.items():
        outlet = bureau.outlet(outlet_id)
        name = outlet.name if outlet else outlet_id
        answered = any(s.last_ok and s.last_ok >= since for s in sources)
        read += answered
        if not answered or any(s.health in (Health.FAILING, Health.PAUSED) for s in sources):
            failed.append(name)
            worries.append(_worry(name, "failed", sources))
        elif any(s.health is Health.SILENT for s in sources):
            silent.append(name)
            worries.append(_worry(name, "silent", sources))
    quarantined = store.page_counts(since).get(PageStatus.QUARANTINED.value, 0)
    return Coverage(len(held), read, tuple(silent), tuple(failed), quarantined, now, tuple(worries))


def _worry(outlet: str, state: str, sources: list[SourceState]) -> Worry:
    """Since when: of a silent outlet its last new piece, of a failing one the last time it answered."""
    moments = [s.last_new if state == "silent" else s.last_ok for s in sources]
    reasons = dict.fromkeys(show.source_worry(s) or ("从未采集" if s.last_poll is None else "本期未读到") for s in sources
                            if s.health is not Health.OK or not s.last_ok)
    return Worry(outlet, state, max((m for m in moments if m), default=None), "；".join(reasons) or "本期未读到")


def check(digest: Digest) -> list[str]:
    """What does not add up, in Chinese; an empty list when every part makes its total."""
    wrong = []

    def equal(name: str, total: int, parts: int) -> None:
        if total != parts:
            wrong.append(f"{name}：总数 {total}，分项合计 {parts}")

    equal("各类别篇数", digest.total, sum(c.pieces for c in digest.classes))
    equal("稿件清单", digest.total, len(digest.items))
    equal("首发与转载", digest.total, digest.firsts + digest.reposts)
    equal("各类别首发", digest.firsts, sum(c.firsts for c in digest.classes))
    equal("各类别转载", digest.reposts, sum(c.reposts for c in digest.classes))
    equal("自有平台清单", digest.own_total, len(digest.own_items))
    for total in digest.classes:
        equal(f"类别“{total.name}”首发与转载", total.pieces, total.firsts + total.reposts)
        equal(f"类别“{total.name}”清单", total.pieces, sum(i.class_id == total.class_id for i in digest.items))
    if digest.span:
        equal("逐日篇数", digest.total, sum(b.pieces for b in digest.bins))
        equal("上期各类别篇数", digest.previous_total, sum(c.previous for c in digest.classes))
        equal("舆情事件", len(digest.incidents), len(digest.events))
        equal("自有平台", digest.own_total, sum(p.pieces for p in digest.platforms))
        equal("负面稿件", digest.negative, sum(i.negative for i in digest.items))
    for row in digest.standings:
        equal(f"单位“{digest.unit_names.get(row.unit_id, row.unit_id)}”各类别", row.pieces, sum(row.by_class.values()))
    if digest.coverage.read > digest.coverage.outlets:
        wrong.append(f"采集覆盖：应读 {digest.coverage.outlets} 家，却记为已读 {digest.coverage.read} 家")
    return wrong


class DoesNotAddUp(ValueError):
    """A digest whose parts do not make its totals never becomes a document."""


def require_sound(digest: Digest) -> None:
    """Raise `DoesNotAddUp` naming every sum that is wrong."""
    wrong = check(digest)
    if wrong:
        raise DoesNotAddUp("；".join(wrong))


def unconfirmed(digest: Digest) -> int:
    """Pieces whose story's first publication is not known for certain to anybody."""
    return sum(i.first_label == "首发未确认" for i in digest.items)


def change(now: int, before: int) -> str:
    """`增加3篇`, `减少2篇` or `持平`."""
    return "持平" if now == before else f"增加{now - before}篇" if now > before else f"减少{before - now}篇"


def parts(digest: Digest) -> str:
    """`其中中央媒体18篇、行业媒体15篇`: every class that has a piece."""
    return "、".join(f"{c.name}{c.pieces}篇" for c in digest.classes if c.pieces)


def moved(digest: Digest, row: Standing) -> str:
    """Change of place against the span before: `↑2`, `↓1`, `—` (the same), `新` (was not ranked then)."""
    before = digest.previous_ranks.get(row.unit_id, 0)
    if not row.rank:
        return "—"
    if not before:
        return "新"
    return "—" if before == row.rank else f"↑{before - row.rank}" if before > row.rank else f"↓{row.rank - before}"


def scored(digest: Digest) -> list[Standing]:
    """The lines of the ranking worth printing: units that had a piece, points or a veto."""
    return [s for s in digest.standings if s.pieces or s.cents or s.vetoed]
