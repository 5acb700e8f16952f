"""The crawl loop: takes what is due, gives it to the lanes, takes up a changed bureau, ends cleanly.

Links and sources are only leased while they are in hand; whatever dies with the process comes back when its lease ends.
All calls to the store and the archive run in one thread of their own, in order.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from crawlers.addresses import host_of
from crawlers.fetch import Fetcher
from crawlers.handoff import Handoff
from crawlers.lanes import Job, Lanes
from crawlers.rests import Rests
from crawlers.visit import CrawlStats, Visits
from model.bureau import Bureau
from model.ports import Archive, Clock, Store

SOURCES_AT_ONCE = 40
SOURCE_LEASE_S = 20
LINKS_AT_ONCE = 30
LINK_LEASE_S = 10      # and for each link that may wait before it: the delay, and a moment
MOST_IN_HAND = 3000
TICK_S = 1.0
PULL_GAP_S = 0.05
FINISH_S = 6.0         # what is under way when told to stop may take this long to end
STORE_TRIES = 5
_MOST_DELAYS = 20_000

log = logging.getLogger(__name__)


class Crawl:
    """`bureau()` gives the bureau in force; `once`: end when every source was polled and no link is waiting."""

    def __init__(self, bureau: Callable[[], Bureau], store: Store, archive: Archive, clock: Clock, once: bool,
                 on_tick: Callable[[CrawlStats], None] | None):
        self._current, self._store, self._archive, self._clock = bureau, store, archive, clock
        self._once, self._on_tick = once, on_tick
        self.stats = CrawlStats()
        self.error: BaseException | None = None
        self._delays: dict[str, float] = {}
        self._rests = Rests()
        self._begun = self._stopping = self._wound_up = False
        self._last_taken = 0.0

    async def run(self, engine) -> None:
        """Until told to stop, or in a `once` run until nothing is left.  Called by the spider with the running engine."""
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="crawl-store")
        self._bureau = self._current()
        self._fetcher = Fetcher(engine, self._bureau.settings.crawl, self._delay_of, self._clock.now)
        self._handoff = Handoff(self._store, self._archive, self._clock, self._call)
        self._visits = Visits(self._fetcher, self._handoff, self._store, self._clock, self._rests, self.stats, self._call,
                              lambda key: self._lanes.let_go(key))
        self._lanes = Lanes(self._visits.do, self._visits.give_back, self._visits.untried,
                            lambda host: self._rests.until(host, self._clock.now()) is not None)
        self._handing = asyncio.create_task(self._handoff.run())
        self._begun = True
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
        next_tick = next_sources = 0.0
        troubles = 0
        while not self._stopping:
            if self._handing.done():
                self._handing.result()
                raise RuntimeError("the hand-off ended before the crawl")
            now = self._loop.time()
            if now >= next_tick:
                next_tick = now + TICK_S
                await self._tick()
            self._lanes.wake.clear()
            taken = 0
            try:
                if now >= next_sources:
                    taken = await self._pull_sources()
                    next_sources = now if taken else now + TICK_S / 2
                taken += await self._pull_links()
                troubles = 0
                if not taken and self._once and not self._lanes.in_hand and await self._finished():
                    return
            except Exception:
                troubles += 1
                log.exception("数据库暂时不可用（第 %d 次）", troubles)
                if troubles >= STORE_TRIES:
                    raise
                await asyncio.sleep(troubles)
            if taken:
                self._last_taken = self._loop.time()
                continue
            try:
                async with asyncio.timeout(TICK_S / 2):
                    await self._lanes.wake.wait()
            except TimeoutError:
                pass
            if (early := now + PULL_GAP_S - self._loop.time()) > 0:
                await asyncio.sleep(early)

    async def _tick(self) -> None:
        bureau = self._current()
        if bureau is not self._bureau:
            await self._take_bureau(bureau)
        self.stats.pages, self.stats.bytes = self._handoff.pages, self._handoff.bytes
        if self._on_tick is not None:
            self._on_tick(self.stats)

    async def _take_bureau(self, bureau: Bureau) -> None:
        self._bureau = bureau
        self._visits.use(bureau)
        self._delays.clear()
        if bureau.settings.crawl != self._fetcher.settings:
            self._fetcher.configure(bureau.settings.crawl)
        sources = [source for source, _ in self._visits.sources.values()]
        await self._call(self._store.sync_sources, sources, self._clock.now())

    async def _recall_pauses(self) -> None:
        """Hosts that were told to be left alone stay so over a new start."""
        now = self._clock.now()
        for state in await self._call(self._store.source_states):
            if state.paused_until and state.paused_until > now and state.id in self._visits.sources:
                self._rests.hold(host_of(state.url), state.paused_until)

    async def _finished(self) -> bool:
        """Every source was polled and no link is out on lease (a dead process's leases are waited for)."""
        now = self._clock.now()
        for state in await self._call(self._store.source_states):
            if state.last_poll is None and state.id in self._visits.sources and not self._rests.until(host_of(state.url), now):
                return False
        leased = (await self._call(self._store.link_counts)).get("leased", 0)
        return not self._lanes.in_hand and (not leased or self._loop.time() > self._last_taken + self._link_lease_s() + TICK_S)

    async def _pull_sources(self) -> int:
        now, ends = self._clock.now(), self._loop.time() + SOURCE_LEASE_S
        taken = 0
        for state in await self._call(self._store.due_sources, now, SOURCES_AT_ONCE, SOURCE_LEASE_S):
            job, host = Job(state, ends), host_of(state.url)
            if state.id not in self._visits.sources or job.key in self._lanes.in_hand:
                continue
            if until := self._rests.until(host, now):
                await self._visits.postpone(state, until, now)
                continue
            self._lanes.add(host, job, first=True)
            taken += 1
        return taken

    async def _pull_links(self) -> int:
        room = min(MOST_IN_HAND - len(self._lanes.in_hand), LINKS_AT_ONCE)
        if room <= 0:
            return 0
        now, lease_s = self._clock.now(), self._link_lease_s()
        busy, ends = self._lanes.full() + self._rests.resting(now), self._loop.time() + lease_s
        taken = 0
        for link in await self._call(self._store.due_links, now, room, lease_s, busy):
            if link.url not in self._lanes.in_hand:
                self._lanes.add(host_of(link.url), Job(link, ends))
                taken += 1
        return taken

    def _link_lease_s(self) -> int:
        return round(LINK_LEASE_S + LINKS_AT_ONCE * (self._bureau.settings.crawl.delay_s + 0.2))

    def _delay_of(self, host: str) -> float:
        delay = self._delays.get(host)
        if delay is None:
            outlet = self._bureau.outlet_of(host)
            delay = self._bureau.settings.crawl.delay_s if outlet is None or outlet.delay_s is None else outlet.delay_s
            if len(self._delays) > _MOST_DELAYS:
                self._delays.clear()
            self._delays[host] = delay
        return delay

    def _call(self, function: Callable, *args):
        return self._loop.run_in_executor(self._thread, function, *args)

    def _stop(self) -> None:
        """No new request from here on; what hangs is given up after a while (its lease brings it back)."""
        if not self._stopping:
            self._stopping = True
            self._fetcher.close()
            self._lanes.stop()
            self._loop.call_later(FINISH_S, self._lanes.cancel)

    async def wind_up(self) -> None:
        """Let what is under way end, then commit the pages already fetched."""
        if self._wound_up or not self._begun:
            return
        self._wound_up = True
        self._stop()
        if tasks := self._lanes.tasks():
            await asyncio.wait(tasks, timeout=FINISH_S + 2)
        if not self._handing.done():
            await self._handoff.close()
        try:
            await self._handing
        except Exception as error:  # noqa: BLE001 - told to the caller of `run`
            self.error = self.error or error
        self.stats.pages, self.stats.bytes = self._handoff.pages, self._handoff.bytes
        await self._loop.run_in_executor(None, self._thread.shutdown)
