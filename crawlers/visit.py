"""What is done with one job: an article is fetched and handed off, a source is polled and its state saved; failures are judged."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawlers import frontier
from crawlers.addresses import host_of
from crawlers.failures import BUSY_SIGNS, NO_ANSWER, STOP_SIGNS, FetchFailure, retry_at
from crawlers.fetch import Fetcher
from crawlers.handoff import Handoff
from crawlers.lanes import Job, Stopped
from crawlers.poll import Poller, outlet_of_link
from crawlers.rests import Rests
from model.bureau import Bureau
from model.outlet import Outlet, Source, Tier
from model.page import Page
from model.ports import Clock, Frontier
from model.source_state import Link, SourceState

REFUSALS_TO_PAUSE = 3
_MOST_REMEMBERED = 50_000

log = logging.getLogger(__name__)


def priority_of(outlet: Outlet, state: SourceState) -> int:
    """Of a source's new links: 2 from provincial outlets upward, which raise a level, 1 from the others; 0 for what was there when we came."""
    if state.last_ok is None:
        return 0
    return 2 if Tier(outlet.tier).rank >= Tier.PROVINCIAL.rank else 1


@dataclass
class CrawlStats:
    """What one run did.  `failures`: kind → number, of links and polls together."""

    pages: int = 0
    bytes: int = 0
    polls: int = 0
    new_links: int = 0
    failures: Counter[str] = field(default_factory=Counter)


