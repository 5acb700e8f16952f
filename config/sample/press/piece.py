"""One publication of the sample press: what is printed on its page, and beside it what is right about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Mapping


@dataclass(frozen=True)
class House:
    """One web site of an outlet.

    `path` holds {yyyy} {yy} {mm} {dd} {hh} {n} {h}; `charset` is the true encoding, `declared` the one in the page's meta,
    `header` the one in Content-Type ("" = none).  `index` is the first list page, `index_n` the further ones ({n}).
    """

    id: str
    outlet: str                    # outlet id of the sample bureau, "" = an unknown outlet
    name: str
    host: str
    family: str
    path: str
    index: str = ""
    index_n: str = ""
    index_from: int = 2            # number of the second list page in `index_n`
    channel: str = "新闻"
    charset: str = "utf-8"
    declared: str = "utf-8"
    header: str = ""
    lead: str = ""
    feed: str = ""                 # path of an RSS or Atom feed
    sitemap: str = ""
    disallow: str = ""
    robots: bool = True            # False: /robots.txt answers 404
    gallery: str = ""              # a mirror list of a WeChat account kept by this site: house id of the account

    @property
    def root(self) -> str:
        return f"http://{self.host}"


@dataclass(frozen=True)
class Truth:
    """What is right about a piece; unit ids and labels as in the model (N, R, P)."""

    units: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    opinion: Mapping[str, str] = field(default_factory=dict)
    event: str = ""
    first: str = ""                # piece id of the story's first publication, "" = not held
    first_outlet: str = ""         # its outlet as printed, when it is not held
    status: str = "unmatched"
    authors: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """`published` is in Asia/Shanghai; `release` is the number of seconds (at speed 1) after the first start."""

    id: str
    story: str
    house: House
    serial: int
    title: str
    paragraphs: tuple[str, ...]
    published: datetime
    precision: str                 # minute | day
    source: str
    truth: Truth
    byline: str = ""               # names printed in the information line
    editor: str = ""
    kicker: str = ""
    subtitle: str = ""
    page_no: str = ""
    page_name: str = ""
    position: str = ""
    mark: str = ""                 # WeChat: original | share
    inject: bool = False           # gambling links put into the page
    caption: str = ""              # caption of a picture, "" = no picture
    split: int = 0                 # paragraphs on the first of two continued pages, 0 = one page
    twin: str = ""                 # deleted | verify | missing | shell: the page that stands where an article was
    linked_from: str = ""          # house whose list links to it, when it is not its own
    release: float = 0.0

    @property
    def url(self) -> str:
        t = self.published
        path = self.house.path.format(yyyy=f"{t:%Y}", yy=f"{t:%y}", mm=f"{t:%m}", dd=f"{t:%d}", hh=f"{t:%H}", n=self.serial,
                                      h=f"{self.serial * 2654435761 % 2**32:08x}{self.serial * 40503 % 2**16:04x}")
        return self.house.root + path

    @property
    def second_url(self) -> str:
        """Address of the continued page, "" where there is none."""
        stem, dot, ending = self.url.rpartition(".")
        return f"{stem}_2{dot}{ending}" if self.split else ""
