"""设置—误报与漏报: the cases that the desk's clicks have made, what they taught, and its switch; the clicks on a clipping's page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from dashboards.pages.clippings import shown
from dashboards.pages.settings import sections
from dashboards.pages.stories import readable
from dashboards.pages.words import desk_of, who
from dashboards.render import page
from dashboards.visitor import Posting, Reading, Visitor

router = APIRouter()
SHOWN, WEIGHTS = 200, 30
MAX_REASON = 500
_NO_RIGHT = "您的角色不能标误报、漏报。"
_NO_SWITCH = "只有管理员和秘书处可以训练和开关经验修正。"
_SAID = {"trained": "已按全部案例重新训练，处理进程随即采用。", "on": "经验修正已打开。", "off": "经验修正已关闭，只按词表和规则研判。"}


@router.get("/settings/lessons")
def index(visitor: Reading, said: str = "") -> Response:
    visitor.need("settings")
    return _index(visitor, _SAID.get(said, ""))


def _index(visitor: Visitor, done: str = "", refusal: str = "", status: int = 200) -> Response:
    desk = desk_of(visitor)
    lessons, problems = desk.lessons()
    taught = desk.taught()
    up = [(n, w) for n, w in taught.weights.items() if w > 0][:WEIGHTS]
    down = [(n, w) for n, w in taught.weights.items() if w < 0][:WEIGHTS]
    return page(visitor, "settings/lessons.html", "/settings", status, section="lessons", sections=sections(visitor), lessons=lessons[:SHOWN], total=len(lessons),
                problems=problems, taught=taught, up=up, down=down, done=done, refusal=refusal, may=visitor.may("words"),
                units={u.id: u.label for u in visitor.office.bureau().units})


@router.post("/settings/lessons/train")
def train(visitor: Posting) -> Response:
    visitor.need("words", _NO_SWITCH)
    taught = desk_of(visitor).train()
    _logged(visitor, "lessons_train", f"{taught.cases}条案例")
    return RedirectResponse("/settings/lessons?said=trained", 303)


@router.post("/settings/lessons/switch")
def switch(visitor: Posting, on: Annotated[str, Form()] = "") -> Response:
    visitor.need("words", _NO_SWITCH)
    problems = desk_of(visitor).switch(bool(on))
    _logged(visitor, "lessons_switch", "开" if on else "关", "refused" if problems else "ok")
    if problems:
        return _index(visitor, refusal="；".join(str(p) for p in problems), status=409)
    return RedirectResponse(f"/settings/lessons?said={'on' if on else 'off'}", 303)


@router.post("/clippings/{article_id:int}/lesson")
def teach(visitor: Posting, article_id: int, unit: Annotated[str, Form()] = "", label: Annotated[str, Form()] = "", text: Annotated[str, Form()] = "") -> Response:
    """误报 or 漏报 with its reason, of the article or of one unit."""
    visitor.need("teach", _NO_RIGHT)
    clipping = readable(visitor, article_id)
    try:
        lesson = desk_of(visitor).teach(article_id, unit[:100], label[:1], text, who(visitor))
    except ValueError as error:
        _logged(visitor, "lesson", f"{article_id} {label[:1]}", "refused")
        return shown(visitor, article_id, f"{error}。", 409)
    _logged(visitor, "lesson", f"{clipping.id} {lesson.click}：{lesson.was or '—'}→{lesson.label}")
    return RedirectResponse(f"/clippings/{article_id}#lesson", 303)


def _logged(visitor: Visitor, what: str, target: str, result: str = "ok") -> None:
    visitor.office.store.audit(visitor.user.name, what, target, result, visitor.office.clock.now())
