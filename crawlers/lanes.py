"""One lane a host: what was taken for it waits in a row and is done one at a time.

A lease may end while its job is under way: what is in hand is known here and is not taken twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from model.source_state import Link, SourceState

MOST_TOGETHER = 128    # hosts spoken to at one time
LOW_WATER = 3          # a lane with more jobs is not refilled

log = logging.getLogger(__name__)


class Stopped(Exception):
    """The crawl is ending: what was under way is not judged but given back."""


@dataclass(frozen=True)
class Job:
    what: Link | SourceState
    ends: float        # loop time at which the lease ends

    @property
    def key(self) -> str:
        return self.what.url if isinstance(self.what, Link) else "source " + self.what.id


@dataclass
class _Lane:
    jobs: deque[Job] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class Lanes:
    """`do(host, job)` does a job and tells whether it stays in hand (until `let_go`); `give_back(host, jobs)` returns what was
    not tried; `rests(host)` tells whether the host is to be left alone now."""

    def __init__(self, do: Callable[[str, Job], Awaitable[bool]], give_back: Callable[[str, list[Job]], Awaitable[None]],
                 expired: Callable[[Job], None], rests: Callable[[str], bool]):
        self._do, self._give_back, self._expired, self._rests = do, give_back, expired, rests
        self._lanes: dict[str, _Lane] = {}
        self._together = asyncio.Semaphore(MOST_TOGETHER)
        self._stopping = False
        self.in_hand: set[str] = set()
        self.wake = asyncio.Event()        # set when there is room for more

    def add(self, host: str, job: Job, first: bool = False) -> None:
        lane = self._lanes.setdefault(host, _Lane())
        self.in_hand.add(job.key)
        if first:
            lane.jobs.appendleft(job)
        else:
            lane.jobs.append(job)
        if lane.task is None:
            lane.task = asyncio.create_task(self._drive(host, lane))

    def let_go(self, key: str) -> None:
        self.in_hand.discard(key)

    def full(self) -> list[str]:
        """Hosts that need no more jobs."""
        return [host for host, lane in self._lanes.items() if len(lane.jobs) > LOW_WATER]

    def stop(self) -> None:
        """No job is begun any more."""
        self._stopping = True

    def cancel(self) -> None:
        """Give up what is still under way."""
        for task in self.tasks():
            task.cancel()

    def tasks(self) -> list[asyncio.Task[None]]:
        return [lane.task for lane in self._lanes.values() if lane.task is not None]

    async def _drive(self, host: str, lane: _Lane) -> None:
        try:
            while lane.jobs and not self._stopping and not self._rests(host):
                job = lane.jobs.popleft()
                if job.ends > asyncio.get_running_loop().time():
                    await self._one(host, job)
                else:                                   # its lease is over: it will be given out again
                    self._expired(job)
                    self.let_go(job.key)
                if len(lane.jobs) == LOW_WATER:
                    self.wake.set()
        except Exception:  # noqa: BLE001 - a store that fails is the loop's business, which sees it too
            log.exception("采集 %s 时出错", host)
        finally:
            left = list(lane.jobs)
            self._lanes.pop(host, None)
            if left:
                await self._return(host, left)
            self.wake.set()

    async def _one(self, host: str, job: Job) -> None:
        kept = False
        try:
            async with self._together:
                kept = await self._do(host, job)
        except Stopped:
            await self._return(host, [job])
        finally:
            if not kept:
                self.let_go(job.key)

    async def _return(self, host: str, jobs: list[Job]) -> None:
        try:
            await self._give_back(host, jobs)
        except Exception:  # noqa: BLE001 - their leases end by themselves
            log.exception("交还 %s 的任务时出错", host)
        finally:
            self.in_hand.difference_update(job.key for job in jobs)
