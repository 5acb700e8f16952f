"""The doors of the duty room: what its pages, jobs and commands ask of the store, the desk, the roster and the channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from model.alert import CaseClock, ChannelConfig, ChannelState, ClockState, CopyFact, Incident, IncidentEvent, Level
from model.case import Case
from model.clipping import Clipping
from model.duty import CalendarDay, DutyEvent, HandOver, Shift, ShiftProblem, Swap, Watch, WatchNote, ZeroReport


class DutyReader(Protocol):
    """Reads of the store."""

    def case_clocks(self, incident_id: int) -> list[CaseClock]:
        """By due time."""

    def running_clocks(self, until: datetime | None = None, limit: int = 500) -> list[CaseClock]:
        """Running, or missed and still not done; nearest due first; with `until` those due before."""

    def clock_counts(self, since: datetime, until: datetime) -> Mapping[str, Mapping[str, int]]:
        """name of the clock → ClockState value → number, of clocks due in [since, until)."""

    def linked_incidents(self, incident_id: int) -> list[Incident]:
        """The case it came back from or was split off, those that came from it, those merged into it or it into."""

    def last_rings(self, incident_ids: Sequence[int]) -> Mapping[int, IncidentEvent]:
        """incident → the last line of its record by which somebody was called (opened, ring, escalated)."""

    def events_between(self, since: datetime, until: datetime, limit: int = 5000) -> list[IncidentEvent]:
        """Of all incidents, in [since, until), oldest first."""

    def channel_states(self) -> Mapping[str, ChannelState]: ...
    def parked(self, limit: int = 100) -> list[tuple[int, str, str, str, datetime]]:
        """Messages given up: (task id, channel, title, reason, since), newest first."""

    def shifts(self, since: datetime, until: datetime) -> list[Shift]:
        """Those that overlap [since, until), by start."""

    def shift_at(self, at: datetime) -> Shift | None: ...
    def shift(self, shift_id: int) -> Shift | None: ...
    def swaps(self, states: Sequence[str] = (), limit: int = 200) -> list[Swap]:
        """Newest first."""

    def handovers(self, limit: int = 50) -> list[HandOver]:
        """Newest first."""

    def handover(self, handover_id: int) -> HandOver | None: ...
    def zero_reports(self, since: str, until: str) -> list[ZeroReport]:
        """By day, both ISO days included."""

    def duty_events(self, since: datetime, until: datetime, limit: int = 1000) -> list[DutyEvent]:
        """Oldest first."""

    def watch_notes(self, watch_id: str) -> list[WatchNote]:
        """By day; the report at the end last."""


class DutyWriter(Protocol):
    """What a transaction does for the duty room, beside `model.ports.Writer`."""

    def copy_facts(self, story_ids: Sequence[int]) -> list[CopyFact]:
        """All copies of the stories, without texts, by first_seen."""

    def story_voices(self, story_ids: Sequence[int], limit: int = 60) -> list[Clipping]:
        """The earliest copy of each story, with text."""

    def last_ring(self, incident_id: int) -> IncidentEvent | None: ...
    def move_stories(self, story_ids: Sequence[int], source: int, target: int) -> None: ...
    def case_clocks(self, incident_id: int) -> list[CaseClock]: ...
    def start_clock(self, clock: CaseClock) -> None:
        """Once per incident and `clock`."""

    def reset_clock(self, clock: CaseClock) -> None:
        """Another start or due time of the incident's clock of that id, which runs again."""

    def end_clock(self, clock_id: int, state: ClockState, ended_at: datetime | None) -> None: ...
    def overdue_clocks(self, now: datetime) -> list[CaseClock]:
        """Running ones whose time is over."""

    def finish_task(self, task_id: int, now: datetime) -> None: ...
    def put_shifts(self, shifts: Sequence[Shift], since: datetime, until: datetime) -> None:
        """Replace the shifts that start in [since, until)."""

    def save_shift(self, shift: Shift) -> int:
        """Insert when `shift.id` is 0."""

    def swap(self, swap_id: int) -> Swap | None: ...
    def shift(self, shift_id: int) -> Shift | None: ...
    def save_swap(self, swap: Swap) -> int: ...
    def save_handover(self, note: HandOver) -> int: ...
    def add_zero_report(self, report: ZeroReport) -> None: ...
    def add_watch_note(self, note: WatchNote) -> bool:
        """False when it is there already."""

    def log_duty(self, who: str, what: str, text: str, now: datetime, data: Mapping[str, object] | None = None) -> int: ...


