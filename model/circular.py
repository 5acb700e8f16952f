"""The papers of a period as values: circular (通报), a unit's statement, the annual roll-up.  Every document is drawn from these.

`faults()` says in Chinese what does not add up; no document with a fault is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from model.credit import LedgerRow, PeriodState, Shortfall

PLACEHOLDER = re.compile(r"[XＸx×]{2,}|20\*{2}|[XＸ×]+[篇年月日条号]|[（(][\s　]*[）)]|_{3,}|TODO|待填|请填写")


@dataclass(frozen=True)
class ClassCount:
    class_id: str
    name: str
    pieces: int


@dataclass(frozen=True)
class UnitLine:
    """One unit in a period.  cents = piece_cents + other_cents; `other` names each of the other points with its arithmetic."""

    unit_id: str
    label: str
    group: str
    submitted: int
    verified: int
    adopted: int
    by_class: Mapping[str, int]
    central: int                   # adopted by central and industry media
    provincial: int
    piece_cents: int
    other_cents: int
    cents: int
    rank: int                      # 0 when vetoed
    vetoed: bool = False
    passed: bool | None = None     # None: the scheme has no pass mark
    other: tuple[str, ...] = ()


@dataclass(frozen=True)
class CircularItem:
    """A piece adopted: counted once however many units share it."""

    article_id: int
    claim_id: int
    title: str
    outlet: str
    tier: str
    class_id: str
    class_name: str
    day: str
    units: tuple[str, ...]         # unit ids
    people: str
    cents: int                     # of all its units


@dataclass(frozen=True)
class OutletLine:
    """An outlet and what it took from each unit; `pieces` counts a shared piece once."""

    outlet: str
    class_name: str
    by_unit: Mapping[str, int]
    pieces: int


@dataclass(frozen=True)
class PersonLine:
    name: str
    unit_id: str
    label: str
    pieces: int
    cents: int


@dataclass(frozen=True)
class Letter:
    """What a person gives for the paper: its number, who it goes to, what is asked; parts not given are not printed."""

    number: str = ""               # 云卫办函〔2026〕1号
    to: str = ""                   # 各县（区）卫生健康局，市直各医疗卫生单位：
    copies_to: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()  # paragraphs of what is asked next
    signer: str = ""               # the office that signs; the bureau's when empty


@dataclass(frozen=True)
class Circular:
    bureau: str
    office: str
    period: str
    label: str                     # 2026年第四季度
    first: str                     # ISO days, inclusive
    last: str
    made_at: datetime
    scheme: str
    measure: str
    state: PeriodState
    total: int                     # pieces adopted, each once
    shared: int                    # how many times more they are counted for units
    submitted: int
    classes: tuple[ClassCount, ...]
    units: tuple[UnitLine, ...]    # by group and rank
    items: tuple[CircularItem, ...]
    outlets: tuple[OutletLine, ...]
    people: tuple[PersonLine, ...]
    shortfalls: tuple[Shortfall, ...]
    letter: Letter = Letter()
    waiting: int = 0               # credits that wait for a nod
    appeals: int = 0               # appeals without answer

    @property
    def names(self) -> dict[str, str]:
        return {u.unit_id: u.label for u in self.units}

    @property
    def groups(self) -> dict[str, list[UnitLine]]:
        found: dict[str, list[UnitLine]] = {}
        for line in self.units:
            found.setdefault(line.group, []).append(line)
        return found

    @property
    def high(self) -> tuple[CircularItem, ...]:
        """What the centre and the province took."""
        return tuple(i for i in self.items if i.tier in ("central", "industry", "provincial"))

    def sentence(self) -> str:
        """`共刊登589篇，其中国家级18篇、行业15篇。`; without parts when nothing was taken."""
        parts = "、".join(f"{c.name}{c.pieces}篇" for c in self.classes if c.pieces)
        return f"共刊登{self.total}篇" + (f"，其中{parts}。" if parts else "。")

    def faults(self) -> list[str]:
        wrong = _Sums()
        wrong.equal("各类别篇数", self.total, (c.pieces for c in self.classes))
        wrong.equal("采用清单", self.total, [1] * len(self.items))
        wrong.equal("媒体采用表", self.total, (o.pieces for o in self.outlets))
        wrong.equal("各单位报送", self.submitted, (u.submitted for u in self.units))
        wrong.equal("各单位采用（篇次）", self.total + self.shared, (u.adopted for u in self.units))
        wrong.equal("合写篇次", self.shared, (len(i.units) - 1 for i in self.items))
        wrong.equal("清单得分", sum(u.piece_cents for u in self.units), (i.cents for i in self.items))
        for c in self.classes:
            wrong.equal(f"类别“{c.name}”清单", c.pieces, (i.class_id == c.class_id for i in self.items))
        for u in self.units:
            wrong.equal(f"“{u.label}”各类别", u.adopted, u.by_class.values())
            wrong.equal(f"“{u.label}”媒体采用表", u.adopted, (o.by_unit.get(u.unit_id, 0) for o in self.outlets))
            wrong.equal(f"“{u.label}”得分", u.cents, (u.piece_cents, u.other_cents))
            wrong.equal(f"“{u.label}”中央和省级", u.central + u.provincial, (u.unit_id in i.units for i in self.high))
            above = sum(1 for o in self.units if o.group == u.group and not o.vetoed and o.cents > u.cents)
            wrong.equal(f"“{u.label}”名次", 0 if u.vetoed else above + 1, (u.rank,))
        own = (self.letter.number, self.letter.to, self.letter.signer, *self.letter.copies_to, *self.letter.demands)
        return wrong.said + [f"留有未填的内容：“{found}”" for text in own if (found := placeholder(text))]


@dataclass(frozen=True)
class Statement:
    """A unit's own account of a period: every row with its arithmetic."""

    bureau: str
    office: str
    label: str
    made_at: datetime
    scheme: str
    measure: str
    state: PeriodState
    line: UnitLine
    in_group: int                  # units in its ranking group
    rows: tuple[LedgerRow, ...]    # oldest first
    titles: Mapping[int, str]      # row id → title
    shortfalls: tuple[Shortfall, ...] = ()

    def faults(self) -> list[str]:
        wrong = _Sums()
        wrong.equal("各行得分", self.line.cents, (r.cents for r in self.rows))
        return wrong.said


