"""A claim (季报表的一行): what a unit says was published, what was found, and the verdict with every check beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Verdict(StrEnum):
    NEW = "new"                    # handed in, not looked at yet
    VERIFIED = "verified"          # 核实
    DOUBTFUL = "doubtful"          # 存疑: to a person, with the question
    REJECTED = "rejected"          # 驳回
    PENDING = "pending"            # 待查: tried again later

    @property
    def label(self) -> str:
        return {"new": "未核对", "verified": "核实", "doubtful": "存疑", "rejected": "驳回", "pending": "待查"}[self.value]


class Outcome(StrEnum):
    PASS = "pass"
    UNSURE = "unsure"
    FAIL = "fail"

    @property
    def label(self) -> str:
        return {"pass": "通过", "unsure": "不能确定", "fail": "不符"}[self.value]


@dataclass(frozen=True)
class Check:
    """One thing looked at.  `name` is one of CHECKS; `later`: the answer may come by itself (a site that did not answer)."""

    name: str
    outcome: Outcome
    claimed: str
    found: str
    reason: str                    # plain Chinese, for the unit and the secretariat
    later: bool = False


CHECKS = ("链接", "标题", "日期", "媒体", "涉及单位", "稿件性质", "首发转载", "重复申报", "所属期", "内容倾向", "其他链接")


@dataclass(frozen=True)
class CellProblem:
    """Why a form cannot be taken: `row` counts from 1 as the spreadsheet shows it (0: the whole file), `column` as its letter or heading.
    """

    row: int
    column: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        where = (f"第{self.row}行" if self.row else "") + (f"“{self.column}”" if self.column else "")
        return f"{where}{'：' if where else ''}{self.message}" + (f"（填的是“{self.value[:60]}”）" if self.value else "")


@dataclass(frozen=True)
class FormRow:
    """A claimed publication as read.  `day` ISO; `urls` repaired, in the order of the cell; `people` as printed."""

    number: str                    # 序号 as printed, or counted
    title: str
    day: str
    outlet: str
    urls: tuple[str, ...] = ()
    sheet_row: int = 0             # as the spreadsheet counts, 0 when filled in on the page
    kind: str = ""                 # 类型 as printed: 文字, 视频, 广播 …
    page_no: str = ""
    people: str = ""
    note: str = ""
    url_note: str = ""             # what stood in the link cell besides addresses: 纸质版, 客户端


@dataclass(frozen=True)
class Form:
    """A form that was read whole.  `problems` not empty: nothing of it is taken."""

    file_name: str
    sha256: str
    rows: tuple[FormRow, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    remarks: tuple[str, ...] = ()  # what was noticed and does not stand in the way
    unit: str = ""                 # 填报单位 as printed
    period: str = ""               # "2026Q1" when the form says so
    filled_on: str = ""            # ISO day of 填报时间
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)   # field → heading as printed


@dataclass(frozen=True)
class Finding:
    """What verification says of one row.  `question` is asked of a person when doubtful; `credited_to` names who a repost's credit goes
    to.
    """

    verdict: Verdict
    checks: tuple[Check, ...] = ()
    reasons: tuple[str, ...] = ()
    question: str = ""
    article_id: int | None = None
    story_id: int | None = None
    url: str = ""                  # the address judged, canonical; "" when there is none
    credited_to: str = ""
    people: tuple[str, ...] = ()   # correspondents printed on the page
    retry_at: datetime | None = None

    def check(self, name: str) -> Check | None:
        return next((c for c in self.checks if c.name == name), None)


@dataclass(frozen=True)
class Submission:
    id: int
    unit_id: str
    period: str
    at: datetime
    who: str
    file_name: str
    sha256: str
    rows: int = 0
    replaced_by: int | None = None # a later submission stands in its place
    counts: Mapping[str, int] = field(default_factory=dict)    # standing verdict value → rows


@dataclass(frozen=True)
class Claim:
    """A row handed in.  `standing` is a person's decision where there is one, else the machine's verdict."""

    id: int
    submission_id: int
    unit_id: str
    period: str
    handed_in: datetime
    row: FormRow
    finding: Finding = Finding(Verdict.NEW)
    checked_at: datetime | None = None
    tries: int = 0
    decision: Verdict | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    decision_reason: str = ""
    withdrawn: bool = False

    @property
    def standing(self) -> Verdict:
        return self.decision or self.finding.verdict


@dataclass(frozen=True)
class ClaimEvent:
    """A line of a claim's record, never edited.  `what`: handed_in | checked | decided | asked | answered | evidence | recheck |
    withdrawn.
    """

    id: int
    claim_id: int
    at: datetime
    who: str
    what: str
    text: str


@dataclass(frozen=True)
class EvidenceItem:
    """One captured thing of a chain (one chain a unit and period); `seq` counts from 1.

    `hash` = SHA-256 over the other fields in the canonical form of `pipelines.evidence.seal`, `previous` included.
    """

    id: int
    chain: str                     # "unit/period"
    seq: int
    claim_id: int
    kind: str                      # response | text | pdf | attempt | material
    name: str                      # file name in the pack, below the row's folder
    media_type: str
    size: int
    sha256: str
    captured_at: datetime
    seen_at: datetime              # when the page was fetched; for materials when they were handed in
    url: str
    file: str                      # where the bytes lie: "files/ab/…" or "warc:<file>:<offset>:<length>"
    previous: str = ""
    hash: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)      # http status, headers, body digest


class PageState(StrEnum):
    """A credited page looked at again."""

    SAME = "same"
    EDITED = "edited"
    DELETED = "deleted"
    UNREACHED = "unreached"

    @property
    def label(self) -> str:
        return {"same": "未变", "edited": "已修改", "deleted": "已删除", "unreached": "未能打开"}[self.value]


@dataclass(frozen=True)
class Recheck:
    id: int
    claim_id: int
    article_id: int
    url: str
    at: datetime
    state: PageState
    detail: str = ""


@dataclass(frozen=True)
class Policy:
    """How checks weigh: "accept", "doubt" or "reject"; a scheme may say otherwise under `extra: {claims: {…}}`."""

    own: str = "reject"            # a unit's own platforms
    paid: str = "reject"           # 专版, 合作版面, 广告
    notice: str = "reject"         # 通知公告, 招标, 招聘
    repost: str = "reject"         # first publication held: only that counts
    late: str = "reject"           # published outside the period
    unknown_outlet: str = "doubt"
    negative: str = "reject"

    def outcome(self, kind: str) -> Outcome:
        """What a check of that kind comes to."""
        return {"accept": Outcome.PASS, "doubt": Outcome.UNSURE, "reject": Outcome.FAIL}[getattr(self, kind)]


@dataclass(frozen=True)
class Period:
    """A quarter "2026Q1", a month "2026M03" or a year "2026"; `last` is inclusive."""

    id: str
    first: date
    last: date

    @property
    def label(self) -> str:
        year = self.first.year
        if "Q" in self.id:
            return f"{year}年第{'一二三四'[int(self.id[-1]) - 1]}季度"
        return f"{year}年{self.first.month}月" if "M" in self.id else f"{year}年"

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def period(text: str) -> Period:
    """Raises ValueError with a Chinese reason."""
    year, quarter, month = text[:4], text[5:] if text[4:5] == "Q" else "", text[5:] if text[4:5] == "M" else ""
    if not (year.isdigit() and len(year) == 4) or not (
        len(text) == 4 or quarter in tuple("1234") or month in tuple(f"{n:02d}" for n in range(1, 13))
    ):
        raise ValueError(f"所属期“{text}”写法不对，应为 2026Q1（季度）、2026M03（月）或 2026（年）")
    first_month, months = ((int(quarter) - 1) * 3 + 1, 3) if quarter else (int(month), 1) if month else (1, 12)
    after = int(year) * 12 + first_month - 1 + months
    last = date(after // 12, after % 12 + 1, 1).toordinal() - 1
    return Period(text, date(int(year), first_month, 1), date.fromordinal(last))


def quarter_of(day: date) -> Period:
    return period(f"{day.year}Q{(day.month - 1) // 3 + 1}")
