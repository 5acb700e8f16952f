"""The one place where the numbers of the weekly digest are made, and the check that the parts make the totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from model.bureau import Bureau
from model.clipping import Clipping
from model.credit import LedgerRow, Scheme, Standing, ranked, replay
from model.digest import ClassTotal, Coverage, Digest, DigestItem
from model.page import PageStatus
from model.ports import Store
from model.source_state import Health, SourceState

from dashboards import show
from dashboards.classes import OTHER, class_of, is_own, scheme_in
from dashboards.weeks import local


def build(store: Store, bureau: Bureau, since: datetime, until: datetime, now: datetime) -> Digest:
    """The digest of [since, until), made at `now`; classes are those of the scheme in force on its last day."""
    scheme = scheme_in(bureau, until)
    items, own = [], []
    for clipping in store.clippings_between(since, until):
        (own if is_own(bureau, clipping.outlet_id, clipping.tier) else items).append(_item(clipping, bureau, scheme))
    before = store.clippings_between(since - (until - since), since)
    firsts = sum(i.is_first for i in items)
    return Digest(
        number=issue_number(since), bureau=bureau.name, office=bureau.office, since=since, until=until, made_at=now,
        total=len(items), previous_total=sum(not is_own(bureau, c.outlet_id, c.tier) for c in before),
        firsts=firsts, reposts=len(items) - firsts, own_total=len(own), classes=_totals(items, scheme),
        items=tuple(items), own_items=tuple(own), incidents=tuple(sorted(store.incidents_between(since, until), key=lambda i: (i.level, i.opened_at))),
        standings=tuple(standings(store.ledger_between(since, until), bureau)),
        coverage=_coverage(store, bureau, since, now), unit_names={u.id: u.label for u in bureau.units},
    )


def issue_number(since: datetime) -> str:
    """`〔2026〕第47期`: year and number of the ISO week."""
    year, week, _ = local(since).isocalendar()
    return f"〔{year}〕第{week}期"


def _item(clipping: Clipping, bureau: Bureau, scheme: Scheme | None) -> DigestItem:
    article, story = clipping.article, clipping.story
    class_id, class_name = class_of(scheme, clipping.outlet_id, clipping.tier)
    units = [unit.label for unit in map(bureau.unit, clipping.unit_ids) if unit]
    return DigestItem(
        article_id=clipping.id, story_id=story.id if story else 0, title=article.title, outlet=clipping.outlet_name, tier=clipping.tier,
        class_id=class_id, class_name=class_name, url=article.url, published=article.published, precision=article.precision,
        authors=article.authors, correspondents=article.correspondents, units=tuple(units), is_first=clipping.is_first,
        first_label=show.standing_of(clipping), copies=story.copies if story else 1,
        highest_tier=story.highest_tier if story else clipping.tier, page_no=article.page_no, negative=show.is_negative(clipping),
    )


def _totals(items: list[DigestItem], scheme: Scheme | None) -> tuple[ClassTotal, ...]:
    """Every class of the scheme in its order, empty ones too; 其他 only when something is in it."""
    pieces, firsts = Counter(i.class_id for i in items), Counter(i.class_id for i in items if i.is_first)
    names = {c.id: c.name for c in scheme.classes} if scheme else {}
    if pieces[OTHER[0]] and OTHER[0] not in names:
        names[OTHER[0]] = OTHER[1]
    return tuple(ClassTotal(key, name, pieces[key], firsts[key], pieces[key] - firsts[key]) for key, name in names.items())


def standings(rows: list[LedgerRow], bureau: Bureau) -> list[Standing]:
    """The ranking that a stretch of the ledger makes, with every unit of the bureau in it."""
    balances = replay(rows)
    groups = {unit.id: unit.group or "未分组" for unit in bureau.units}
    for gone in balances.keys() - groups.keys():
        groups[gone] = "已撤销单位"
    sums = {unit: (held.cents, held.pieces, held.by_class) for unit, held in balances.items()}
    return ranked(sums, groups, [unit for unit, held in balances.items() if held.vetoes > 0])


def _coverage(store: Store, bureau: Bureau, since: datetime, now: datetime) -> Coverage:
    """Of the outlets that have sources: read (one answered since `since`), silent, failed (one fails or is paused, or none was read)."""
    held: dict[str, list[SourceState]] = defaultdict(list)
    for source in store.source_states():
        held[source.outlet_id].append(source)
    read, silent, failed = 0, [], []
    for outlet_id, sources in held.items():
        outlet = bureau.outlet(outlet_id)
        name = outlet.name if outlet else outlet_id
        answered = any(s.last_ok and s.last_ok >= since for s in sources)
        read += answered
        if not answered or any(s.health in (Health.FAILING, Health.PAUSED) for s in sources):
            failed.append(name)
        elif any(s.health is Health.SILENT for s in sources):
            silent.append(name)
    quarantined = store.page_counts(since).get(PageStatus.QUARANTINED.value, 0)
    return Coverage(len(held), read, tuple(silent), tuple(failed), quarantined, now)


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


def scored(digest: Digest) -> list[Standing]:
    """The lines of the ranking worth printing: units that had a piece, points or a veto."""
    return [s for s in digest.standings if s.pieces or s.cents or s.vetoed]