@dataclass(frozen=True)
class AnnualLine:
    unit_id: str
    label: str
    group: str
    by_period: Mapping[str, int]   # period → hundredths
    cents: int
    pieces: int
    submitted: int
    rank: int
    vetoed: bool = False


@dataclass(frozen=True)
class Annual:
    bureau: str
    office: str
    year: str
    made_at: datetime
    measure: str
    periods: tuple[PeriodState, ...]
    lines: tuple[AnnualLine, ...]
    labels: Mapping[str, str] = field(default_factory=dict)    # period → label

    def faults(self) -> list[str]:
        wrong = _Sums()
        for line in self.lines:
            wrong.equal(f"“{line.label}”全年得分", line.cents, line.by_period.values())
        return wrong.said


@dataclass(frozen=True)
class Matched:
    """One publication of a unit, as claimed and as found by the crawl; `state`: both | claimed | found."""

    unit_id: str
    state: str
    title: str
    outlet: str
    day: str
    url: str
    article_id: int = 0
    claim_id: int = 0
    online: bool = False           # a verified claim with an address: what the crawl ought to have found


@dataclass(frozen=True)
class Reconciliation:
    period: str
    rows: tuple[Matched, ...]

    def recall(self, unit_id: str = "") -> tuple[int, int]:
        """Of the claimed publications that are on the web and were verified, how many the crawl had found by itself: (numerator, denominator)."""
        online = [r for r in self.rows if r.online and unit_id in ("", r.unit_id)]
        return sum(r.state == "both" for r in online), len(online)

    def counts(self, unit_id: str = "") -> dict[str, int]:
        mine = [r for r in self.rows if not unit_id or r.unit_id == unit_id]
        return {state: sum(r.state == state for r in mine) for state in ("both", "claimed", "found")}


class DoesNotLeave(ValueError):
    """A paper with a fault never becomes a document."""


def require_sound(paper: Circular | Statement | Annual) -> None:
    """Raise `DoesNotLeave` naming every fault."""
    wrong = paper.faults()
    if wrong:
        raise DoesNotLeave("；".join(wrong))


def placeholder(text: str) -> str:
    """The first placeholder (XX, 20**, X篇, empty brackets) in a text, "" when there is none."""
    found = PLACEHOLDER.search(text)
    return found.group() if found else ""


class _Sums:
    def __init__(self) -> None:
        self.said: list[str] = []

    def equal(self, name: str, total: int, parts: Iterable[int]) -> None:
        made = sum(int(p) for p in parts)
        if total != made:
            self.said.append(f"{name}：总数 {total}，分项合计 {made}")
