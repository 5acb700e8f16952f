"""Papers from a case or a day with one click: as page, as Word file, the ledger as workbook.  Each is written into the audit log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from model.case import case_of

from dashboards import papers, papers_docx, papers_xlsx
from dashboards.media import DOCX, XLSX
from dashboards.pages.incidents import held, looked
from dashboards.papers import CasePaper
from dashboards.render import page
from dashboards.visitor import Forbidden, NotFound, Reading, Visitor
from dashboards.weeks import day_start, local

router = APIRouter()
_MADE = {"kuaibao": papers.kuaibao, "zhuanbao": papers.zhuanbao}
_DAYS = 30


def _of_case(visitor: Visitor, incident_id: int, kind: str) -> CasePaper:
    visitor.need("cases")
    incident, office = held(visitor, incident_id), visitor.office
    unit = visitor.only_unit
    if kind not in papers.NAMES:
        raise NotFound
    if unit is not None and kind != "jiaoban":
        raise Forbidden("单位只能取交办给本单位的交办单。")
    if unit is not None and not any(a.unit_id == unit for a in case_of(office.store.incident_events(incident_id)).assignments):
        raise NotFound
    facts, now = papers.facts(office.store, office.bureau(), incident), office.clock.now()
    looked(visitor, f"paper_{kind}", incident_id)
    made = papers.jiaoban(facts, office.bureau(), now, unit or "") if kind == "jiaoban" else _MADE[kind](facts, office.bureau(), now)
    return papers.masked(made, _mask(visitor))


def _mask(visitor: Visitor) -> Callable[[str], str]:
    """What hides patients' names and numbers in papers, the same as in the digest."""
    return visitor.office.digests.mask if visitor.office.digests else str


def _file(body: bytes, name: str, suffix: str, kind: str) -> Response:
    return Response(body, media_type=kind, headers={
        "content-disposition": f"attachment; filename=\"paper.{suffix}\"; filename*=UTF-8''{quote(f'{name}.{suffix}')}"})


@router.get("/incidents/{incident_id:int}/papers/{kind}")
def shown(visitor: Reading, incident_id: int, kind: str) -> Response:
    made = _of_case(visitor, incident_id, kind)
    return page(visitor, "duty/paper.html", "/incidents", paper=made, docx=f"/incidents/{incident_id}/papers/{kind}/docx",
                back=(f"/incidents/{incident_id}", f"第 {incident_id} 号"), days=())


@router.get("/incidents/{incident_id:int}/papers/{kind}/docx")
def docx(visitor: Reading, incident_id: int, kind: str) -> Response:
    made = _of_case(visitor, incident_id, kind)
    return _file(papers_docx.write(made), made.file, "docx", DOCX)


def _day(visitor: Visitor, text: str) -> date:
    visitor.need("duty")
    today = local(visitor.office.clock.now()).date()
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise NotFound from None
    if day > today or day.year < 2000:
        raise NotFound
    return day


def _ribao(visitor: Visitor, day: date) -> CasePaper:
    office = visitor.office
    office.store.audit(visitor.user.name, "paper_ribao", day.isoformat(), "ok", office.clock.now())
    return papers.masked(papers.ribao(office.store, office.bureau(), day, office.clock.now()), _mask(visitor))


@router.get("/papers/day")
def of_day(visitor: Reading, day: str = "") -> Response:
    """日报."""
    chosen = _day(visitor, day)
    today = local(visitor.office.clock.now()).date()
    return page(visitor, "duty/paper.html", "/incidents", paper=_ribao(visitor, chosen),
                docx=f"/papers/day/docx?day={chosen.isoformat()}", back=("/incidents", "舆情"),
                days=[((d := today - timedelta(days=n)).isoformat(), d == chosen) for n in range(_DAYS)])


@router.get("/papers/day/docx")
def day_docx(visitor: Reading, day: str = "") -> Response:
    made = _ribao(visitor, _day(visitor, day))
    return _file(papers_docx.write(made), made.file, "docx", DOCX)


@router.get("/papers/ledger")
def ledger(visitor: Reading, since: str = "", until: str = "") -> Response:
    """舆情台账 of the cases opened in a span of days (this year, where none is named)."""
    last = _day(visitor, until)
    first = _day(visitor, since) if since else last.replace(month=1, day=1)
    office = visitor.office
    incidents = sorted(office.store.incidents_between(day_start(first), day_start(last + timedelta(days=1))), key=lambda i: i.id)
    office.store.audit(visitor.user.name, "paper_ledger", f"{first}..{last}", "ok", office.clock.now())
    body = papers_xlsx.write(office.store, office.bureau(), incidents, first.isoformat(), last.isoformat(), _mask(visitor))
    return _file(body, f"舆情台账（{first.isoformat()}至{last.isoformat()}）", "xlsx", XLSX)
