"""待定名称: names of units that could not be resolved; a person chooses the unit, or says that it is none of ours."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from model.ports_stories import NameDesk

from dashboards.render import page
from dashboards.visitor import NotFound, Posting, Reading, Visitor

router = APIRouter()
PER_PAGE = 50
MAX_NAME = 200
_NO_RIGHT = "您的角色不能处理待定名称。"


def _desk(visitor: Visitor) -> NameDesk:
    if visitor.office.names is None:
        raise NotFound
    return visitor.office.names


@router.get("/names")
def index(visitor: Reading) -> Response:
    visitor.need("names", _NO_RIGHT)
    return _index(visitor)


def _index(visitor: Visitor, refusal: str = "", status: int = 200) -> Response:
    desk = _desk(visitor)
    waiting, number = desk.waiting(PER_PAGE)
    return page(visitor, "names.html", "/names", status, waiting=waiting, number=number, decided=desk.decided(PER_PAGE), refusal=refusal,
                units=sorted(visitor.office.bureau().units, key=lambda u: (u.group, u.name)))


@router.post("/names")
def decide(visitor: Posting, article: Annotated[int, Form()] = 0, surface: Annotated[str, Form()] = "", choice: Annotated[str, Form()] = "",
           unit: Annotated[str, Form()] = "", seen: Annotated[int, Form()] = 0, copies: Annotated[str, Form()] = "") -> Response:
    """`choice`: unit:<id>, none (不是本单位) or other, then `unit` says which."""
    visitor.need("names", _NO_RIGHT)
    desk, now, surface = _desk(visitor), visitor.office.clock.now(), surface[:MAX_NAME]
    chosen = unit if choice == "other" else choice.removeprefix("unit:") if choice.startswith("unit:") else ""
    if not chosen and choice != "none":
        return _index(visitor, "请先选择一家单位。", 400)
    result, refusal = "ok", ""
    try:
        done = desk.decide(article, surface, chosen, visitor.user.display or visitor.user.name, seen, bool(copies))
        result = f"{chosen or '不是本单位'}，{done}篇"
    except ValueError as error:
        result, refusal = "refused", str(error)
    visitor.office.store.audit(visitor.user.name, "name_decided", f"{article} {surface}", result, now)
    return _index(visitor, f"{refusal}。", 409) if refusal else RedirectResponse("/names", 303)
