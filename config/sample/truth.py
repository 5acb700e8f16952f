"""What is right about every piece of the sample press, for the end-to-end test; never read by the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Mapping

from config.sample.press.load import load as pieces


@dataclass(frozen=True)
class Expected:
    """One page of the press and what the program should say about it.

    outlet      outlet id of the sample bureau, "" when the host is in no list
    published   aware, Asia/Shanghai; precision "minute" or "day" (then 00:00)
    units       unit ids named for certain; unresolved = names that nobody can resolve from the page (queue for a person)
    story       pages of one story are reposts of one another; first = address of its first publication, "" = not held
                (then first_outlet is the outlet printed as its source)
    opinion     unit id → N, R or P
    event       incident id, "" = no incident
    status      final status of the page (model.PageStatus value)
    held        seconds after the first start at which it comes out, 0 = at once
    """

    id: str
    url: str
    outlet: str
    title: str
    published: datetime
    precision: str
    source: str
    authors: tuple[str, ...]
    correspondents: tuple[str, ...]
    units: tuple[str, ...]
    unresolved: tuple[str, ...]
    story: str
    first: str
    first_outlet: str
    event: str
    status: str
    defaced: bool
    family: str
    held: float
    page_no: str = ""
    opinion: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ExpectedIncident:
    """One event that must be one alert: who is blamed, how far it spread, and the pages that carry it."""

    id: str
    blamed: tuple[str, ...]        # unit ids
    outlets: tuple[str, ...]       # outlet ids, own platforms too
    stories: tuple[str, ...]
    urls: tuple[str, ...]          # in order of publication
    held: float                    # seconds after the first start at which its first page comes out


def incidents(now: datetime) -> list[ExpectedIncident]:
    """The events of the press in which a unit is blamed; an event of reposts and follow-ups is one."""
    found: dict[str, list[Expected]] = {}
    for page in load(now):
        if page.event:
            found.setdefault(page.event, []).append(page)
    return [
        ExpectedIncident(id=event, blamed=tuple(sorted({u for p in pages for u, label in p.opinion.items() if label == "N"})),
                         outlets=tuple(sorted({p.outlet for p in pages})), stories=tuple(sorted({p.story for p in pages})),
                         urls=tuple(p.url for p in sorted(pages, key=lambda p: (p.published, p.id))), held=min(p.held for p in pages))
        for event, pages in sorted(found.items())
    ]


def load(now: datetime) -> list[Expected]:
    """The truth about the press as of `now` (aware), in the order of its data files."""
    all_pieces = pieces(now)
    by_id = {p.id: p.url for p in all_pieces}
    return [
        Expected(id=p.id, url=p.url, outlet=p.house.outlet, title=p.title, published=p.published, precision=p.precision, source=p.source,
                 authors=p.truth.authors, correspondents=p.truth.correspondents, units=p.truth.units, unresolved=p.truth.unresolved,
                 story=p.story, first=by_id.get(p.truth.first, ""), first_outlet=p.truth.first_outlet, event=p.truth.event,
                 status=p.truth.status, defaced=p.inject, family=p.house.family, held=p.release, page_no=p.page_no, opinion=p.truth.opinion)
        for p in all_pieces
    ]
