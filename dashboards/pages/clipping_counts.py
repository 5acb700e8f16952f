"""剪报: the hits of a search counted by outlet, tier, judgement, unit and day, each a click to narrow it; asked for once the list stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from model.opinion import Label
from model.outlet import Tier
from model.search import Counts

from dashboards import show
from dashboards.pages.clippings import asked, query_of
from dashboards.render import part
from dashboards.visitor import Reading, Visitor

router = APIRouter()
_MOST, _DAYS = 8, 62               # lines of a group; a longer time is drawn by months
Line = tuple[str, int, str]        # (name, hits, where it is narrowed to, "" where it cannot be)


@router.get("/clippings/counts")
def counts(visitor: Reading, request: Request) -> Response:
    visitor.need("clippings")
    form = asked(request.query_params)
    query = query_of(visitor, form, 1)
    found = visitor.office.store.counts(query) if query else Counts(0)
    days = _days(found.days)
    return part(visitor, "parts/counts.html", total=found.total, groups=_groups(visitor, form, found), chart=_chart(days), days=days)


def _groups(visitor: Visitor, form: Mapping[str, str], found: Counts) -> list[tuple[str, list[Line]]]:
    bureau, labels, tiers = visitor.office.bureau(), {label.value for label in Label}, {t.value for t in Tier}

    def line(name: str, n: int, **more: str) -> Line:
        return name, n, "/clippings?" + urlencode({k: v for k, v in {**form, **more}.items() if v}) if more else ""

    made = {
        "层级": [line(show.tier(key), n, rank=f"tier:{key}") for key, n in found.tiers.items() if key in tiers],
        "研判": [line(Label(key).label, n, label=key) for key, n in found.labels.items() if key in labels],
        "媒体": [line(o.name, n, outlet=key) if (o := bureau.outlet(key)) else line("未登记的媒体", n) for key, n in found.outlets.items()],
    }
    if visitor.only_unit is None:
        made["单位"] = [line(u.label, n, unit=key) for key, n in found.units.items() if (u := bureau.unit(key))]
    return [(name, lines[:_MOST]) for name, lines in made.items() if lines]


def _days(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """By day, or by month when there are many days; the oldest first."""
    bins: Counter[str] = Counter()
    for day, n in counted.items():
        bins[day if len(counted) <= _DAYS else day[:7]] += n
    return sorted(bins.items())[-_DAYS:]


def _chart(days: list[tuple[str, int]]) -> dict[str, object]:
    return {"kind": "days", "axis": [name for name, _ in days], "series": [{"name": "剪报", "data": [n for _, n in days]}]}
