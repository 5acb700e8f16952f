"""Credits: schemes, ledger rows, standings.  Points are whole hundredths (`cents`), never floats."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Mapping


@dataclass(frozen=True)
class When:
    """A condition on a piece: every bound that is given must hold; an empty one always holds."""

    positions: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    min_length: int = 0
    under_length: int = 0          # shorter than this
    min_reads: int = 0


@dataclass(frozen=True)
class Step:
    """Another base within a class; the first one that holds is taken."""

    name: str
    when: When
    cents: int


@dataclass(frozen=True)
class Growth:
    """Points that grow with reads: `cents` for every full `each` beyond `start`."""

    start: int
    each: int
    cents: int


@dataclass(frozen=True)
class Factor:
    name: str
    when: When
    times: Fraction


@dataclass(frozen=True)
class Addition:
    """Points added to a piece after the multipliers."""

    name: str
    when: When
    cents: int


@dataclass(frozen=True)
class AwardRule:
    """Given by a person: 领导批示 +15, 转报 ×2 (`times` of the piece's own points), 迟报 −10 with or without veto."""

    id: str
    name: str
    cents: int = 0
    times: Fraction | None = None
    veto: bool = False


@dataclass(frozen=True)
class Cap:
    """At most so many points or pieces in each span for each unit; filters as in `When`, or, for awards, by their ids."""

    name: str
    per: str                       # month | quarter | year
    cents: int | None = None
    pieces: int | None = None
    when: When = When()
    awards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quota:
    """A task: `needed` pieces in each span; `groups` says otherwise for a ranking group; `cents` is taken for each one missing."""

    per: str                       # month | quarter | year
    needed: int
    counts: str = "adopted"        # submitted | adopted
    groups: Mapping[str, int] = field(default_factory=dict)
    cents: int = 0

    def of(self, group: str) -> int:
        return self.groups.get(group, self.needed)


@dataclass(frozen=True)
class LowRate:
    """`cents` are taken in each span in which less than `below` of what was handed in is adopted."""

    below: Fraction
    cents: int
    per: str = "month"


@dataclass(frozen=True)
class OutletClass:
    """A class of a scheme: outlets by id, by kind or by tier, and the base points in hundredths.

    `when` narrows it (首页 of a site); `repost_cents` is the base of a repost where it differs.
    """

    id: str
    name: str
    cents: int
    outlets: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    when: When = When()
    repost_cents: int | None = None
    steps: tuple[Step, ...] = ()
    growth: Growth | None = None


@dataclass(frozen=True)
class Scheme:
    """A set of counting rules with its dates; a changed rule is a new version."""

    id: str
    version: str
    name: str
    since: str                     # ISO day
    until: str = ""
    classes: tuple[OutletClass, ...] = ()
    reposts: str = "first"         # first | highest | highest_per_class | sum | never
    split: str = "full"            # full | equal | weights | first | correspondent
    own_counts: bool = False
    quota_per_month: int = 0
    extra: Mapping[str, object] = field(default_factory=dict)
    measure: str = "分"             # 分 | 元 | 篇 (折算篇)
    period: str = "quarter"        # month | quarter | year: how the ledger is closed
    auto: str = "pass"             # what the crawl finds: pass by rule | contributed (only named contributors pass) | ask
    exclude: tuple[str, ...] = ()  # paid | invited | notice | repost, or kinds of outlets
    min_length: int = 0            # shorter texts do not count
    combine: str = "all"           # several factors: all are multiplied | highest only
    factors: tuple[Factor, ...] = ()
    additions: tuple[Addition, ...] = ()
    awards: tuple[AwardRule, ...] = ()
    caps: tuple[Cap, ...] = ()
    quotas: tuple[Quota, ...] = ()
    low_rate: LowRate | None = None
    start_cents: int = 0           # base points of every unit
    start_per: str = "year"        # month | quarter | year
    weights: tuple[Fraction, ...] = ()   # split weights: first, second, … unit; the last holds for all that follow
    least_share: Fraction = Fraction(0)  # no unit's share of a piece is smaller
    backfill_day: int = 0          # material of a month may be handed in until this day of the next one
    pass_cents: int | None = None  # pass mark
    source_tiers: tuple[str, ...] = ()   # a repost by an outlet of these tiers is rated as its source

    @property
    def key(self) -> str:
        return f"{self.id}@{self.version}"

    @property
    def tasks(self) -> tuple[Quota, ...]:
        """All quotas, the short form `quota_per_month` among them."""
        return (*((Quota("month", self.quota_per_month),) if self.quota_per_month else ()), *self.quotas)


class PeriodClosed(ValueError):
    """A row was to be written into a closed period."""


@dataclass(frozen=True)
class LedgerRow:
    """Append-only; a correction is a counter-entry with `corrects` set.

    `period` is where the row is booked; `of_period` the period it belongs to when that one was closed already.
    """

    id: int
    at: datetime
    unit_id: str
    article_id: int
    story_id: int
    scheme: str                    # "id@version"
    class_id: str
    class_name: str
    cents: int
    period: str                    # "2026Q4"
    arithmetic: str                # "省级 6.00 × 1 = 6.00"
    reason: str
    origin: str = "crawl"          # crawl | claim | person | rule
    person: str = ""
    corrects: int | None = None
    kind: str = "piece"            # piece | award | veto | start | quota | rate | adjust
    day: str = ""                  # ISO day of publication
    full_cents: int = 0            # before caps
    of_period: str = ""
    passed_by: str = ""            # who let it into the ledger: 按规则 or a person
    rules: str = ""                # the rules that made it, joined by ；
    outlet_id: str = ""
    claim_id: int = 0
    caps: str = ""                 # names of the caps it falls under, joined by ；

    @property
    def belongs(self) -> str:
        return self.of_period or self.period


@dataclass(frozen=True)
class Standing:
    """One line of the ranking; `rank` follows 1-2-2-4 within `group`, 0 when vetoed."""

    unit_id: str
    group: str
    cents: int
    pieces: int
    by_class: Mapping[str, int]    # class id → pieces
    rank: int
    vetoed: bool = False


@dataclass(frozen=True)
class Shortfall:
    """A task that a unit did not fulfil."""

    unit_id: str
    label: str                     # 2026年10月
    counts: str                    # submitted | adopted
    needed: int
    had: int
    cents: int                     # taken for it, ≤ 0

    @property
    def missing(self) -> int:
        return self.needed - self.had


@dataclass(frozen=True)
class PeriodState:
    id: str
    open: bool
    changed_at: datetime | None = None
    who: str = ""
    reason: str = ""


@dataclass(frozen=True)
class PeriodEvent:
    """`what`: opened | closed | reopened; `last_row` the newest ledger row then, `sums` unit id → cents as closed."""

    id: int
    at: datetime
    period: str
    what: str
    who: str
    reason: str
    last_row: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A credit that waits for the secretariat's nod.  `state`: waiting | accepted | refused | withdrawn."""

    id: int
    at: datetime
    row: LedgerRow                 # as it would be booked, id 0
    state: str = "waiting"
    who: str = ""
    reason: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Appeal:
    """申诉: about a ledger row, or about a piece that is not in it (`row_id` None).  `state`: open | upheld | rejected."""

    id: int
    at: datetime
    unit_id: str
    row_id: int | None
    who: str
    text: str
    state: str = "open"
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    period: str = ""


def class_of(scheme: Scheme, outlet_id: str, tier: str) -> OutletClass | None:
    """The class an outlet counts in: the one that names it, else the first that takes its tier, else None."""
    classes = sorted(scheme.classes, key=lambda c: c.when != When())      # one that asks for a position only when there is no other
    return (next((c for c in classes if outlet_id and outlet_id in c.outlets), None)
            or next((c for c in classes if tier in c.tiers), None))
