"""The crawl loop: takes what is due, gives each host one lane with one request at a time, hands pages off.

Links and sources are only leased while they are in a lane; whatever dies with the process comes back when its lease ends.
A lease may end while its fetch is under way: what is in hand is known here and not taken twice.  All calls to the store
and the archive run in one thread of their own, in order.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawlers import frontier
from crawlers.addresses import host_of
from crawlers.failures import BUSY_SIGNS, STOP_SIGNS, FetchFailure, retry_at
from crawlers.fetch import Fetcher
from crawlers.handoff import Handoff
from crawlers.poll import Poller, outlet_of_link
from crawlers.rests import Rests
from model.bureau import Bureau
from model.outlet import Outlet, Source
from model.page import Page
from model.ports import Archive, Clock, Store
from model.source_state import Link, SourceState

SOURCE_LEASE_S = 20
LINKS_AT_ONCE = 30
LINK_LEASE_S = 10      # and as much for each link of a lane's share as its host's delay asks
SOURCES_AT_ONCE = 40
MOST_IN_HAND = 3000
MOST_TOGETHER = 128    # hosts spoken to at one time
LOW_WATER = 3          # a lane with more jobs is not refilled
TICK_S = 1.0
PULL_GAP_S = 0.05
FINISH_S = 6.0         # what is under way when told to stop may take this long to end
STORE_TRIES = 5
REFUSALS_TO_PAUSE = 3
_NO_ANSWER = frozenset({"dns", "refused", "timeout", "connection"})

log = logging.getLogger(__name__)


@dataclass
class CrawlStats:
    """What one run did.  `failures`: kind → number, of links and polls together."""

    pages: int = 0
    bytes: int = 0
    polls: int = 0
    new_links: int = 0
    failures: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Job:
    what: Link | SourceState
    key: str
    ends: float        # loop time at which the lease ends


@dataclass
class _Lane:
    jobs: deque[_Job] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class _Stopped(Exception):
    """The crawl is ending: what was under way is not judged but given back."""


class Crawl:
    """`bureau()` gives the bureau in force; `once`: end when every source was polled and no link is waiting."""

    def __init__(self, bureau: Callable[[], Bureau], store: Store, archive: Archive, clock: Clock, once: bool,
                 on_tick: Callable[[CrawlStats], None] | None):
        self._current, self._store, self._archive, self._clock = bureau, store, archive, clock
        self._once, self._on_tick = once, on_tick
        self.stats = CrawlStats()
        self.error: BaseException | None = None
        self._bureau: Bureau | None = None
        self._sources: dict[str, tuple[Source, Outlet]] = {}
        self._delays: dict[str, float] = {}
        self._lanes: dict[str, _Lane] = {}
        self._in_hand: set[str] = set()
        self._tries: dict[str, int] = {}
        self._rests = Rests()
        self._stopping = False
        self._wound_up = False

    # the loop

    async def run(self, engine) -> None:
        """Until told to stop, or in a `once` run until nothing is left.  Called by the spider with the running engine."""
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._together = asyncio.Semaphore(MOST_TOGETHER)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="crawl-store")
        self._bureau = self._current()
        self._fetcher = Fetcher(engine, self._bureau.settings.crawl, self._delay_of, self._clock.now)
        self._poller = Poller(self._fetcher)
        self._handoff = Handoff(self._store, self._archive, self._clock, self._call)
        self._handing = asyncio.create_task(self._handoff.run())
        try:
            await self._take_bureau(self._bureau)
            await self._recall_pauses()
            await self._go_on()
            await self.wind_up()
        except asyncio.CancelledError:
            self._stop()
            raise
        except Exception as error:
            self.error = error
            self._stop()
            raise

    async def _go_on(self) -> None:
        next_tick = next_sources = next_pull = 0.0
        troubles = 0
        while not self._stopping:
            if self._handing.done():
                self._handing.result()
                raise RuntimeError("the hand-off ended before the crawl")
            now = self._loop.time()
            if now >= next_tick:
                next_tick = now + TICK_S
                await self._tick()
            taken = 0
            try:
                if now >= next_sources:
                    taken = await self._pull_sources()
                    next_sources = now if taken else now + TICK_S / 2
                taken += await self._pull_links()
                troubles = 0
                if not taken and self._once and not self._in_hand and await self._finished():
                    return
            except Exception:
                troubles += 1
                log.exception("数据库暂时不可用（第 %d 次）", troubles)
                if troubles >= STORE_TRIES:
                    raise
                await asyncio.sleep(troubles)
            if not taken:
                self._wake.clear()
                try:
                    async with asyncio.timeout(TICK_S / 2):
                        await self._wake.wait()
                except TimeoutError:
                    pass
                if (early := next_pull - self._loop.time()) > 0:
                    await asyncio.sleep(early)
            next_pull = self._loop.time() + PULL_GAP_S

    async def _tick(self) -> None:
        bureau = self._current()
        if bureau is not self._bureau:
            await self._take_bureau(bureau)
        self.stats.pages, self.stats.bytes = self._handoff.pages, self._handoff.bytes
        if self._on_tick is not None:
            self._on_tick(self.stats)

    async def _take_bureau(self, bureau: Bureau) -> None:
        self._bureau = bureau
        self._sources = {source.id: (source, outlet) for outlet in bureau.outlets for source in outlet.sources}
        self._delays.clear()
        if bureau.settings.crawl != self._fetcher.settings:
            self._fetcher.configure(bureau.settings.crawl)
        await self._call(self._store.sync_sources, [source for source, _ in self._sources.values()], self._clock.now())

    async def _recall_pauses(self) -> None:
        """Hosts that were told to be left alone stay so over a new start."""
        now = self._clock.now()
        for state in await self._call(self._store.source_states):
            if state.paused_until and state.paused_until > now and state.id in self._sources:
                self._rests.hold(host_of(state.url), state.paused_until)

    async def _finished(self) -> bool:
        states = await self._call(self._store.source_states)
        if any(state.last_poll is None for state in states if state.id in self._sources):
            return False
        return not (await self._call(self._store.link_counts)).get("leased", 0) and not self._in_hand

    # taking what is due

    async def _pull_sources(self) -> int:
        now = self._clock.now()
        ends = self._loop.time() + SOURCE_LEASE_S
        states = await self._call(self._store.due_sources, now, SOURCES_AT_ONCE, SOURCE_LEASE_S)
        taken = 0
        for state in states:
            if state.id not in self._sources or (key := "source " + state.id) in self._in_hand:
                continue
            if until := self._rests.until(host_of(state.url), now):
                await self._call(self._store.record_poll, replace(state, next_due=until), (), now)
                continue
            self._give(host_of(state.url), _Job(state, key, ends), first=True)
            taken += 1
        return taken

    async def _pull_links(self) -> int:
        room = min(MOST_IN_HAND - len(self._in_hand), LINKS_AT_ONCE)
        if room <= 0:
            return 0
        now = self._clock.now()
        busy = [host for host, lane in self._lanes.items() if len(lane.jobs) > LOW_WATER] + self._rests.resting(now)
        lease_s = round(LINK_LEASE_S + LINKS_AT_ONCE * (self._bureau.settings.crawl.delay_s + 0.2))
        ends = self._loop.time() + lease_s
        taken = 0
        for link in await self._call(self._store.due_links, now, room, lease_s, busy):
            if link.url not in self._in_hand:
                self._give(host_of(link.url), _Job(link, link.url, ends))
                taken += 1
        return taken

    def _give(self, host: str, job: _Job, first: bool = False) -> None:
        lane = self._lanes.setdefault(host, _Lane())
        self._in_hand.add(job.key)
        lane.jobs.appendleft(job) if first else lane.jobs.append(job)
        if lane.task is None:
            lane.task = asyncio.create_task(self._drive(host, lane))

    # one host

    async def _drive(self, host: str, lane: _Lane) -> None:
        try:
            while lane.jobs and not self._stopping and not self._rests.until(host, self._clock.now()):
                job = lane.jobs.popleft()
                if job.ends > self._loop.time():
                    await self._do(host, job)
                else:                                   # its lease is over: it will be given out again
                    self._untried(job)
                    self._in_hand.discard(job.key)
                if len(lane.jobs) == LOW_WATER:
                    self._wake.set()
        except Exception:  # noqa: BLE001 - a store that fails is the loop's business, which sees it too
            log.exception("采集 %s 时出错", host)
        finally:
            left = list(lane.jobs)
            self._lanes.pop(host, None)
            if left:
                await self._give_back(host, left)
            self._wake.set()

    async def _give_back(self, host: str, jobs: list[_Job]) -> None:
        """What was taken but not tried: due again when the host has rested, or at once after a stop."""
        now = self._clock.now()
        until = self._rests.until(host, now) or now

        def write() -> None:
            for job in jobs:
                if isinstance(job.what, Link):
                    self._store.link_failed(job.what.url, "resting", "该站点暂停采集", until, now)
                else:
                    self._store.record_poll(replace(job.what, next_due=until), (), now)

        for job in jobs:
            self._untried(job)
        try:
            await self._call(write)
        except Exception:  # noqa: BLE001 - the leases end by themselves
            log.exception("交还 %s 的任务时出错", host)
        finally:
            self._in_hand.difference_update(job.key for job in jobs)

    def _tried(self, link: Link) -> int:
        """How often a link was truly tried: the store counts takings, of which some came to nothing."""
        return self._tries.get(link.url, link.tries)

    def _untried(self, job: _Job) -> None:
        if isinstance(job.what, Link):
            self._remember(job.what, self._tried(job.what))

    def _remember(self, link: Link, tries: int) -> None:
        if len(self._tries) > 50_000:
            self._tries.clear()
        self._tries[link.url] = tries

    async def _do(self, host: str, job: _Job) -> None:
        kept = False
        try:
            async with self._together:
                if isinstance(job.what, Link):
                    kept = await self._fetch(host, job.what)
                else:
                    await self._poll(host, job.what)
        except _Stopped:
            await self._give_back(host, [job])
        finally:
            if not kept:
                self._in_hand.discard(job.key)

    async def _fetch(self, host: str, link: Link) -> bool:
        """True when the page was handed off (then the link stays in hand until it is committed)."""
        try:
            answer = await self._fetcher.get(link.url)
        except FetchFailure as failure:
            if self._stopping:
                raise _Stopped from failure
            await self._link_failed(host, link, failure)
            return False
        self._rests.good(host)
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
        await self._handoff.put(page, lambda: self._in_hand.discard(link.url))
        return True

    async def _link_failed(self, host: str, link: Link, failure: FetchFailure) -> None:
        now = self._clock.now()
        self.stats.failures[failure.kind] += 1
        await self._note(host, failure, now)
        tried = self._tried(link)
        again = retry_at(failure, tried, now)
        self._remember(link, tried + 1)
        if again and (until := self._rests.until(host, now)):
            again = max(again, until)
        await self._call(self._store.link_failed, link.url, failure.kind, failure.detail, again, now)

    async def _poll(self, host: str, state: SourceState) -> None:
        source, outlet = self._sources.get(state.id, (None, None))
        if source is None or outlet is None:
            return
        now = self._clock.now()
        links: list[Link] = []
        try:
            poll = await self._poller.poll(source, state, outlet, now)
        except FetchFailure as failure:
            if self._stopping:
                raise _Stopped from failure
            self.stats.failures[failure.kind] += 1
            await self._note(host, failure, now)
            state = frontier.failed(state, source, now, failure)
        except Exception as error:  # noqa: BLE001 - outside text broke a reader: that is the source's failure, not the crawl's end
            log.exception("读取 %s 时出错", source.url)
            state = frontier.failed(state, source, now, FetchFailure("parse", f"{type(error).__name__}: {error}"))
        else:
            self._rests.answered(host)
            if poll.outcome == "read":
                priority = 0 if state.last_ok is None else 1     # news before what was there when we came
                links = [Link(target, outlet_of_link(target, source, outlet, self._owner), source.id, hint, priority)
                         for target, hint in poll.links.items()]
                moved = self._poller.moved(source.id, poll.links)
                state = frontier.polled(state, source, now, moved, poll.etag, poll.last_modified)
            elif poll.outcome == "not_modified":
                state = frontier.not_modified(state, source, now)
            else:
                state = frontier.not_yet(state, source, now)
        new = await self._call(self._store.record_poll, state, links, self._clock.now())
        self.stats.polls += 1
        self.stats.new_links += new
        self._wake.set()

    async def _note(self, host: str, failure: FetchFailure, now: datetime) -> None:
        """What a failure means for the host as a whole."""
        if failure.kind in BUSY_SIGNS or failure.kind == "robots_unreachable":
            self._rests.busy(host, now, failure.retry_after)
        elif failure.kind in _NO_ANSWER:
            self._rests.dead(host, now)
        elif failure.kind in STOP_SIGNS:
            if self._rests.refused(host, now) == REFUSALS_TO_PAUSE:
                await self._pause_sources(host, failure)

    async def _pause_sources(self, host: str, failure: FetchFailure) -> None:
        """The host refused several times in a row: its sources rest too, visibly."""
        now = self._clock.now()
        for state in await self._call(self._store.source_states):
            if host_of(state.url) == host and state.id in self._sources and "source " + state.id not in self._in_hand:
                until = now + frontier.pause(state.failures + 1)
                self._rests.hold(host, until)
                await self._call(self._store.record_poll,
                                 frontier.paused(state, now, until, failure.kind, failure.detail), (), now)

    # odds and ends

    def _delay_of(self, host: str) -> float:
        delay = self._delays.get(host)
        if delay is None:
            outlet = self._bureau.outlet_of(host)
            delay = self._bureau.settings.crawl.delay_s if outlet is None or outlet.delay_s is None else outlet.delay_s
            if len(self._delays) > 20_000:
                self._delays.clear()
            self._delays[host] = delay
        return delay

    def _owner(self, url: str) -> Outlet | None:
        return self._bureau.outlet_of(host_of(url))

    def _call(self, function: Callable, *args):
        return self._loop.run_in_executor(self._thread, function, *args)

    def _stop(self) -> None:
        """No new request from here on; what hangs is given up after a while (its lease brings it back)."""
        if not self._stopping:
            self._stopping = True
            self._fetcher.close()
            self._loop.call_later(FINISH_S, self._cancel_lanes)

    def _cancel_lanes(self) -> None:
        for lane in list(self._lanes.values()):
            if lane.task is not None:
                lane.task.cancel()

    async def wind_up(self) -> None:
        """Let what is under way end, then commit the pages already fetched."""
        if self._wound_up or not hasattr(self, "_handing"):
            return
        self._wound_up = True
        self._stop()
        tasks = [lane.task for lane in self._lanes.values() if lane.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=FINISH_S + 2)
        if not self._handing.done():
            await self._handoff.close()
        try:
            await self._handing
        except Exception as error:  # noqa: BLE001 - told to the caller of `run`
            self.error = self.error or error
        self.stats.pages, self.stats.bytes = self._handoff.pages, self._handoff.bytes
        await self._loop.run_in_executor(None, self._thread.shutdown)
