"""An incident (舆情事件): one event is one alert, with its level, its reasons, its clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Mapping

from model.opinion import Judgement


class Level(IntEnum):
    """Ⅰ 特别重大 is the gravest; the number is the Roman numeral, so a *lower* number is a higher level."""

    I = 1
    II = 2
    III = 3
    IV = 4

    @property
    def label(self) -> str:
        return {1: "Ⅰ级 特别重大", 2: "Ⅱ级 重大", 3: "Ⅲ级 较大", 4: "Ⅳ级 一般"}[self.value]

    @property
    def roman(self) -> str:
        return "ⅠⅡⅢⅣ"[self.value - 1]


class IncidentState(StrEnum):
    """Where a case stands.  待签收 → 研判 → 交办 → 处置 → 回应 → 反馈 → 办结 → 归档; aside 误报, 不实报道, 已并案."""

    OPEN = "open"                  # 待签收
    SIGNED = "signed"              # 已签收、研判
    ASSIGNED = "assigned"          # 交办
    HANDLING = "handling"          # 处置
    ANSWERED = "answered"          # 回应
    REPORTED = "reported"          # 反馈
    UNTRUE = "untrue"              # 不实报道: the outlet is contacted, a correction asked and obtained
    CLOSED = "closed"              # 办结
    FILED = "filed"                # 归档
    FALSE_ALARM = "false_alarm"    # 误报
    MERGED = "merged"              # 并入另一事件

    @property
    def label(self) -> str:
        """As a mark on a case."""
        return {"open": "待签收", "signed": "处置中", "assigned": "已交办", "handling": "单位处置中", "answered": "已回应", "reported": "已反馈",
                "untrue": "不实报道", "closed": "已办结", "filed": "已归档", "false_alarm": "误报", "merged": "已并案"}[self.value]

    @property
    def step(self) -> str:
        """As a step of the way."""
        return {"open": "待签收", "signed": "研判", "assigned": "交办", "handling": "处置", "answered": "回应", "reported": "反馈",
                "untrue": "不实报道", "closed": "办结", "filed": "归档", "false_alarm": "误报", "merged": "并案"}[self.value]

    @property
    def is_open(self) -> bool:
        return self in OPEN_STATES


WAY = (IncidentState.OPEN, IncidentState.SIGNED, IncidentState.ASSIGNED, IncidentState.HANDLING, IncidentState.ANSWERED,
       IncidentState.REPORTED, IncidentState.CLOSED, IncidentState.FILED)
OPEN_STATES = (*WAY[:6], IncidentState.UNTRUE)
SHUT_STATES = (IncidentState.CLOSED, IncidentState.FILED, IncidentState.FALSE_ALARM, IncidentState.MERGED)

KINDS = {"opinion": "一般舆情", "emergency": "突发事件", "policy": "政策误读", "untrue": "不实报道", "leak": "信息泄露", "defaced": "网页被篡改"}


class RingReason(StrEnum):
    OPENED = "opened"
    LEVEL = "level"
    UNIT = "unit"
    SPREAD = "spread"
    CENTRAL = "central"
    OVERDUE = "overdue"
    BACK = "back"                  # the event came back after its case was closed (二次舆情)

    @property
    def label(self) -> str:
        return {"opened": "新舆情", "level": "等级上升", "unit": "新涉单位", "spread": "传播扩大", "central": "中央媒体加入",
                "overdue": "时限已过", "back": "二次舆情"}[self.value]


@dataclass(frozen=True)
class LevelRule:
    """Raise to `level` when every bound in `when` holds.

    Keys of `when` (all optional, numbers are minimums): outlets, tier_rank, severity, topics (list of ids), stories,
    speed (outlets that joined within any one hour), unanswered (hours since first seen without a published answer).
    """

    level: Level
    when: Mapping[str, object]
    name: str = ""


@dataclass(frozen=True)
class Incident:
    id: int
    title: str
    level: Level
    state: IncidentState
    opened_at: datetime
    first_seen: datetime
    updated_at: datetime
    units: tuple[str, ...]
    outlets: int                   # number of distinct outlets
    articles: int                  # number of copies over all stories
    stories: tuple[int, ...]
    topic: str = ""
    severity: int = 0
    reason: str = ""               # why it is an alert: sentence and words
    level_reason: str = ""         # the arithmetic of the level
    top_tier: str = "unknown"
    signed_by: str = ""
    signed_at: datetime | None = None
    closed_at: datetime | None = None
    due_at: datetime | None = None # the next clock: the time to sign while unsigned, then the nearest running clock
    kind: str = "opinion"          # key of KINDS, set at 研判
    assigned: tuple[str, ...] = () # units it was given to; they see the case beside those named
    previous: int = 0              # the closed case that this one came back from, or was split off
    merged_into: int = 0           # the case that took its stories
    ruled: int = 0                 # the gravest level the rules have ever come to: they raise again only beyond it
    escalated: int = 0             # reminders sent because nobody signed
    escalated_at: datetime | None = None


EVENTS = {
    "opened": "立案", "joined": "新增稿件", "ring": "提醒", "level": "等级变化", "escalated": "催签", "clock": "时限", "signed": "签收", "judged": "研判",
    "assigned": "交办", "handled": "处置", "answered": "回应", "conference": "新闻发布会", "report": "报告领导", "feedback": "反馈",
    "untrue": "不实报道", "correction": "更正", "closed": "办结", "filed": "归档", "false_alarm": "误报", "note": "备注", "instruction": "领导批示",
    "merged": "并案", "split": "拆分", "linked": "关联", "sent": "已通知",
}


@dataclass(frozen=True)
class IncidentEvent:
    """A line of the incident's record; never edited."""

    id: int
    incident_id: int
    at: datetime
    who: str                       # user name, or "系统"
    what: str                      # key of EVENTS
    text: str
    data: Mapping[str, object] = field(default_factory=dict)


