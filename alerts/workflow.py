"""The way of a case: which step may be taken where it stands, where it leads, and what is said when it is out of order.

待签收 → 研判 → 交办 → 处置 → 回应 → 反馈 → 办结 → 归档; aside 误报, 不实报道.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model.alert import OPEN_STATES, Incident
from model.alert import IncidentState as S
from model.case import Case

_WORKED = (S.SIGNED, S.ASSIGNED, S.HANDLING, S.ANSWERED, S.REPORTED, S.UNTRUE)   # somebody has signed, nobody has closed


@dataclass(frozen=True)
class Step:
    """`start`: states in which it may be taken; `leads`: state → where it leads (others stay); `check`: what else must hold, "" when it does."""

    name: str                      # in Chinese, for the refusal
    start: tuple[S, ...]
    leads: dict[S, S]
    check: Callable[[Case], str] = lambda case: ""


def _judged(case: Case) -> str:
    return "" if case.judgements else "还没有研判意见，不能交办：先写研判意见"


def _given(case: Case) -> str:
    return "" if case.assignments else "还没有交办给任何单位"


def _back(case: Case) -> str:
    return "" if not case.waiting else "交办的单位还没有全部反馈，不能办结"


STEPS = {
    "sign": Step("签收", (S.OPEN,), {S.OPEN: S.SIGNED}),
    "judge": Step("研判", _WORKED, {}),
    "assign": Step("交办", _WORKED, {S.SIGNED: S.ASSIGNED, S.REPORTED: S.ASSIGNED}, _judged),
    "handle": Step("填写处置情况", (S.ASSIGNED, S.HANDLING, S.ANSWERED, S.UNTRUE), {S.ASSIGNED: S.HANDLING}, _given),
    "answer": Step("登记回应", _WORKED, {S.SIGNED: S.ANSWERED, S.ASSIGNED: S.ANSWERED, S.HANDLING: S.ANSWERED}),
    "feedback": Step("反馈", (S.ASSIGNED, S.HANDLING, S.ANSWERED, S.UNTRUE), {}, _given),
    "untrue": Step("转为不实报道", _WORKED[:-1], dict.fromkeys(_WORKED[:-1], S.UNTRUE)),
    "correction": Step("登记更正", (S.UNTRUE,), {}),
    "report_up": Step("报告领导", OPEN_STATES, {}),
    "conference": Step("登记新闻发布会", _WORKED, {}),
    "instruct": Step("登记领导批示", OPEN_STATES, {}),
    "close": Step("办结", _WORKED, dict.fromkeys(_WORKED, S.CLOSED), _back),
    "file": Step("归档", (S.CLOSED,), {S.CLOSED: S.FILED}),
    "false_alarm": Step("标为误报", OPEN_STATES, dict.fromkeys(OPEN_STATES, S.FALSE_ALARM)),
    "set_level": Step("改等级", OPEN_STATES, {}),
    "rename": Step("改标题", OPEN_STATES, {}),
    "merge": Step("并案", OPEN_STATES, dict.fromkeys(OPEN_STATES, S.MERGED)),
    "split": Step("拆分", OPEN_STATES, {}),
    "reopen": Step("重新立案", (S.CLOSED, S.FILED, S.FALSE_ALARM), {}),
}


def refusal(step: str, incident: Incident, case: Case) -> str:
    """Why the step cannot be taken now; "" when it can."""
    rule = STEPS[step]
    if incident.state not in rule.start:
        if incident.state is S.OPEN:
            return f"该事件待签收，不能{rule.name}：先签收"
        return f"该事件{incident.state.label}，不能再{rule.name}" if incident.state not in OPEN_STATES else f"该事件{incident.state.label}，不能{rule.name}"
    return rule.check(case)


def after(step: str, state: S) -> S:
    return STEPS[step].leads.get(state, state)


def allowed(incident: Incident, case: Case) -> tuple[str, ...]:
    """The steps that are in order now."""
    return tuple(name for name in STEPS if not refusal(name, incident, case))
