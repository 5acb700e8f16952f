"""The papers of a period put together from the ledger, the claims and the clippings: every number is counted here, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from analysis.periods import after, day_of, label, months, period_of
from analysis.scoring import settled, shortfalls
from analysis.scoring.numbers import shares
from analysis.scoring.settling import Settled

from model.bureau import Bureau
from model.circular import Annual, AnnualLine, Circular, CircularItem, ClassCount, Letter, OutletLine, PersonLine, Statement, UnitLine
from model.claim import Claim, Period, Verdict, period
from model.credit import LedgerRow, Scheme
from model.ledger import ranked, replay, standing_rows
from model.outlet import Tier
from model.ports import Store

GONE = "已撤销单位"
_ALL = 1_000_000                   # a period's ledger is read whole: a ranking of a part of it would be false
_OTHER = {"award": "奖惩", "veto": "一票否决", "start": "基础分", "quota": "任务扣分", "rate": "采用率扣分", "adjust": "更正"}


def groups_of(bureau: Bureau, rows: Sequence[LedgerRow] = ()) -> dict[str, str]:
    """unit id → ranking group, of every unit but the bureau itself where it has nothing; units that are gone but have rows come last."""
    booked = {r.unit_id for r in rows}
    found = {u.id: u.group or "未分组" for u in bureau.units if not u.is_bureau or u.id in booked}
    return found | {unit: GONE for unit in sorted(booked - found.keys())}


def scheme_for(bureau: Bureau, name: str) -> Scheme | None:
    """The scheme in force on the last day of the period."""
    return bureau.scheme_on(period(name).last.isoformat())


def handed_in(store: Store, span: Period) -> list[Claim]:
    """Claims handed in for the period or for one inside it; of those for a longer one, what was published in it."""
    first, last = span.first.isoformat(), span.last.isoformat()
    inside, around = {span.id: None}, dict.fromkeys((period_of(first), str(span.first.year)))
    for month in months(span):
        quarter = period(period_of(f"{month[:4]}-{month[5:]}-01"))
        inside[month] = None
        if span.holds(quarter.first) and span.holds(quarter.last):
            inside[quarter.id] = None
    found = [c for name in inside for c in store.claims(period=name, limit=_ALL)]
    return found + [c for name in around if name not in inside for c in store.claims(period=name, limit=_ALL) if first <= c.row.day <= last]


def claim_month(claim: Claim, span: Period) -> str:
    """The month a claimed row counts in: of its publication when that lies in the period, else the period's last."""
    day = claim.row.day
    return period_of(day, "month") if day and span.first.isoformat() <= day <= span.last.isoformat() else period_of(span.last.isoformat(), "month")


def counts(store: Store, scheme: Scheme | None, span: Period) -> dict[tuple[str, str, str], int]:
    """(unit id, month, "submitted" | "adopted") → pieces, over the whole of the longest task that ends in the period."""
    whole = period(str(span.first.year)) if scheme and any(q.per == "year" for q in scheme.tasks) else span
    found: Counter[tuple[str, str, str]] = Counter()
    for claim in handed_in(store, whole):
        found[claim.unit_id, claim_month(claim, whole), "submitted"] += 1
    per = scheme.period if scheme else "quarter"
    name = period_of(whole.first.isoformat(), per)
    rows: list[LedgerRow] = []
    while period(name).first <= whole.last:
        rows += store.ledger(period=name, limit=_ALL)
        name = after(name)
    for row in standing_rows(rows):
        if row.kind == "piece":
            found[row.unit_id, period_of(row.day or row.at, "month"), "adopted"] += 1
    return found


def outstanding(store: Store, bureau: Bureau, name: str) -> list[Settled]:
    """What the end of the period will make and that is not booked yet."""
    scheme, span = scheme_for(bureau, name), period(name)
    if scheme is None:
        return []
    rows = store.ledger(period=name, limit=_ALL)
    booked = {(r.unit_id, r.kind, r.reason) for r in standing_rows(rows) if r.origin == "rule"}
    return [s for s in settled(scheme, span, groups_of(bureau), counts(store, scheme, span)) if (s.unit_id, s.kind, s.reason) not in booked]


