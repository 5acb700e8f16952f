"""同稿: the chain of a story on a clipping's page, two copies side by side, two stories made one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from model.clipping import Clipping
from model.ports_stories import Step, StoryDesk

from dashboards import chain, compare
from dashboards.classes import class_of, scheme_in
from dashboards.render import page
from dashboards.spread import spread
from dashboards.visitor import NotFound, Posting, Reading, Visitor

router = APIRouter()
MOST = 500                         # copies told of on one page
OFFERED = 200                      # copies offered for comparison


def desk_of(visitor: Visitor) -> StoryDesk:
    if visitor.office.stories is None:
        raise NotFound
    return visitor.office.stories


def told(visitor: Visitor, clipping: Clipping, copies: list[Clipping]) -> dict[str, object]:
    """What a clipping's page shows of its story; `copies` are those the visitor may read."""
    office, held = visitor.office, {c.id: c for c in copies}
    steps = office.stories.chain(clipping.story.id) if office.stories and clipping.story else [
        Step(c.id, c.edge.parent if c.edge else None, c.edge.reason if c.edge else "") for c in copies]
    steps = [s if s.parent in held else Step(s.child, None, s.reason) for s in steps if s.child in held]
    tree = chain.ordered(steps)[:MOST]
    numbers = {s.child: n for n, (s, _) in enumerate(tree, 1)}
    scheme = scheme_in(office.bureau(), office.clock.now() + timedelta(seconds=1))
    return {
        "tree": [(held[s.child], s, depth) for s, depth in tree], "numbers": numbers, "held": held, "story_left_out": len(steps) - len(tree),
        "marked_titles": {s.child: compare.retitled(held[s.parent].article.title, held[s.child].article.title)
                          for s, _ in tree[:chain.MOST] if s.parent in held},
        "classes": {c.id: class_of(scheme, c.outlet_id, c.tier)[1] for c in copies},
        "drawing": chain.draw(tree, held, clipping.story.first, clipping.id) if clipping.story and len(tree) > 1 else None,
        "spread": spread(copies, scheme) if len(copies) > 1 else None,
        "outlets": len({c.outlet_id or c.outlet_name for c in copies}),
        "named": office.names.of(clipping) if office.names and visitor.only_unit is None else []}


def readable(visitor: Visitor, article_id: int) -> Clipping:
    """The whole clipping; NotFound also for what a liaison may not see."""
    found = visitor.office.store.clipping(article_id)
    if found is None or not visitor.may_read(found):
        raise NotFound
    return found


def number_in(text: str) -> int:
    """The number of a clipping as typed: 128, 第128篇, or the address of its page.  0: none to be read."""
    text = text.strip()[:300]
    found = re.search(r"/clippings/(\d{1,15})", urlsplit(text).path if "/" in text else "") or re.fullmatch(r"第?\s*(\d{1,15})\s*篇?", text)
    return int(found[1]) if found else 0


@router.get("/clippings/{article_id:int}/compare")
def two(visitor: Reading, article_id: int, request: Request) -> Response:
    visitor.need("clippings")
    return _two(visitor, article_id, number_in(request.query_params.get("with", "")))


def _two(visitor: Visitor, one: int, other: int, refusal: str = "", status: int = 200) -> Response:
    a = readable(visitor, one)
    b = visitor.office.store.clipping(other) if other else None
    if b is not None and not visitor.may_read(b):
        b = None
    if b is None or b.id == a.id:
        refusal = refusal or ("请选择另一篇。" if b else "没有找到要对比的那一篇，请填写剪报的编号。")
        b, status = None, status if status != 200 else 404
    copies = visitor.office.store.story_copies(a.story.id)[:OFFERED] if a.story else []
    copies = [c for c in copies if visitor.may_read(c)]
    differ = desk_of(visitor).compare(a, b) if b else None
    shown = differ and [(a, compare.paragraphs(a.article.text, differ.a)), (b, compare.paragraphs(b.article.text, differ.b))]
    return page(visitor, "stories/compare.html", "/clippings", status, a=a, b=b, copies=copies, refusal=refusal, shown=shown or [],
                titles=compare.titles(a.article.title, b.article.title) if b else ([], []), summary=differ.summary if differ else "",
                same=bool(b and a.story and b.story and a.story.id == b.story.id))


def done(visitor: Visitor, what: str, target: str, act: Callable[[], object], back: str, again: Callable[[str], Response]) -> Response:
    """Do it, write it down with its result, go back; a refusal is shown where it was asked."""
    result, refusal = "ok", ""
    try:
        act()
    except ValueError as error:
        result, refusal = "refused", str(error)
    visitor.office.store.audit(visitor.user.name, what, target, result, visitor.office.clock.now())
    return again(f"{refusal}。") if refusal else RedirectResponse(back, 303)


def who(visitor: Visitor) -> str:
    return visitor.user.display or visitor.user.name


@router.post("/stories/merge")
def merge(visitor: Posting, a: Annotated[int, Form()] = 0, b: Annotated[int, Form()] = 0) -> Response:
    visitor.need("stories", "您的角色不能合并稿件。")
    desk = desk_of(visitor)
    readable(visitor, a), readable(visitor, b)
    return done(visitor, "story_merge", f"{a}+{b}", lambda: desk.merge(a, b, who(visitor)), f"/clippings/{a}#story",
                 lambda said: _two(visitor, a, b, said, 409))
