"""The duty room: people, whom to tell of what, clocks and quiet hours as rules; shifts, swaps, hand-overs as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from model.alert import Level

# rules, from rules.yaml

ON_DUTY = {"@officers": "当班值班员", "@leader": "带班领导"}    # stand in routes for whoever is on the shift


@dataclass(frozen=True)
class Person:
    """Somebody who is told.  `channels`: ids, the first that lives is used; `user`: log-in name."""

    id: str
    name: str
    channels: tuple[str, ...] = ()
    user: str = ""
    phone: str = ""
    title: str = ""                # 职务
    leads: bool = False            # may be the leading cadre of a shift


@dataclass(frozen=True)
class Group:
    """`channels` of its own (a chat robot) are used beside its members' ones."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """A node of the tree.  It matches when every bound holds (an empty one always does); the first child that matches decides,
    unless it says `go_on`; where none matches, `to` of the node itself is told (ids of people, groups, channels, or ON_DUTY)."""

    to: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    units: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    hours: str = ""                # "08:00-18:00" or over midnight "18:00-08:00", Asia/Shanghai
    days: str = ""                 # "work" | "rest": working days of the Chinese calendar, or the others
    routes: tuple["Route", ...] = ()
    go_on: bool = False


@dataclass(frozen=True)
class Quiet:
    """Hours in which the levels (Ⅲ and Ⅳ alone may be) are held until the end, then told in one bundle.  Empty: never."""

    start: str = ""                # "22:00"
    end: str = ""                  # "07:30"
    levels: tuple[Level, ...] = (Level.III, Level.IV)


@dataclass(frozen=True)
class ClockRule:
    """A clock that starts when an incident is first seen; empty bounds hold for all."""

    id: str
    name: str
    minutes: int
    ends: str                      # report | answered | conference | signed | judged | assigned | feedback | closed
    levels: tuple[Level, ...] = ()
    kinds: tuple[str, ...] = ()    # keys of model.alert.KINDS
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Escalation:
    """Not signed for in the time to sign: `next` is told, after as long again `leader`, then the leader every `remind_minutes`."""

    next: tuple[str, ...] = ("@officers",)
    leader: tuple[str, ...] = ("@leader",)
    remind_minutes: int = 60
    most: int = 12                 # reminders of one incident at most


@dataclass(frozen=True)
class Sensitive:
    """Opens an incident on a piece that blames nobody: a risk of this severity or of these topics about a unit."""

    severity: int = 0              # 0: never by severity
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watch:
    """政策发布舆情监测: what is said with these words (and about these units, empty: any) from one day to another."""

    id: str
    name: str
    words: tuple[str, ...]
    since: str                     # ISO days, both included
    until: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class DutyRules:
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    routes: tuple[Route, ...] = ()         # none: every channel is told, by its own min_level and units
    quiet: Quiet = Quiet()
    clocks: tuple[ClockRule, ...] = ()
    marks: tuple[int, ...] = (5, 20, 50)   # numbers of outlets at which a spreading event rings again
    ring_gap_minutes: int = 5              # between two rings of an incident; what happens meanwhile is one ring, only Ⅱ and Ⅰ do not wait
    memory_days: int = 14                  # how long after its last copy an event may gain a further story
    escalation: Escalation = Escalation()
    sensitive: Sensitive = Sensitive()
    watches: tuple[Watch, ...] = ()
    holidays: tuple[str, ...] = ()         # ISO days off beside those of the national calendar
    workdays: tuple[str, ...] = ()         # ISO days worked although the calendar has them off (调休)
    handover: str = "08:30"                # when shifts change
    digests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)   # kind of span → who gets it by schedule (people, groups, channels)

    def person(self, person_id: str) -> Person | None:
        return next((p for p in self.people if p.id == person_id), None)


# records

class DayKind(StrEnum):
    WORK = "work"
    SWAPPED = "swapped"            # 调休上班
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def label(self) -> str:
        return {"work": "工作日", "swapped": "调休上班", "weekend": "周末", "holiday": "节假日"}[self.value]

    @property
    def works(self) -> bool:
        return self in (DayKind.WORK, DayKind.SWAPPED)


@dataclass(frozen=True)
class CalendarDay:
    """`certain` False: beyond the published calendar, guessed from the day of the week."""

    day: date
    kind: DayKind
    name: str = ""                 # 国庆节
    certain: bool = True


@dataclass(frozen=True)
class Shift:
    """[starts_at, ends_at): who leads and who sits.  People are ids of rules.yaml, or names where they are not listed there."""

    id: int
    starts_at: datetime
    ends_at: datetime
    leader: str
    officers: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class ShiftProblem:
    """A fault of a roster sheet: row number as in the sheet (0: the whole sheet)."""

    row: int
    message: str


class SwapState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {"asked": "待对方同意", "agreed": "已换班", "refused": "对方不同意", "withdrawn": "已撤回"}[self.value]


@dataclass(frozen=True)
class Swap:
    """`asker` gives a shift to `other` and, when `other_shift_id` is set, takes that one for it."""

    id: int
    shift_id: int
    asker: str
    other: str
    other_shift_id: int
    reason: str
    asked_at: datetime
    state: SwapState = SwapState.ASKED
    answered_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True)
class HandOver:
    """交接班: notes made from the record, signed by who gives and who takes."""

    id: int
    shift_id: int                  # the shift that ends; 0 when no roster is kept
    since: datetime
    until: datetime
    text: str                      # plain text, one item a line
    open_incidents: tuple[int, ...]
    added: str = ""                # what the giver adds by hand
    given_by: str = ""
    given_at: datetime | None = None
    taken_by: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True)
class ZeroReport:
    """零报告 of a day without incidents, or 有情况 with their number."""

    day: str
    at: datetime
    who: str
    incidents: int
    text: str = ""


@dataclass(frozen=True)
class DutyEvent:
    """A line of the duty log (值班日志); never edited."""

    id: int
    at: datetime
    who: str
    what: str                      # roster | swap | handover | zero | channel | note
    text: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class WatchNote:
    """The daily line of a watch (`kind` day) or its report at the end (`kind` end); kept once, never edited."""

    watch_id: str
    kind: str
    day: str
    at: datetime
    text: str
    data: Mapping[str, object] = field(default_factory=dict)