def circular(store: Store, bureau: Bureau, name: str, now: datetime, letter: Letter = Letter()) -> Circular:
    scheme, span, state = scheme_for(bureau, name), period(name), store.period_state(name)
    rows = sorted(store.ledger(period=name, limit=_ALL), key=lambda r: r.id)
    standing = [r for r in standing_rows(rows) if r.kind == "piece"]
    titles, outlets = _titles(store, standing), _outlets(store, bureau, standing)
    items = _items(standing, titles, outlets)
    groups = groups_of(bureau, rows)
    claims = handed_in(store, span)
    today = day_of(now) if state.open else ""      # what is not over cannot be missed yet
    short = shortfalls(scheme, span, groups_of(bureau), counts(store, scheme, span), today) if scheme else []
    names = {u.id: u.label for u in bureau.units}
    classes = {c.id: c.name for c in scheme.classes} if scheme else {}
    classes |= {i.class_id: i.class_name for i in items if i.class_id not in classes}
    units = _units(rows, standing, items, claims, groups, names, scheme)
    return Circular(
        bureau.name, bureau.office, name, label(name), span.first.isoformat(), span.last.isoformat(), now,
        f"{scheme.name}（{scheme.version}）" if scheme else "没有生效的办法", scheme.measure if scheme else "分", state,
        len(items), sum(len(i.units) - 1 for i in items), len([c for c in claims if c.unit_id in groups]),
        tuple(ClassCount(k, v, sum(i.class_id == k for i in items)) for k, v in classes.items()), units, tuple(items),
        _adoption(items), tuple(people(standing, names)), tuple(short), letter, len(store.proposals()), len(store.appeals(state="open")))


def _units(rows: list[LedgerRow], standing: list[LedgerRow], items: list[CircularItem], claims: list[Claim], groups: Mapping[str, str],
           names: Mapping[str, str], scheme: Scheme | None) -> tuple[UnitLine, ...]:
    balances = replay(rows)
    mine: dict[str, list[LedgerRow]] = defaultdict(list)
    for row in standing:
        mine[row.unit_id].append(row)
    sums = {u: (b.cents, b.pieces, {}) for u, b in balances.items()}
    vetoed = [u for u, b in balances.items() if b.vetoes > 0]
    found = []
    counted = {r.id for r in standing}
    for place in ranked(sums, groups, vetoed):
        unit = place.unit_id
        held = [i for i in items if unit in i.units]
        earned = sum(r.cents for r in mine[unit])
        taken_back = {r.corrects for r in rows if r.corrects is not None}
        other = [r for r in rows if r.unit_id == unit and r.id not in counted and r.id not in taken_back and not (r.corrects and _within(r, rows))]
        found.append(UnitLine(
            unit, names.get(unit, unit), place.group, sum(c.unit_id == unit for c in claims),
            sum(c.unit_id == unit and c.standing is Verdict.VERIFIED for c in claims), len(held),
            dict(Counter(i.class_id for i in held)), sum(i.tier in (Tier.CENTRAL, Tier.INDUSTRY) for i in held),
            sum(i.tier == Tier.PROVINCIAL for i in held), earned, place.cents - earned, place.cents, place.rank, place.vetoed,
            None if scheme is None or scheme.pass_cents is None else not place.vetoed and place.cents >= scheme.pass_cents,
            tuple(f"{_OTHER.get(r.kind, '以前各期更正')}：{r.arithmetic}（{r.reason}）" for r in other)))
    return tuple(found)


def _within(row: LedgerRow, rows: list[LedgerRow]) -> bool:
    return any(r.id == row.corrects for r in rows)


def _items(standing: list[LedgerRow], titles: Mapping[int, str], outlets: Mapping[int, tuple[str, str]]) -> list[CircularItem]:
    """Each piece once, in order of class as booked and day."""
    held: dict[tuple, list[LedgerRow]] = defaultdict(list)
    for row in standing:
        held[(row.article_id, row.claim_id if not row.article_id else 0) if row.article_id or row.claim_id else (0, -row.id)].append(row)
    found = []
    for rows in held.values():
        first = rows[0]
        outlet, tier = outlets[first.id]
        persons = dict.fromkeys(p for r in rows for p in r.person.split("、") if p)
        found.append(CircularItem(first.article_id, first.claim_id, titles[first.id], outlet, tier, first.class_id, first.class_name,
                                  first.day or period_of(first.at, "month"), tuple(r.unit_id for r in rows), "、".join(persons), sum(r.cents for r in rows)))
    return sorted(found, key=lambda i: (-_rank(i.tier), i.class_id, i.day, i.outlet, i.title))


def _rank(tier: str) -> int:
    return Tier(tier).rank if tier in set(Tier) else 0


def _adoption(items: list[CircularItem]) -> tuple[OutletLine, ...]:
    held: dict[tuple[str, str], list[CircularItem]] = defaultdict(list)
    for item in items:
        held[item.outlet, item.class_name].append(item)
    lines = [OutletLine(outlet, klass, dict(Counter(u for i in mine for u in i.units)), len(mine)) for (outlet, klass), mine in held.items()]
    order = list(dict.fromkeys(i.class_name for i in items))
    return tuple(sorted(lines, key=lambda o: (order.index(o.class_name), -o.pieces, o.outlet)))


