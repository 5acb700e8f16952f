"""What is known of a source while it is polled: its health, its rhythm; and the links it gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Mapping


class Health(StrEnum):
    NEW = "new"                    # never polled
    OK = "ok"
    SILENT = "silent"              # answers, but has had nothing new for longer than usual
    FAILING = "failing"
    PAUSED = "paused"              # 403 / 412: stopped on the outlet's wish

    @property
    def label(self) -> str:
        return {"new": "未采集", "ok": "正常", "silent": "沉默", "failing": "异常", "paused": "暂停"}[self.value]


@dataclass(frozen=True)
class SourceState:
    id: str
    outlet_id: str
    kind: str
    url: str
    health: Health = Health.NEW
    next_due: datetime | None = None
    interval_s: int = 600
    etag: str = ""
    last_modified: str = ""
    last_poll: datetime | None = None
    last_ok: datetime | None = None
    last_new: datetime | None = None
    usual_gap_s: float = 0.0       # running mean of the time between two new pieces
    failures: int = 0              # in a row
    fail_kind: str = ""            # dns | timeout | http_404 | robots | too_large | parse | …
    fail_detail: str = ""
    found: int = 0                 # new links in all
    paused_until: datetime | None = None


@dataclass(frozen=True)
class Link:
    """An article address waiting to be fetched; `hint` see `Page.hint`."""

    url: str
    outlet_id: str
    source_id: str
    hint: Mapping[str, str] = field(default_factory=dict)
    priority: int = 0              # higher first
    tries: int = 0
