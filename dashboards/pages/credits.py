"""积分: the ranking within groups, and the ledger with the arithmetic of every row."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from model.credit import LedgerRow
from model.ports import Store

from dashboards.digest import standings
from dashboards.render import page
from dashboards.visitor import Reading
from dashboards.weeks import quarter_of, quarters_back

router = APIRouter()
_ALL = 1_000_000                   # a quarter's ledger is read whole: a ranking of a part of it would be false
SHOWN = 300


@router.get("/credits")
def index(visitor: Reading, period: str = "", unit: str = "") -> Response:
    visitor.need("credits")
    office = visitor.office
    bureau, now = office.bureau(), office.clock.now()
    periods = quarters_back(now, 8)
    period = period if period in periods else quarter_of(now)
    only = visitor.only_unit
    unit = unit if only is None else only
    rows = office.store.ledger(period=period, limit=_ALL)
    columns = {row.class_id: row.class_name for row in rows}
    scheme = bureau.scheme_on(now.date().isoformat())
    ordered = {c.id: c.name for c in scheme.classes if c.id in columns or period == quarter_of(now)} if scheme else {}
    columns = {**ordered, **{k: v for k, v in columns.items() if k not in ordered}}
    placed = [s for s in standings(rows, bureau) if only is None or s.unit_id == only]
    groups: dict[str, list] = {}
    for standing in placed:
        groups.setdefault(standing.group, []).append(standing)
    listed = [r for r in rows if not unit or r.unit_id == unit] if only != "" else []
    return page(visitor, "credits.html", "/credits", groups=groups, columns=columns, rows=listed[:SHOWN], listed=len(listed),
                total=sum(r.cents for r in listed), period=period, periods=periods, unit=unit, scheme=scheme,
                titles=titles_of(office.store, listed[:SHOWN]), labels={u.id: u.label for u in bureau.units})


def titles_of(store: Store, rows: list[LedgerRow]) -> dict[int, str]:
    """article id → title, for the rows shown."""
    return {c.id: c.article.title for c in store.clippings(list({r.article_id for r in rows}))}
