"""单位: counts a unit, and one unit's clippings and points."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from model.search import Query

from dashboards.pages.credits import titles_of
from dashboards.render import page
from dashboards.visitor import Forbidden, NotFound, Reading
from dashboards.weeks import quarter_of, span_of

router = APIRouter()
_SPANS = {"week": "本周", "month": "本月", "quarter": "本季度", "year": "本年"}
_ZERO = {"clippings": 0, "firsts": 0, "negative": 0}


@router.get("/units")
def index(visitor: Reading, span: str = "month") -> Response:
    visitor.need("units")
    if visitor.only_unit is not None:
        if not visitor.only_unit:
            raise Forbidden("您的账号还没有对应的单位，请联系管理员在“设置—用户”中指定。")
        return RedirectResponse(f"/units/{visitor.only_unit}", 303)
    span = span if span in _SPANS else "month"
    since, until = span_of(span, visitor.office.clock.now())
    counts = visitor.office.store.unit_counts(since, until)
    rows = [(unit, {**_ZERO, **counts.get(unit.id, {})}) for unit in visitor.office.bureau().units]
    rows.sort(key=lambda row: (-row[1]["clippings"], -row[1]["firsts"]))
    drawn = [row for row in rows if row[1]["clippings"]][:15]
    chart = {"kind": "bars", "axis": [u.label for u, _ in drawn], "series": [
        {"name": "首发", "data": [c["firsts"] for _, c in drawn]},
        {"name": "转载", "data": [c["clippings"] - c["firsts"] for _, c in drawn]}]}
    return page(visitor, "units.html", "/units", rows=rows, chart=chart if drawn else None, span=span, spans=_SPANS)


@router.get("/units/{unit_id}")
def one(visitor: Reading, unit_id: str) -> Response:
    visitor.need("units")
    unit = visitor.office.bureau().unit(unit_id)
    if unit is None or visitor.only_unit not in (None, unit_id):
        raise NotFound
    store, now = visitor.office.store, visitor.office.clock.now()
    numbers = []
    for name, words in _SPANS.items():
        counts = store.unit_counts(*span_of(name, now)).get(unit_id, {})
        numbers.append((words, {**_ZERO, **counts}))
    hits = store.search(Query(units=(unit_id,), per_page=15))
    ledger = store.ledger(unit_id=unit_id, period=quarter_of(now), limit=200)
    incidents = store.incidents((), 20, unit_id) if visitor.may("incidents") else []
    return page(visitor, "unit.html", "/units", unit=unit, numbers=numbers, found=store.clippings(hits.ids), total=hits.total,
                ledger=ledger, titles=titles_of(store, ledger), period=quarter_of(now), incidents=incidents)
