"""A page under reading: what each step found, for the steps after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Mapping

from model.article import Image, Person
from model.page import Page
from pipelines.decode import Decoded
from pipelines.extract.body import NOTHING, Body
from pipelines.extract.candidates import Candidate
from pipelines.extract.document import Document
from pipelines.extract.epaper import Sheet
from pipelines.extract.moments import When
from pipelines.extract.wechat import Post

SURE_TIME = 0.4        # a time believed less than this is no time


@dataclass
class Draft:
    """`told` fields by an outlet's own selectors; `post` what a WeChat page says of itself; `fetched` bounds the times that are believed."""

    page: Page
    decoded: Decoded
    doc: Document
    base: str
    fetched: datetime
    told: Mapping[str, str]
    post: Post | None = None
    body: Body = NOTHING
    titles: list[Candidate] = field(default_factory=list)
    title_at: int = -1
    kicker: str = ""
    subtitle: str = ""
    injected: tuple[str, ...] = ()
    sheet: Sheet = field(default_factory=Sheet)
    times: list[Candidate] = field(default_factory=list)
    sources: list[Candidate] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    text: str = ""
    pictures: tuple[Image, ...] = ()
    kind: str = "text"
    cover: str = ""
    duration_s: int = 0

    @property
    def name(self) -> str:
        """The title, "" while none is found."""
        return str(self.titles[0].value) if self.titles else ""

    @property
    def source(self) -> str:
        return str(self.sources[0].value) if self.sources else ""

    @property
    def time(self) -> Candidate | None:
        return self.times[0] if self.times and self.times[0].score >= SURE_TIME else None

    @property
    def when(self) -> When | None:
        return self.time.value if self.time else None       # type: ignore[return-value]
