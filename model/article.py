"""An article read from a page, with the signal that gave each field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Mapping


@dataclass(frozen=True)
class Person:
    """A named person of a byline: reporter, correspondent (通讯员), editor, photographer; `unit` as printed."""

    name: str
    role: str = "reporter"         # reporter | correspondent | author | photographer | editor | reviewer | contributor
    unit: str = ""


@dataclass(frozen=True)
class Dateline:
    """电头: `新华社武汉2月19日电` → agency 新华社, place 武汉, day "2月19日", own False."""

    text: str
    agency: str = ""
    place: str = ""
    day: str = ""
    own: bool = False              # 本报讯, 本台讯, 本网讯


@dataclass(frozen=True)
class Image:
    url: str
    caption: str = ""


@dataclass(frozen=True)
class Signal:
    """Why a field has its value: where it was read, a score in 0..1, and what else was considered."""

    origin: str                    # e.g. "meta:og:title", "h1", "text:来源", "url", "jsonld"
    score: float = 1.0
    detail: str = ""


@dataclass(frozen=True)
class Article:
    """`published` is aware; `precision` is "minute" or "day" (then the time of day is 00:00 Asia/Shanghai) or ""."""

    url: str                       # address fetched
    canonical: str                 # canonical address: the identity of the article
    title: str
    text: str                      # paragraphs joined by "\n"
    published: datetime | None = None
    precision: str = ""
    source: str = ""               # 来源 as printed
    account: str = ""              # who posted it on a platform (a WeChat account): the outlet, whatever 来源 its text prints
    people: tuple[Person, ...] = ()
    dateline: Dateline | None = None
    kicker: str = ""               # 引题
    subtitle: str = ""             # 副题
    original_title: str = ""       # 原标题
    reposted_from: str = ""        # 转自, 据…报道
    is_original: bool | None = None   # 原创 mark True, share block False, nothing None
    images: tuple[Image, ...] = ()
    kind: str = "text"             # text | pictures | video
    page_no: str = ""              # 版次
    page_name: str = ""
    position: str = ""             # 头版头条, 报眼, …
    column: str = ""
    encoding: str = ""
    damaged: int = 0               # number of U+FFFD left in the decoded page
    injected: tuple[str, ...] = () # links or words put into a defaced page
    identity: str = ""             # WeChat (biz,mid,idx) and the like
    next_part: str = ""            # address of the continued page, "" when there is none
    cover: str = ""                # picture of a video page
    site: str = ""                 # what the page calls its own site
    duration_s: int = 0            # length of its video in seconds, 0 unknown
    signals: Mapping[str, Signal] = field(default_factory=dict)

    def named(self, *roles: str) -> tuple[str, ...]:
        """Names of the people with one of the roles, in printed order."""
        return tuple(p.name for p in self.people if p.role in roles)

    @property
    def authors(self) -> tuple[str, ...]:
        return self.named("reporter", "author")

    @property
    def correspondents(self) -> tuple[str, ...]:
        return self.named("correspondent", "contributor")

    @property
    def editors(self) -> tuple[str, ...]:
        return self.named("editor")