def people(standing: Sequence[LedgerRow], names: Mapping[str, str]) -> list[PersonLine]:
    """Correspondents by points; those named together share a row's points equally, without losing a hundredth."""
    cents: Counter[tuple[str, str]] = Counter()
    pieces: Counter[tuple[str, str]] = Counter()
    for row in standing:
        persons = [p for p in row.person.split("、") if p]
        for name, part in zip(persons, shares(row.cents, [Fraction(1)] * len(persons))):
            cents[name, row.unit_id] += part
            pieces[name, row.unit_id] += 1
    lines = [PersonLine(name, unit, names.get(unit, unit), pieces[name, unit], cents[name, unit]) for name, unit in cents]
    return sorted(lines, key=lambda p: (-p.cents, -p.pieces, p.unit_id, p.name))


def _titles(store: Store, rows: Sequence[LedgerRow]) -> dict[int, str]:
    """row id → title of its piece (or what the row is)."""
    articles = {c.id: c.article.title for c in store.clippings(list({r.article_id for r in rows if r.article_id}))}
    found = {}
    for row in rows:
        claim = store.claim(row.claim_id) if row.claim_id and row.article_id not in articles else None
        found[row.id] = articles.get(row.article_id) or (claim.row.title if claim else "") or row.class_name
    return found


def _outlets(store: Store, bureau: Bureau, rows: Sequence[LedgerRow]) -> dict[int, tuple[str, str]]:
    """row id → (outlet name, tier)."""
    articles = {c.id: (c.outlet_name, c.tier) for c in store.clippings(list({r.article_id for r in rows if r.article_id}))}
    found = {}
    for row in rows:
        if row.article_id in articles:
            found[row.id] = articles[row.article_id]
            continue
        outlet = bureau.outlet(row.outlet_id)
        claim = None if outlet or not row.claim_id else store.claim(row.claim_id)
        found[row.id] = (outlet.name, outlet.tier.value) if outlet else (claim.row.outlet if claim else row.class_name, "unknown")
    return found


def statement(store: Store, bureau: Bureau, unit_id: str, name: str, now: datetime) -> Statement:
    whole = circular(store, bureau, name, now)
    line = next((u for u in whole.units if u.unit_id == unit_id), None)
    if line is None:
        unit = bureau.unit(unit_id)
        if unit is None:
            raise ValueError(f"没有单位“{unit_id}”")
        line = UnitLine(unit_id, unit.label, unit.group or "未分组", 0, 0, 0, {}, 0, 0, 0, 0, 0, 1)
    rows = sorted(store.ledger(unit_id=unit_id, period=name, limit=_ALL), key=lambda r: r.id)
    titles = _titles(store, rows)
    return Statement(bureau.name, bureau.office, whole.label, now, whole.scheme, whole.measure, whole.state, line,
                     len(whole.groups.get(line.group, ())), tuple(rows), titles, tuple(s for s in whole.shortfalls if s.unit_id == unit_id))


def annual(store: Store, bureau: Bureau, year: str, now: datetime) -> Annual:
    """The year as the sum of its periods; a scheme closed by months gives twelve, by quarters four."""
    span = period(year)
    scheme = bureau.scheme_on(min(span.last.isoformat(), max(now.date().isoformat(), span.first.isoformat())))
    name, names_of = period_of(span.first.isoformat(), scheme.period if scheme else "quarter"), []
    while period(name).first <= span.last:
        names_of.append(name)
        name = after(name)
    rows = {one: store.ledger(period=one, limit=_ALL) for one in names_of}
    every = [r for held in rows.values() for r in held]
    groups, total = groups_of(bureau, every), replay(every)
    parts = {one: replay(held) for one, held in rows.items()}
    handed = Counter(c.unit_id for c in handed_in(store, span))
    names = {u.id: u.label for u in bureau.units}
    sums = {u: (b.cents, b.pieces, {}) for u, b in total.items()}
    lines = [AnnualLine(p.unit_id, names.get(p.unit_id, p.unit_id), p.group,
                        {one: parts[one][p.unit_id].cents if p.unit_id in parts[one] else 0 for one in names_of}, p.cents, p.pieces, handed[p.unit_id],
                        p.rank, p.vetoed) for p in ranked(sums, groups, [u for u, b in total.items() if b.vetoes > 0])]
    return Annual(bureau.name, bureau.office, year, now, scheme.measure if scheme else "分", tuple(store.period_state(one) for one in names_of),
                  tuple(lines), {one: label(one) for one in names_of})
