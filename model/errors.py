"""Errors that carry a decision: what becomes of the page that raised one.

Every stage may raise `Drop`, `Retry` or `Quarantine`; the flow turns each into the one
counted final status of the page.  `ConfigError` stops the start with file and line.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.page import PageStatus


class Decision(Exception):
    """Base of the three decisions about a page; `status` and `reason` (Chinese, for the screen)."""

    status: PageStatus = PageStatus.QUARANTINED

    def __init__(self, reason: str, status: PageStatus | None = None):
        super().__init__(reason)
        self.reason = reason
        if status is not None:
            self.status = status


class Drop(Decision):
    """The page is done with: no article, gone, refused.  Nothing more is tried."""

    status = PageStatus.NOT_ARTICLE


class Retry(Decision):
    """The page may be had later (verification page, empty shell); `after_s` seconds from now."""

    status = PageStatus.BLOCKED

    def __init__(self, reason: str, after_s: int = 3600):
        super().__init__(reason)
        self.after_s = after_s


class Quarantine(Decision):
    """A stage broke on the page: kept aside with its reason, can be run again."""

    status = PageStatus.QUARANTINED


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a bureau's folder: where it stands and what to write instead."""

    file: str
    line: int | None
    message: str
    remedy: str = ""
    warning: bool = False          # shown, but does not stop the start

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.message}" + (f" → {self.remedy}" if self.remedy else "")


class ConfigError(Exception):
    """A bureau folder that cannot be used; `problems` lists every fault found, not the first alone."""

    def __init__(self, problems: list[Problem]):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