class Visits:
    """`call` runs a function in the store's thread; `let_go` is told the address of a page once it is committed."""

    def __init__(self, fetcher: Fetcher, handoff: Handoff, store: Frontier, clock: Clock, rests: Rests, stats: CrawlStats,
                 call: Callable, let_go: Callable[[str], None]):
        self._fetcher, self._handoff, self._store, self._clock = fetcher, handoff, store, clock
        self._rests, self._stats, self._call, self._let_go = rests, stats, call, let_go
        self._poller = Poller(fetcher)
        self._tries: dict[str, int] = {}
        self._bureau: Bureau | None = None
        self.sources: dict[str, tuple[Source, Outlet]] = {}

    def use(self, bureau: Bureau) -> None:
        self._bureau = bureau
        self.sources = {source.id: (source, outlet) for outlet in bureau.outlets for source in outlet.sources}

    async def do(self, host: str, job: Job) -> bool:
        """True when a page was handed off: it stays in hand until it is committed.  Raises Stopped while the crawl ends."""
        if isinstance(job.what, Link):
            return await self._fetch(host, job.what)
        await self._poll(host, job.what)
        return False

    async def give_back(self, host: str, jobs: list[Job]) -> None:
        """What was taken but not tried: links are due again when the host has rested, or at once after a stop.

        A source of a resting host keeps its lease, which is short: its state may have been changed by what made the host rest.
        """
        now = self._clock.now()
        until = self._rests.until(host, now) or now
        for job in jobs:
            self.untried(job)
        await self._call(self._write_back, jobs, until, now)

    def _write_back(self, jobs: list[Job], until: datetime, now: datetime) -> None:
        for job in jobs:
            if isinstance(job.what, Link):
                self._store.link_failed(job.what.url, "resting", "该站点暂停采集", until, now)
            elif until == now:
                self._store.record_poll(job.what, (), now)

    async def postpone(self, state: SourceState, until: datetime, now: datetime) -> None:
        """A source that has just been taken, of a host that rests."""
        await self._call(self._store.record_poll, replace(state, next_due=until), (), now)

    def untried(self, job: Job) -> None:
        """The store counts takings; one that came to nothing is no try."""
        if isinstance(job.what, Link):
            self._remember(job.what, self._tried(job.what))

    async def _fetch(self, host: str, link: Link) -> bool:
        try:
            answer = await self._fetcher.get(link.url)
        except FetchFailure as failure:
            if failure.kind == "stopped":
                raise Stopped from failure
            await self._link_failed(host, link, failure)
            return False
        self._rests.good(host)
        self._tries.pop(link.url, None)
        hint = dict(link.hint)
        if link.priority:
            hint["priority"] = str(link.priority)
        outlet_id = link.outlet_id
        if answer.url != link.url:
            hint["asked"] = link.url
            if host_of(answer.url) != host:
                owner = self._owner(answer.url)
                outlet_id = owner.id if owner is not None else ""
        page = Page(answer.url, self._clock.now(), answer.response.body, answer.status, answer.headers, outlet_id,
                    link.source_id, hint)
        await self._handoff.put(page, lambda: self._let_go(link.url))
        return True

    async def _link_failed(self, host: str, link: Link, failure: FetchFailure) -> None:
        now = self._clock.now()
        self._stats.failures[failure.kind] += 1
        await self._note(host, failure, now)
        tried = self._tried(link)
        again = retry_at(failure, tried, now)
        self._remember(link, tried + 1)
        if again and (until := self._rests.until(host, now)):
            again = max(again, until)
        await self._call(self._store.link_failed, link.url, failure.kind, failure.detail, again, now)

    def _tried(self, link: Link) -> int:
        return self._tries.get(link.url, link.tries)

    def _remember(self, link: Link, tries: int) -> None:
        if len(self._tries) > _MOST_REMEMBERED:
            self._tries.clear()
        self._tries[link.url] = tries

    async def _poll(self, host: str, state: SourceState) -> None:
        source, outlet = self.sources.get(state.id, (None, None))
        if source is None or outlet is None:
            return
        now = self._clock.now()
        links: list[Link] = []
        try:
            poll = await self._poller.poll(source, state, outlet, now)
        except FetchFailure as failure:
            if failure.kind == "stopped":
                raise Stopped from failure
            self._stats.failures[failure.kind] += 1
            await self._note(host, failure, now)
            state = frontier.failed(state, source, now, failure)
        except Exception as error:  # noqa: BLE001 - outside text broke a reader: the source's failure, not the crawl's end
            log.exception("读取 %s 时出错", source.url)
            self._stats.failures["parse"] += 1
            state = frontier.failed(state, source, now, FetchFailure("parse", f"{type(error).__name__}: {error}"))
        else:
            self._rests.answered(host)
            if poll.outcome == "read":
                priority = priority_of(outlet, state)
                links = [Link(target, outlet_of_link(target, source, outlet, self._owner), source.id, hint, priority)
                         for target, hint in poll.links.items()]
                moved = self._poller.moved(source.id, poll.links)
                state = frontier.polled(state, source, now, moved, poll.etag, poll.last_modified)
            elif poll.outcome == "not_modified":
                state = frontier.not_modified(state, source, now)
            else:
                state = frontier.not_yet(state, source, now)
        new = await self._call(self._store.record_poll, state, links, self._clock.now())
        self._stats.polls += 1
        self._stats.new_links += new

    async def _note(self, host: str, failure: FetchFailure, now: datetime) -> None:
        """What a failure means for the host as a whole."""
        if failure.kind in BUSY_SIGNS or failure.kind == "robots_unreachable":
            self._rests.busy(host, now, failure.retry_after)
        elif failure.kind in NO_ANSWER:
            self._rests.dead(host, now)
        elif failure.kind in STOP_SIGNS and self._rests.refused(host, now) == REFUSALS_TO_PAUSE:
            await self._pause_sources(host, failure, now)

    async def _pause_sources(self, host: str, failure: FetchFailure, now: datetime) -> None:
        """The host refused several times in a row: its sources rest too, visibly."""
        for state in await self._call(self._store.source_states):
            if host_of(state.url) == host and state.id in self.sources:
                until = now + frontier.pause(state.failures + 1)
                self._rests.hold(host, until)
                await self._call(self._store.record_poll,
                                 frontier.paused(state, now, until, failure.kind, failure.detail), (), now)

    def _owner(self, url: str) -> Outlet | None:
        return self._bureau.outlet_of(host_of(url))
