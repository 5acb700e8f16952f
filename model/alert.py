"""An incident (舆情事件): one event is one alert, with its level, its reasons, its clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Mapping


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
    OPEN = "open"                  # 待签收
    SIGNED = "signed"              # 已签收
    CLOSED = "closed"              # 已办结
    FALSE_ALARM = "false_alarm"    # 误报

    @property
    def label(self) -> str:
        return {"open": "待签收", "signed": "处置中", "closed": "已办结", "false_alarm": "误报"}[self.value]


class RingReason(StrEnum):
    OPENED = "opened"
    LEVEL = "level"
    UNIT = "unit"
    SPREAD = "spread"
    CENTRAL = "central"

    @property
    def label(self) -> str:
        return {"opened": "新舆情", "level": "等级上升", "unit": "新涉单位", "spread": "传播扩大", "central": "中央媒体加入"}[self.value]


@dataclass(frozen=True)
class LevelRule:
    """Raise to `level` when every bound in `when` holds.

    Keys of `when` (all optional, numbers are minimums): outlets, tier_rank, severity, topics (list of ids), stories.
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
    due_at: datetime | None = None # the next clock


@dataclass(frozen=True)
class IncidentEvent:
    """A line of the incident's record; never edited."""

    id: int
    incident_id: int
    at: datetime
    who: str                       # user name, or "系统"
    what: str                      # opened | joined | ring | level | signed | closed | false_alarm | note | sent
    text: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ChannelConfig:
    """A way of telling people.  `url_env` names the environment variable that holds the apprise URL (never the secret)."""

    id: str
    kind: str                      # wecom | dingtalk | feishu | mail | webhook
    url_env: str = ""
    url_file: str = ""
    min_level: Level = Level.IV    # told of this level and graver
    units: tuple[str, ...] = ()    # empty: all


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
