"""Sending a digest: what the checks say, to whom it goes, what became of it; what waits for a person is released or dropped here."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from model.digest import SCHEDULED

from dashboards.pages.digest_desk import editing, span_of
from dashboards.render import page
from dashboards.visitor import NotFound, Posting, Reading, Visitor

router = APIRouter()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MEDIA = {"docx": DOCX, "pdf": "application/pdf", "xlsx": XLSX, "html": "application/octet-stream"}


def _shown(visitor: Visitor, key: str, status: int = 200, refusal: str = "") -> Response:
    desk = editing(visitor)
    span = span_of(visitor, key)
    digest = desk.digest(span)
    return page(visitor, "digest_send.html", "/digest", status, digest=digest, span=span, faults=desk.faults(digest),
        readers=desk.readers(),
                listed=desk.list_of(span.kind), issues=desk.issues(span), templates=desk.templates(), refusal=refusal,
                scheduled=SCHEDULED, names=dict(desk.readers()))


@router.get("/digest/{key}/send")
def show(visitor: Reading, key: str) -> Response:
    return _shown(visitor, key)


@router.post("/digest/{key}/send")
def send(visitor: Posting, key: str, to: Annotated[list[str] | None, Form()] = None, act: Annotated[str, Form()] = "send") -> Response:
    desk, span, who = editing(visitor), span_of(visitor, key), visitor.user.display or visitor.user.name
    try:
        if act == "list":
            desk.set_list(span.kind, to or [], who)
        elif act == "preview":
            desk.preview(span, visitor.user.name)
        else:
            desk.send(span, who, to or [])
    except ValueError as error:
        return _shown(visitor, key, 400, str(error))
    return RedirectResponse(f"/digest/{key}/send", 303)


@router.post("/digest/{key}/issues/{issue_id}")
def decide(visitor: Posting, key: str, issue_id: int, act: Annotated[str, Form()], reason: Annotated[str, Form(max_length=1000)] = "",
           task: Annotated[int, Form()] = 0) -> Response:
    desk, who = editing(visitor), visitor.user.display or visitor.user.name
    try:
        if act == "release":
            desk.release(issue_id, who, reason)
        elif act == "drop":
            desk.drop(issue_id, who, reason)
        elif act == "again":
            desk.again(issue_id, task, who)
        else:
            raise ValueError("没有这种操作")
    except ValueError as error:
        return _shown(visitor, key, 400, str(error))
    return RedirectResponse(f"/digest/{key}/send", 303)


@router.get("/digest/{key}/issues/{issue_id}/{name}")
def kept(visitor: Reading, key: str, issue_id: int, name: str) -> Response:
    """A file as it was sent."""
    body = editing(visitor).kept(issue_id, name)
    if body is None:
        raise NotFound
    return Response(body, media_type=_MEDIA.get(name.rpartition(".")[2], "application/octet-stream"), headers={
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"})
