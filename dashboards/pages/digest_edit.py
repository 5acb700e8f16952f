"""Editing a digest: leave out, move, list elsewhere, annotate, write the lead.  Every change is kept beside the facts, with its author."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from model.digest import EDITS, TOP

from dashboards.digest_edits import MOST_LEAD, MOST_NOTE
from dashboards.digest_paper import shelves
from dashboards.pages.digest_desk import editing, span_of
from dashboards.render import page
from dashboards.visitor import Posting, Reading, Visitor

router = APIRouter()
_SHOWN = 500                       # pieces of a class on the page


def _shown(visitor: Visitor, key: str, status: int = 200, refusal: str = "", typed: str = "") -> Response:
    desk = editing(visitor)
    span = span_of(visitor, key)
    digest = desk.digest(span)
    groups = [(s.title, s.items) for s in shelves(digest) if s.items]
    if digest.own_items:
        groups.append((f"自有平台（{digest.own_total}篇）", digest.own_items))
    places = [(TOP, "本期要闻"), *((c.class_id, c.name) for c in digest.classes)]
    return page(visitor, "digest_edit.html", "/digest", status, digest=digest, span=span, groups=groups, places=places,
        edits=list(reversed(desk.edits(span)))[:100], labels=EDITS, said={"": "原类别", **dict(places)},
                refusal=refusal, typed=typed, most_lead=MOST_LEAD, most_note=MOST_NOTE, shown=_SHOWN)


@router.get("/digest/{key}/edit")
def show(visitor: Reading, key: str) -> Response:
    return _shown(visitor, key)


@router.post("/digest/{key}/edit")
def change(visitor: Posting, key: str, what: Annotated[str, Form()], target: Annotated[int, Form()] = 0,
        value: Annotated[str, Form(max_length=10_000)] = "") -> Response:
    desk = editing(visitor)
    try:
        desk.edit(span_of(visitor, key), visitor.user.display or visitor.user.name, what, target, value)
    except ValueError as error:
        return _shown(visitor, key, 400, str(error), value if what == "lead" else "")
    return RedirectResponse(f"/digest/{key}/edit#{f'item-{target}' if target else 'lead'}", 303)