class CaseDesk(Protocol):
    """What people do to an incident.  Every method refuses what is out of order with a ValueError whose text is for the screen."""

    def sign(self, incident_id: int, who: str) -> Incident: ...
    def close(self, incident_id: int, who: str, opinion: str) -> Incident: ...
    def false_alarm(self, incident_id: int, who: str, reason: str) -> Incident: ...
    def note(self, incident_id: int, who: str, text: str) -> None: ...

    def judge(self, incident_id: int, who: str, text: str, kind: str = "") -> Incident:
        """研判; `kind` a key of model.alert.KINDS (empty: as it is)."""

    def assign(self, incident_id: int, who: str, lead: Sequence[str], assist: Sequence[str], demand: str, deadline: datetime | None) -> Incident:
        """交办 to lead (主办) and assisting (协办) units; each gets a clock until the deadline."""

    def handle(self, incident_id: int, who: str, unit_id: str, findings: str, measures: str = "") -> Incident:
        """处置: what a unit found and does."""

    def answer(self, incident_id: int, who: str, content: str, channel: str, way: str, link: str = "", article_id: int = 0) -> Incident:
        """回应: content, channel (发布渠道), way (方式), link of the published answer."""

    def feedback(self, incident_id: int, who: str, unit_id: str, text: str) -> Incident:
        """反馈 of a unit."""

    def file(self, incident_id: int, who: str, number: str = "") -> Incident:
        """归档; without a number the next of the year is given."""

    def untrue(self, incident_id: int, who: str, reason: str) -> Incident:
        """不实报道: begin."""

    def correction(self, incident_id: int, who: str, step: str, outlet: str, text: str, link: str = "") -> Incident:
        """`step`: contacted | asked | obtained, in this order for an outlet."""

    def instruct(self, incident_id: int, who: str, text: str) -> None:
        """领导批示."""

    def report_up(self, incident_id: int, who: str, text: str) -> Incident:
        """报告领导: ends the internal clocks."""

    def conference(self, incident_id: int, who: str, text: str) -> Incident:
        """新闻发布会 held."""

    def set_level(self, incident_id: int, who: str, level: Level, reason: str) -> Incident: ...
    def rename(self, incident_id: int, who: str, title: str) -> Incident: ...
    def open_by_hand(self, who: str, title: str, units: Sequence[str], level: Level, reason: str, article_ids: Sequence[int] = (),
                     kind: str = "opinion", first_seen: datetime | None = None) -> Incident: ...
    def merge(self, incident_id: int, into: int, who: str, reason: str) -> Incident:
        """The stories of one go to the other; returns the other."""

    def split(self, incident_id: int, story_ids: Sequence[int], who: str, reason: str) -> Incident:
        """These stories become a case of their own; returns it."""

    def reopen(self, incident_id: int, who: str, reason: str) -> Incident:
        """A closed case comes back as a new one, linked; returns the new one."""

    def case(self, incident_id: int) -> Case: ...
    def may(self, incident: Incident, case: Case) -> tuple[str, ...]:
        """Names of the methods above that are in order now, for the buttons."""


class RosterDesk(Protocol):
    """值班表."""

    def calendar(self, since: date, days: int) -> list[CalendarDay]: ...
    def read_sheet(self, data: bytes, file_name: str = "") -> tuple[list[Shift], list[ShiftProblem]]:
        """xlsx (or csv): 日期, 带班领导, 值班员 (、 between names), 开始, 结束, 备注; nothing is saved."""

    def put(self, shifts: Sequence[Shift], who: str) -> None:
        """Replace the shifts of the days they cover.  ValueError when two overlap."""

    def edit(self, shift_id: int, who: str, leader: str, officers: Sequence[str], note: str = "") -> Shift: ...
    def blank_sheet(self, since: date, days: int) -> bytes:
        """xlsx to fill in, with the kind of each day."""

    def gaps(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        """Times nobody is on duty."""

    def ask_swap(self, shift_id: int, asker: str, other: str, reason: str, other_shift_id: int = 0) -> Swap: ...
    def answer_swap(self, swap_id: int, who: str, agreed: bool, text: str = "") -> Swap:
        """Only `other` may."""

    def withdraw_swap(self, swap_id: int, who: str) -> Swap: ...
    def draft_handover(self) -> HandOver:
        """What is open and what happened since the last one; not saved (id 0)."""

    def give(self, who: str, added: str = "") -> HandOver: ...
    def take(self, handover_id: int, who: str) -> HandOver:
        """Somebody else than who gave."""

    def zero_report(self, day: str, who: str, text: str = "") -> ZeroReport: ...
    def zero_due(self, since: str, until: str) -> list[str]:
        """Quiet days (days off without a report) in between."""

    def log(self, who: str, text: str) -> None: ...
    def named(self, person: str) -> str:
        """The name of a person's id, or what was given."""


class Channels(Protocol):
    """Ways of telling people, as the page shows and tests them."""

    def test(self, channel_id: str, who: str) -> str:
        """Send a test message now; "" when taken, else the reason (free of secrets)."""

    def send_again(self, task_id: int, who: str) -> None:
        """A parked message is tried once more."""


class WatchDesk(Protocol):
    def report(self, watch: Watch, now: datetime) -> Mapping[str, object]:
        """name, since, until, ended, total, negative, outlets, days [(day, pieces, negative)], tiers, units, clippings (newest first), text."""


class RulesDesk(Protocol):
    """Watches and channels changed on their pages; what is wrong is refused with a ValueError whose text is for the screen."""

    def save_watch(self, who: str, watch: Watch) -> str:
        """Set up (`watch.id` empty) or change; returns its id."""

    def stop_watch(self, who: str, watch_id: str) -> None:
        """Today is its last day; one that has not begun is taken out."""

    def save_channel(self, who: str, channel: ChannelConfig, address: str = "", new: bool = False) -> None:
        """`address` is kept apart and never read back; empty: what was stays."""

    def remove_channel(self, who: str, channel_id: str) -> None: ...