class ClockState(StrEnum):
    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    VOID = "void"                  # the case turned out to be none

    @property
    def label(self) -> str:
        return {"running": "计时中", "met": "按时", "missed": "迟报", "void": "撤销"}[self.value]


@dataclass(frozen=True)
class CaseClock:
    """A clock of a case; it never pauses.  `missed` with `ended_at` None: past its time and still not done."""

    id: int
    incident_id: int
    clock: str                     # id of the rule, or "feedback:<unit>" of an assignment
    name: str
    starts_at: datetime
    due_at: datetime
    ends: str                      # the step that ends it: a key of EVENTS, for an assignment "feedback:<unit>"
    state: ClockState = ClockState.RUNNING
    ended_at: datetime | None = None

    def left_s(self, now: datetime) -> int:
        """Seconds left, negative past its time."""
        return int((self.due_at - now).total_seconds())


@dataclass(frozen=True)
class CopyFact:
    """What the rules need of one copy, without its text."""

    article_id: int
    story_id: int
    title: str
    outlet_id: str
    outlet_name: str
    tier: str
    first_seen: datetime
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class ChannelConfig:
    """A way of telling people.  `url_env` names the environment variable that holds the apprise URL (never the secret)."""

    id: str
    kind: str                      # wecom | dingtalk | feishu | mail | sms | webhook
    url_env: str = ""
    url_file: str = ""
    min_level: Level = Level.IV    # told of this level and graver
    units: tuple[str, ...] = ()    # empty: all
    next: str = ""                 # the channel that takes over while this one is dead


@dataclass(frozen=True)
class Message:
    """What is sent: title and body are plain text; `key` is the idempotency key; `link` is kept whole when cut."""

    key: str
    title: str
    body: str
    link: str = ""
    level: Level = Level.IV


@dataclass(frozen=True)
class Sent:
    id: int
    at: datetime
    channel: str
    key: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True)
class ChannelState:
    """How a channel stands: `dead` after failures in a row, alive again with the first thing it takes."""

    channel: str
    dead: bool = False
    failures: int = 0              # in a row
    ok_at: datetime | None = None
    failed_at: datetime | None = None
    detail: str = ""               # the last failure, free of secrets
