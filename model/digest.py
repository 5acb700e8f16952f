"""The digest as values: every document is drawn from this one object, so all show the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from model.alert import Incident
from model.credit import Standing


SCHEDULED = ("week", "month", "quarter", "half", "year")       # kinds of spans that are sent by schedule


@dataclass(frozen=True)
class Span:
    """What a digest is about: [since, until).  `kind`: week | month | quarter | half | year | span; `key` names it in addresses."""

    key: str                       # 2026-W47, 2026-11, 2026Q4, 2026H2, 2026, 20261101-20261109
    kind: str
    since: datetime
    until: datetime
    label: str                     # 2026年第四季度

    @property
    def title(self) -> str:
        return {"week": "舆情剪报周报", "month": "舆情剪报月通报", "quarter": "舆情剪报季报", "half": "舆情剪报半年报", "year": "舆情剪报年度总结",
                "span": "舆情剪报专报"}[self.kind]


@dataclass(frozen=True)
class DigestItem:
    article_id: int
    story_id: int
    title: str
    outlet: str
    tier: str
    class_id: str
    class_name: str
    url: str
    published: datetime | None
    precision: str
    authors: tuple[str, ...]
    correspondents: tuple[str, ...]
    units: tuple[str, ...]         # unit labels
    is_first: bool
    first_label: str               # 首发已确认 / 疑似首发 / 首发未确认 / 转载
    copies: int
    highest_tier: str
    page_no: str = ""
    negative: bool = False
    seen: datetime | None = None   # when it was found: its time where none is printed
    page_name: str = ""
    position: str = ""             # 头版头条, 报眼, …
    highest_class: str = ""        # name of the class that the highest copy counts in
    unit_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassTotal:
    class_id: str
    name: str
    pieces: int
    firsts: int
    reposts: int
    previous: int = 0              # pieces in the span before


@dataclass(frozen=True)
class Worry:
    """An outlet that is not read as it should be: what is the matter, and since when (None: never read)."""

    outlet: str
    state: str                     # silent | failed
    since: datetime | None
    reason: str


@dataclass(frozen=True)
class Coverage:
    outlets: int
    read: int
    silent: tuple[str, ...]        # outlet names
    failed: tuple[str, ...]
    quarantined: int
    as_of: datetime
    worries: tuple[Worry, ...] = ()


@dataclass(frozen=True)
class UnitCount:
    """Pieces that name the unit for certain; one piece may name several units."""

    unit_id: str
    label: str
    pieces: int
    firsts: int
    negative: int


@dataclass(frozen=True)
class BinCount:
    """One mark of the time axis: a day, or a month where the span is long."""

    label: str                     # 11/20 or 2026-11
    by_class: Mapping[str, int]    # class id → pieces

    @property
    def pieces(self) -> int:
        return sum(self.by_class.values())


@dataclass(frozen=True)
class EventFact:
    """An opinion event: clocks kept, missed and still running; what was answered, where."""

    incident: Incident
    kept: int
    missed: int
    running: int
    answer: str = ""               # 已于11月20日 10:30 经“…”以…回应：…
    missed_names: tuple[str, ...] = ()

    @property
    def clock_label(self) -> str:
        if self.missed:
            return f"超时{self.missed}项"
        return "按时" if self.kept and not self.running else "计时中" if self.running else "—"


@dataclass(frozen=True)
class Spread:
    """How the story with the most copies went round: moments of its copies, oldest first, with outlet and tier."""

    story_id: int
    title: str
    copies: tuple[tuple[datetime, str, str], ...]      # (time, outlet, tier)


@dataclass(frozen=True)
class PlatformCount:
    """An own platform, counted apart."""

    outlet: str
    pieces: int
    firsts: int


@dataclass(frozen=True)
class UnitTask:
    """Handed in and adopted against the task: two counters.  `needed` 0: no task."""

    unit_id: str
    label: str
    group: str
    submitted: int
    adopted: int
    needed: int
    counts: str = "submitted"      # which of the two the task counts: submitted | adopted

    @property
    def met(self) -> bool:
        return (self.submitted if self.counts == "submitted" else self.adopted) >= self.needed


@dataclass(frozen=True)
class DigestEdit:
    """What an editor did, kept beside the facts.  `what`: leave_out | take_back | move | under | note | lead; the newest of a kind holds.

    `target` is an article id (0 for the lead); `value`: the place where it is listed from 1 (move), the class it is listed under or
    `TOP` (under; "": its own), the words (note, lead).
    """

    id: int
    span: str
    at: datetime
    who: str
    what: str
    target: int = 0
    value: str = ""


TOP = "top"                        # listed before all classes
EDITS = {"leave_out": "略去", "take_back": "恢复", "move": "移位", "under": "归入", "note": "按语", "lead": "导语"}


@dataclass(frozen=True)
class Fault:
    """Why a digest does not leave by itself: where, and what."""

    where: str
    what: str
    article_id: int = 0

    def __str__(self) -> str:
        return f"{self.where}：{self.what}"


@dataclass(frozen=True)
class KeptFile:
    """A file of an issue as it was sent."""

    name: str
    form: str                      # docx | pdf | xlsx | html | txt
    size: int
    sha256: str


@dataclass(frozen=True)
class DigestIssue:
    """A digest made to be sent.  `state`: waiting (a person has to look) | sent | preview | dropped."""

    id: int
    span: str
    number: str
    at: datetime
    who: str
    state: str
    recipients: tuple[str, ...]
    faults: tuple[str, ...] = ()
    files: tuple[KeptFile, ...] = ()
    summary: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""

    @property
    def state_label(self) -> str:
        return {"waiting": "待人工核对", "sent": "已发出", "preview": "预览", "dropped": "已撤下"}[self.state]


@dataclass(frozen=True)
class Posted:
    """How an issue fared with one channel.  `state`: pending | leased | done | parked."""

    channel: str
    state: str
    detail: str
    at: datetime
    task_id: int = 0

    @property
    def state_label(self) -> str:
        return {"pending": "待发送", "leased": "发送中", "done": "已送达", "parked": "发送失败"}[self.state]


@dataclass(frozen=True)
class Digest:
    """`total` equals the sum of `classes[i].pieces`; each class's pieces equal its firsts plus reposts.

    `lead`, `notes`, `left_out`, `placed` and the order of `items` come from editors; the numbers never do.
    """

    number: str                    # 〔2026〕第47期
    bureau: str
    office: str
    since: datetime
    until: datetime                # exclusive
    made_at: datetime
    total: int
    previous_total: int
    firsts: int
    reposts: int
    own_total: int                 # own platforms, counted apart
    classes: tuple[ClassTotal, ...]
    items: tuple[DigestItem, ...]
    own_items: tuple[DigestItem, ...]
    incidents: tuple[Incident, ...]
    standings: tuple[Standing, ...]
    coverage: Coverage
    unit_names: dict = field(default_factory=dict)   # unit id → label
    span: Span | None = None
    negative: int = 0              # pieces that blame a health body
    units: tuple[UnitCount, ...] = ()                # the most named first
    bins: tuple[BinCount, ...] = ()
    events: tuple[EventFact, ...] = ()
    carried: int = 0               # events opened before the span and still open
    previous_ranks: Mapping[str, int] = field(default_factory=dict)
    spread: Spread | None = None
    platforms: tuple[PlatformCount, ...] = ()
    tasks: tuple[UnitTask, ...] = ()                 # for a month and longer
    lead: str = ""
    notes: Mapping[int, str] = field(default_factory=dict)   # article id → annotation
    left_out: frozenset[int] = frozenset()
    placed: Mapping[int, str] = field(default_factory=dict)  # article id → class it is listed under, or TOP; counted in its own

    @property
    def title(self) -> str:
        return self.span.title if self.span else "舆情剪报周报"

    @property
    def printed(self) -> tuple[DigestItem, ...]:
        return tuple(i for i in self.items if i.article_id not in self.left_out)

    def shelf(self, item: DigestItem) -> str:
        """Where a piece is listed: `TOP` or a class id."""
        return self.placed.get(item.article_id, item.class_id)
