"""The steps of a case as forms: each is checked by the desk, done in the name of whoever is logged in, and in the audit log.

The desk takes all; the leader writes 批示; a unit's people write 处置 and 反馈 for their own unit alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from model.alert import KINDS, IncidentState, Level

from dashboards.pages.incidents import act, form_of, held, shown, who
from dashboards.render import page
from dashboards.visitor import Posting, Reading, Visitor
from dashboards.weeks import SHANGHAI

router = APIRouter()
MAX_WORDS = 2000
Fields = Annotated[Mapping[str, list[str]], Depends(form_of)]


@dataclass(frozen=True)
class Typed:
    """What a form holds, cut to bounds."""

    fields: Mapping[str, list[str]]

    def text(self, name: str) -> str:
        return next(iter(self.fields.get(name, [])), "").strip()[:MAX_WORDS]

    def many(self, name: str) -> list[str]:
        return [v[:200] for v in self.fields.get(name, [])[:200]]

    def number(self, name: str) -> int:
        value = self.text(name)
        return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 0

    def moment(self, name: str) -> datetime | None:
        """A time as the browser's field gives it, in China's time.  ValueError when it is none."""
        value = self.text(name)
        if not value:
            return None
        try:
            return datetime.fromisoformat(value).replace(tzinfo=SHANGHAI).astimezone(UTC)
        except ValueError:
            raise ValueError("时间看不懂，请从日历里选") from None

    def level(self) -> Level:
        if self.text("level") not in ("1", "2", "3", "4"):
            raise ValueError("没有选等级")
        return Level(self.number("level"))

    def flat(self) -> dict[str, str]:
        return {name: self.text(name) for name in self.fields if name != "csrf"}


def _judge(desk, number: int, name: str, t: Typed, unit: str) -> object:
    return desk.judge(number, name, t.text("text"), t.text("kind"))


def _assign(desk, number: int, name: str, t: Typed, unit: str) -> object:
    return desk.assign(number, name, t.many("lead"), t.many("assist"), t.text("text"), t.moment("deadline"))


def _handle(desk, number: int, name: str, t: Typed, unit: str) -> object:
    return desk.handle(number, name, unit or t.text("unit"), t.text("text"), t.text("measures"))


def _feedback(desk, number: int, name: str, t: Typed, unit: str) -> object:
    return desk.feedback(number, name, unit or t.text("unit"), t.text("text"))


def _answer(desk, number: int, name: str, t: Typed, unit: str) -> object:
    return desk.answer(number, name, t.text("text"), t.text("channel"), t.text("way"), t.text("link"))


def _correction(desk, number: int, name: str, t: Typed, unit: str) -> object:
    return desk.correction(number, name, t.text("stage"), t.text("outlet"), t.text("text"), t.text("link"))


def _split(desk, number: int, name: str, t: Typed, unit: str) -> object:
    return desk.split(number, [int(s) for s in t.many("story") if s.isascii() and s.isdigit() and len(s) < 12], name, t.text("text"))


Do = Callable[[object, int, str, Typed, str], object]
STEPS: dict[str, tuple[str, Do]] = {
    "judge": ("act", _judge), "assign": ("act", _assign), "handle": ("handle", _handle), "feedback": ("handle", _feedback),
    "answer": ("act", _answer),
    "correction": ("act", _correction), "split": ("act", _split),
    "untrue": ("act", lambda desk, n, name, t, unit: desk.untrue(n, name, t.text("text"))),
    "report_up": ("act", lambda desk, n, name, t, unit: desk.report_up(n, name, t.text("text"))),
    "conference": ("act", lambda desk, n, name, t, unit: desk.conference(n, name, t.text("text"))),
    "instruct": ("instruct", lambda desk, n, name, t, unit: desk.instruct(n, name, t.text("text"))),
    "file": ("act", lambda desk, n, name, t, unit: desk.file(n, name, t.text("number"))),
    "set_level": ("act", lambda desk, n, name, t, unit: desk.set_level(n, name, t.level(), t.text("text"))),
    "rename": ("act", lambda desk, n, name, t, unit: desk.rename(n, name, t.text("text"))),
    "merge": ("act", lambda desk, n, name, t, unit: desk.merge(n, t.number("into"), name, t.text("text"))),
    "reopen": ("act", lambda desk, n, name, t, unit: desk.reopen(n, name, t.text("text"))),
}


def _need(visitor: Visitor, right: str) -> str:
    """The unit a visitor is held to, "" for the desk; Forbidden when the step is not theirs."""
    if right == "handle":
        if visitor.only_unit:
            return visitor.only_unit
        right = "act"
    visitor.need(right, "只有舆情值班人员可以办理这一步。" if right == "act" else "只有领导和舆情值班人员可以登记批示。")
    return ""


def _route(step: str, right: str, do: Do) -> Callable[..., Response]:
    def take(visitor: Posting, incident_id: int, fields: Fields) -> Response:
        unit, typed = _need(visitor, right), Typed(fields)
        stood = held(visitor, incident_id).state

        def done() -> object:
            made = do(visitor.office.desk, incident_id, who(visitor), typed, unit)
            if step == "reopen" and stood is IncidentState.FALSE_ALARM and visitor.office.words is not None:
                visitor.office.words.label_case(made.id, "N", typed.text("text"),
                                                who(visitor))     # it was none: what it taught is taken back
            return made
        return act(visitor, incident_id, step, done, typed.flat(), step)
    return take


for _name, (_right, _do) in STEPS.items():
    router.add_api_route(f"/incidents/{{incident_id:int}}/{_name}", _route(_name, _right, _do), methods=["POST"], name=_name)


@router.post("/incidents/{incident_id:int}/sign")
def sign(visitor: Posting, incident_id: int) -> Response:
    visitor.need("act", "只有舆情值班人员可以签收。")
    if held(visitor, incident_id).state is not IncidentState.OPEN:
        return shown(visitor, incident_id, 409, "这条舆情已由他人处理，页面已更新。")
    return act(visitor, incident_id, "sign", lambda: visitor.office.desk.sign(incident_id, who(visitor)))


@router.post("/incidents/{incident_id:int}/close")
def close(visitor: Posting, incident_id: int, fields: Fields) -> Response:
    visitor.need("act", "只有舆情值班人员可以办结。")
    return _finish(visitor, incident_id, "close", Typed(fields), "办结须填写办结意见。", visitor.office.desk.close)


@router.post("/incidents/{incident_id:int}/false-alarm")
def false_alarm(visitor: Posting, incident_id: int, fields: Fields) -> Response:
    visitor.need("act", "只有舆情值班人员可以判为误报。")
    typed, office = Typed(fields), visitor.office

    def alarm_and_teach(number: int, name: str, reason: str) -> object:
        """What was a false alarm teaches the judge: its articles become cases."""
        made = office.desk.false_alarm(number, name, reason)
        if office.words is not None:
            office.words.label_case(number, typed.text("label") or "P", reason, name)
        return made

    return _finish(visitor, incident_id, "false_alarm", typed, "判为误报须写明理由。", alarm_and_teach)


def _finish(visitor: Visitor, incident_id: int, what: str, typed: Typed, missing: str, do: Callable[[int, str, str], object]) -> Response:
    if not held(visitor, incident_id).state.is_open:
        return shown(visitor, incident_id, 409, "这条舆情已经办结，页面已更新。", what, typed.flat())
    if not typed.text("text"):
        return shown(visitor, incident_id, 400, missing, what)
    return act(visitor, incident_id, what, lambda: do(incident_id, who(visitor), typed.text("text")), typed.flat(), what)


@router.post("/incidents/{incident_id:int}/note")
def note(visitor: Posting, incident_id: int, fields: Fields) -> Response:
    visitor.need("note", "您的角色不能写备注。")
    held(visitor, incident_id)
    typed = Typed(fields)
    if not typed.text("text"):
        return shown(visitor, incident_id, 400, "备注不能为空。")
    return act(visitor, incident_id, "note", lambda: visitor.office.desk.note(incident_id, who(visitor), typed.text("text")))


def _blank(visitor: Visitor, status: int = 200, refusal: str = "", typed: Mapping[str, str] | None = None,
           units: list[str] | None = None) -> Response:
    return page(visitor, "duty/open.html", "/incidents", status, refusal=refusal, typed=typed or {}, chosen=units or [], kinds=KINDS)


@router.get("/incidents/new")
def blank(visitor: Reading, article: str = "") -> Response:
    """立案 by hand, from a clipping where one is named."""
    visitor.need("act", "只有舆情值班人员可以立案。")
    number = int(article) if article.isascii() and article.isdigit() and len(article) < 12 else 0
    clipping = visitor.office.store.clipping(number) if number else None
    if clipping is None:
        return _blank(visitor)
    return _blank(visitor, typed={"title": clipping.article.title, "articles": str(clipping.id)}, units=list(clipping.unit_ids))


@router.post("/incidents/new")
def open_by_hand(visitor: Posting, fields: Fields) -> Response:
    visitor.need("act", "只有舆情值班人员可以立案。")
    typed, office = Typed(fields), visitor.office
    try:
        articles = _numbers(typed.text("articles"))
        made = office.desk.open_by_hand(who(visitor), typed.text("title"), typed.many("unit"), typed.level(), typed.text("text"), articles,
                                        typed.text("kind") or "opinion", typed.moment("first_seen"))
    except ValueError as error:
        office.store.audit(visitor.user.name, "incident_new", "", "refused", office.clock.now())
        return _blank(visitor, 409, f"{error}。", typed.flat(), typed.many("unit"))
    office.store.audit(visitor.user.name, "incident_new", str(made.id), "ok", office.clock.now())
    return RedirectResponse(f"/incidents/{made.id}", 303)


def _numbers(text: str) -> list[int]:
    words = text.replace("、", " ").replace("，", " ").replace(",", " ").split()
    if any(not (w.isascii() and w.isdigit() and len(w) < 12) for w in words):
        raise ValueError("剪报编号只能写数字，用空格隔开")
    return [int(w) for w in words[:50]]
