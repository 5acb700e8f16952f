"""What bureaus of one installation share: an address is polled and fetched once, and every bureau that lists the outlet gets the page.

The crawl sees one bureau whose outlets are the union of all.  What it fetched stands in a log that only grows; each bureau takes from it
what is its own, by a mark in its own record that moves in the same transaction: no page comes twice, none is left out, and a bureau that
was away takes up where it stopped.  Nothing ever flows the other way but addresses to be fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from model.bureau import Bureau, Settings
from model.outlet import Outlet, Source
from model.page import Page, QueuedPage
from model.region import Region
from model.source_state import Link, SourceState
from pipelines.archive_place import SHARED

MARK = "shared:page"
LOT = 200


def common_id(source: Source) -> str:
    """The id of a source in the crawl: the same for all who list the same address in the same way."""
    return hashlib.sha256("\n".join((str(source.kind), source.url, source.link_pattern)).encode()).hexdigest()[:16]


def union(name: str, folder: Path, bureaus: Sequence[Bureau], settings: Settings) -> Bureau:
    """One bureau for the crawl: each address once, each host with the longest pause that any bureau asks for."""
    outlets: dict[str, Outlet] = {}
    held: dict[str, str] = {}                    # common id of a source → outlet
    sources: dict[str, Source] = {}
    pauses: dict[str, float] = {}
    for bureau in bureaus:
        for outlet in bureau.outlets:
            for domain in outlet.domains:
                pauses[domain] = max(pauses.get(domain, 0.0), outlet.delay_s or 0.0)
            same = outlets.get(outlet.id)
            key = outlet.id if same is None or same.domains == outlet.domains else f"{outlet.id}@{bureau.id}"
            outlets.setdefault(key, replace(outlet, id=key))
            for source in outlet.sources:
                common = common_id(source)
                held.setdefault(common, key)
                known = sources.setdefault(common, replace(source, id=common))
                sources[common] = replace(known, outlet_id=held[common], min_interval_s=min(known.min_interval_s, source.min_interval_s),
                                          max_interval_s=min(known.max_interval_s, source.max_interval_s), max_pages=max(known.max_pages, source.max_pages))
    merged = tuple(
        replace(outlet, sources=tuple(s for common, s in sources.items() if held[common] == key),
                delay_s=max((pauses[d] for d in outlet.domains), default=outlet.delay_s or 0.0) or None)
        for key, outlet in outlets.items())
    return Bureau(id="shared", name=name, region=Region(), folder=folder, outlets=merged, settings=settings)


class Listing:
    """What of the common log is a bureau's: compiled once for a bureau."""

    def __init__(self, bureau: Bureau):
        self.bureau = bureau
        self.own = {common_id(s): s for o in bureau.outlets for s in o.sources}
        self.common = {s.id: common for common, s in self.own.items()}

    def of(self, page: QueuedPage) -> Page | None:
        """The page under the bureau's own names of outlet and source; None when the bureau does not list its outlet."""
        source = self.own.get(page.source_id)
        outlet = None if source else self.bureau.outlet_of(_host(page.url))
        if source is None and outlet is None:
            return None
        return Page(page.url, page.fetched_at, b"", page.status, page.headers, source.outlet_id if source else outlet.id,
                    source.id if source else "", page.hint)


class BureauStore:
    """`model.ports.Store` of one bureau of several: its own record, and of the common frontier the part that it lists."""

    def __init__(self, own, common, bureau):
        """`own` and `common` are stores; `bureau()` gives the bureau in force."""
        self._own, self._common, self._bureau = own, common, bureau
        self._listed: Listing | None = None

    def __getattr__(self, name: str):
        return getattr(self._own, name)

    def listing(self) -> Listing:
        bureau = self._bureau()
        if self._listed is None or self._listed.bureau is not bureau:
            self._listed = Listing(bureau)
        return self._listed

    def take_over(self, now: datetime) -> int:
        """Queue what has been fetched for this bureau since the last time; returns how many pages."""
        taken, listing = 0, self.listing()
        while True:
            mark = self._own.get(MARK, "0")
            pages = self._common.pages_after(int(mark), LOT)
            if not pages:
                return taken
            mine = [(page, replace(p.ref, file=SHARED + p.ref.file)) for p in pages if (page := listing.of(p))]
            if self._own.enqueue_marked(mine, MARK, mark, str(pages[-1].id), now):
                taken += len(mine)

    def offer(self, links: Sequence[Link], now: datetime) -> int:
        common = self.listing().common
        return self._common.offer([replace(x, source_id=common.get(x.source_id, "")) for x in links], now)

    def link_failed(self, url: str, kind: str, detail: str, retry_at: datetime | None, now: datetime) -> None:
        self._common.link_failed(url, kind, detail, retry_at, now)

    def source_states(self) -> list[SourceState]:
        own = self.listing().own
        mine = [replace(s, id=own[s.id].id, outlet_id=own[s.id].outlet_id) for s in self._common.source_states() if s.id in own]
        return sorted(mine, key=lambda s: (s.outlet_id, s.id))

    def link_counts(self) -> Mapping[str, int]:
        return self._common.link_counts(tuple(self.listing().own))

    def close(self) -> None:
        self._own.close()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
