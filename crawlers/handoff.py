"""Fetched pages go to the archive and to the page queue in one step, in small batches, before anyone thinks about them.

append → flush → enqueue: a row is committed only after its bytes are on disk.  A page whose process dies before the
commit comes again, because its link is still only leased.  While the disk is full or the store away the batch is tried again
and again, nothing more is fetched, and what is wrong is written where the pages show it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from model.page import Page
from model.ports import Archive, Clock, Store

BATCH_PAGES = 20
BATCH_S = 0.2
BATCH_BYTES = 8_000_000
WAITING_PAGES = 40
TROUBLE = "trouble:handoff"
"""The store's named value that says what keeps pages from being kept; "" when nothing does."""
_TRIES_TO_END = 3      # when told to stop: what could not be kept comes again by its lease
_LONGEST_PAUSE_S = 10

log = logging.getLogger(__name__)


class Handoff:
    """`call` runs a function in the thread that owns the store and returns an awaitable of its result."""

    def __init__(self, store: Store, archive: Archive, clock: Clock, call: Callable[..., asyncio.Future]):
        self._store, self._archive, self._clock, self._call = store, archive, clock, call
        self._waiting: asyncio.Queue[tuple[Page, Callable[[], None]] | None] = asyncio.Queue(WAITING_PAGES)
        self._closing = asyncio.Event()
        self._troubled = True          # of a run before this one, until the first batch is kept
        self.pages = 0
        self.bytes = 0

    async def put(self, page: Page, done: Callable[[], None]) -> None:
        """Hand a page off; waits while too many are waiting.  `done` is called once it is committed."""
        await self._waiting.put((page, done))

    async def close(self) -> None:
        """No page follows; `run` ends after the last batch."""
        self._closing.set()
        await self._waiting.put(None)

    async def run(self) -> None:
        """Until closed.  Raises what the store or archive raised when it goes on failing after that."""
        last = False
        while not last:
            batch, last = await self._gather()
            if batch:
                await self._commit([page for page, _ in batch])
                for _, done in batch:
                    done()

    async def _gather(self) -> tuple[list[tuple[Page, Callable[[], None]]], bool]:
        batch: list[tuple[Page, Callable[[], None]]] = []
        size, deadline = 0, None
        while len(batch) < BATCH_PAGES and size < BATCH_BYTES:
            if deadline is None:
                entry = await self._waiting.get()
                deadline = asyncio.get_running_loop().time() + BATCH_S
            else:
                try:
                    entry = self._waiting.get_nowait()
                except asyncio.QueueEmpty:
                    try:
                        async with asyncio.timeout_at(deadline):
                            entry = await self._waiting.get()
                    except TimeoutError:
                        break
            if entry is None:
                return batch, True
            batch.append(entry)
            size += len(entry[0].body)
        return batch, False

    async def _commit(self, pages: list[Page]) -> None:
        failed, left = 0, _TRIES_TO_END
        while True:
            try:
                await self._call(self._keep, pages)
                break
            except Exception as error:
                failed += 1
                left -= self._closing.is_set()
                log.error("存档或入队失败（第 %d 次），%d 页等待重试：%s", failed, len(pages), error)
                await self._call(self._tell, f"{error}")
                if not left:
                    raise
                try:
                    async with asyncio.timeout(min(2 ** (failed - 1), _LONGEST_PAUSE_S)):
                        await self._closing.wait()
                    await asyncio.sleep(1)
                except TimeoutError:
                    pass
        self.pages += len(pages)
        self.bytes += sum(len(page.body) for page in pages)

    def _keep(self, pages: list[Page]) -> None:
        refs = [self._archive.append(page) for page in pages]
        self._archive.flush()
        self._store.enqueue(list(zip(pages, refs, strict=True)), self._clock.now())
        if self._troubled:
            self._tell("")

    def _tell(self, trouble: str) -> None:
        """A full disk may keep this from being written too; the pages look at the disk themselves."""
        try:
            self._store.put_value(TROUBLE, trouble[:500])
            self._troubled = bool(trouble)
        except Exception as error:
            log.error("状态没有写成：%s", error)
            self._troubled = True
