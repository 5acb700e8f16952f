"""A fetched page: bytes as they came, and the one status each page ends with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Mapping


class PageStatus(StrEnum):
    """QUEUED and LEASED are on the way; every other value is final, and each page has exactly one."""

    QUEUED = "queued"
    LEASED = "leased"
    CLIPPED = "clipped"            # names the bureau or a unit
    UNMATCHED = "unmatched"        # an article, but not about us (text kept for a set number of days)
    REPEATED = "repeated"          # same address, same content as held
    NOT_ARTICLE = "not_article"    # list page, front page, error page with status 200, empty shell
    GONE = "gone"                  # deleted, moved, expired
    BLOCKED = "blocked"            # verification page and the like: the address is tried again later
    REFUSED = "refused"            # too large, binary, not text
    QUARANTINED = "quarantined"    # a stage broke on it

    @property
    def label(self) -> str:
        return {
            "queued": "待处理", "leased": "处理中", "clipped": "命中", "unmatched": "未涉及", "repeated": "重复抓取",
            "not_article": "非稿件", "gone": "已失效", "blocked": "待重试", "refused": "拒收", "quarantined": "隔离",
        }[self.value]


FINAL = tuple(s for s in PageStatus if s not in (PageStatus.QUEUED, PageStatus.LEASED))


@dataclass(frozen=True)
class ArchiveRef:
    """Where the bytes lie: WARC file (relative to the archive folder), byte offset and length of the record."""

    file: str
    offset: int
    length: int
    sha256: str                    # hex, over the body


@dataclass(frozen=True)
class Page:
    """One HTTP answer.  `hint` holds what the list told: title, published, page_no, page_name, position, feed_summary.

    `position_from` and `position_why` tell how a layout page gave the position.
    """

    url: str
    fetched_at: datetime           # aware, UTC
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)   # names in lower case
    outlet_id: str = ""
    source_id: str = ""
    hint: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class QueuedPage:
    """A row of the page queue; the bytes are read from the archive by `ref`."""

    id: int
    url: str
    fetched_at: datetime
    status: int
    headers: Mapping[str, str]
    outlet_id: str
    source_id: str
    hint: Mapping[str, str]
    ref: ArchiveRef
    tries: int = 0

    @property
    def urgency(self) -> int:
        """0 for what may wait; the greater the sooner."""
        given = self.hint.get("priority", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
