"""The papers of credits on the page and as files: circular, statement, annual roll-up; preview of a scheme; claimed against found."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from fastapi.responses import Response
from model.circular import Annual, Circular, DoesNotLeave, Letter, Statement

from dashboards import circular_docx, circular_xlsx, statement_docx
from dashboards.media import DOCX, XLSX
from dashboards.pages.credits import chosen, desk_of, frame, names_of, need_score, statement_of
from dashboards.render import page
from dashboards.visitor import Forbidden, NotFound, Posting, Reading, Visitor
from dashboards.weeks import local

router = APIRouter()
POLICIES = {"": "按所选办法", "first": "只计首发", "highest": "取最高一级", "highest_per_class": "每类取一次", "sum": "累计", "never": "转载一律不计"}
_MOVED = 200


def _readable(visitor: Visitor) -> None:
    if visitor.only_unit is not None:
        raise Forbidden("通报印发前只给秘书处和领导看；本单位的账请看对账单。")


def _file(visitor: Visitor, paper: Circular | Statement | Annual, write: Callable[..., None], name: str, key: str) -> Response:
    """The paper as a file to take away; a paper with a fault is not handed out."""
    suffix = name.rsplit(".", 1)[1]
    with tempfile.TemporaryDirectory(prefix="jianbao-") as folder:
        path = Path(folder) / f"paper.{suffix}"
        write(paper, path)
        body = path.read_bytes()
    visitor.office.store.audit(visitor.user.name, f"download_{suffix}", key, "ok", visitor.office.clock.now())
    return Response(body, media_type=DOCX if suffix == "docx" else XLSX, headers={
        "content-disposition": f"attachment; filename=\"{key}.{suffix}\"; filename*=UTF-8''{quote(name)}"})


# the circular
@router.get("/credits/circular")
def circular(visitor: Reading, period: str = "") -> Response:
    return _circular(visitor, period, Letter())


def _circular(visitor: Visitor, period: str, letter: Letter, status: int = 200, refusal: str = "") -> Response:
    desk = desk_of(visitor)
    _readable(visitor)
    period, periods = chosen(desk, period)
    made = desk.circular(period, letter)
    return page(visitor, "credits/circular.html", "/credits", status, circular=made, title=circular_docx.title_of(made), period=period, periods=periods,
                wrong=replace(made, letter=Letter()).faults(), refusal=refusal, **frame(visitor, "circular"))


def _parts(text: str, most: int) -> tuple[str, ...]:
    return tuple(part.strip()[:1000] for part in text.replace("\r", "").split("\n") if part.strip())[:most]


@router.post("/credits/circular/{period}/{suffix}")
def circular_file(visitor: Posting, period: str, suffix: str, number: Annotated[str, Form()] = "", to: Annotated[str, Form()] = "",
                  copies_to: Annotated[str, Form()] = "", demands: Annotated[str, Form()] = "") -> Response:
    """Made with what the form gives: number, to whom, copies to, what is asked."""
    desk = need_score(visitor)
    if suffix not in ("docx", "xlsx") or period not in {p.id for p in desk.periods(8)}:
        raise NotFound
    names = tuple(filter(None, (part.strip() for line in _parts(copies_to, 50) for part in line.replace("，", "、").split("、"))))
    letter = Letter(number.strip()[:60], to.strip()[:200], names, _parts(demands, 20))
    made = desk.circular(period, letter)
    try:
        return _file(visitor, made, (circular_docx if suffix == "docx" else circular_xlsx).write, f"{circular_docx.title_of(made)}.{suffix}", f"circular-{period}")
    except DoesNotLeave as error:
        return _circular(visitor, period, letter, 409, str(error))


# a unit's statement
@router.get("/credits/unit/{unit_id}/{suffix}")
def statement(visitor: Reading, unit_id: str, suffix: str, period: str = "") -> Response:
    desk = desk_of(visitor)
    if suffix not in ("docx", "xlsx"):
        raise NotFound
    period, _ = chosen(desk, period)
    made = statement_of(visitor, unit_id, period)
    write = statement_docx.write if suffix == "docx" else circular_xlsx.write_statement
    return _file(visitor, made, write, f"{made.line.label}{made.label}积分对账单.{suffix}", f"statement-{period}")


# the year
@router.get("/credits/annual")
def annual(visitor: Reading, year: str = "") -> Response:
    desk = desk_of(visitor)
    _readable(visitor)
    years = _years(visitor)
    year = year if year in years else years[0]
    made = desk.annual(year)
    groups: dict[str, list] = {}
    for line in made.lines:
        groups.setdefault(line.group, []).append(line)
    return page(visitor, "credits/annual.html", "/credits", annual=made, groups=groups, years=years, year=year, wrong=made.faults(),
                **frame(visitor, "annual"))


def _years(visitor: Visitor) -> list[str]:
    now = local(visitor.office.clock.now()).year
    return [str(y) for y in range(now, now - 5, -1)]


@router.get("/credits/annual/{year}/{suffix}")
def annual_file(visitor: Reading, year: str, suffix: str) -> Response:
    desk = desk_of(visitor)
    _readable(visitor)
    if suffix not in ("docx", "xlsx") or year not in _years(visitor):
        raise NotFound
    write = statement_docx.write_annual if suffix == "docx" else circular_xlsx.write_annual
    return _file(visitor, desk.annual(year), write, f"{year}年度积分汇总.{suffix}", f"annual-{year}")


# before a scheme is adopted
@router.get("/credits/preview")
def preview(visitor: Reading, period: str = "", scheme: str = "", reposts: str = "") -> Response:
    desk = need_score(visitor)
    period, periods = chosen(desk, period)
    offered, now = desk.shipped(), desk.scheme_of(period)
    then = offered.get(scheme) or now
    if then is None:
        return page(visitor, "credits/preview.html", "/credits", seen=None, held=None, then=None, offered=offered, policies=POLICIES, period=period, periods=periods,
                    reposts="", moved=[], labels={}, titles={}, **frame(visitor, "preview"))
    reposts = reposts if reposts in POLICIES else ""
    if reposts:
        then = replace(then, reposts=reposts)
    seen = desk.preview(period, then)
    store = visitor.office.store
    moved = [("不再计", pair) for pair in seen.only_now] + [("新增计", pair) for pair in seen.only_then]
    titles = {c.id: c.article.title for c in store.clippings([article for _, (_, article) in moved[:_MOVED] if article])}
    return page(visitor, "credits/preview.html", "/credits", seen=seen, held=now, then=then, offered=offered, policies=POLICIES, period=period, periods=periods,
                reposts=reposts, moved=moved[:_MOVED], labels=names_of(visitor.office.bureau()), titles=titles, **frame(visitor, "preview"))


# claimed and found
@router.get("/credits/reconcile")
def reconcile(visitor: Reading, period: str = "", unit: str = "", state: str = "") -> Response:
    desk = need_score(visitor)
    period, periods = chosen(desk, period)
    laid = desk.reconciliation(period)
    names = names_of(visitor.office.bureau())
    counts = [(unit_id, laid.counts(unit_id)) for unit_id in names]
    rows = [r for r in laid.rows if (not unit or r.unit_id == unit) and (not state or r.state == state)]
    return page(visitor, "credits/reconcile.html", "/credits", laid=laid, counts=[c for c in counts if any(c[1].values())], rows=rows[:300], number=len(rows),
                period=period, periods=periods, unit=unit, state=state, labels=names, **frame(visitor, "reconcile"))
