"""Hand-off: on disk before in the queue, in small batches, and a passing failure loses nothing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from crawlers.handoff import BATCH_PAGES, TROUBLE, Handoff
from model.page import ArchiveRef, Page


class Keeper:
    """Archive and queue in one: remembers what was done in which order."""

    def __init__(self, failing: int = 0):
        self.done, self.flushed, self.unflushed, self.queued, self.failing = [], set(), set(), [], failing
        self.values = []

    def append(self, page):
        self.unflushed.add(page.url)
        return ArchiveRef("f", 0, len(page.body), "")

    def flush(self):
        if self.failing:
            self.failing -= 1
            raise OSError("disk full")
        self.flushed |= self.unflushed

    def enqueue(self, pages, now):
        assert {page.url for page, _ in pages} <= self.flushed, "a row before its bytes"
        self.queued.append([page.url for page, _ in pages])

    def put_value(self, name, value):
        self.values.append((name, value))

    def now(self):
        return datetime(2026, 11, 21, tzinfo=UTC)


def hand_off(keeper: Keeper, count: int) -> list[str]:
    """Hand `count` pages off; returns the addresses told as committed."""
    told = []

    async def go():
        with ThreadPoolExecutor(1) as thread:
            loop = asyncio.get_running_loop()
            handoff = Handoff(keeper, keeper, keeper, lambda f, *args: loop.run_in_executor(thread, f, *args))
            run = asyncio.create_task(handoff.run())
            for n in range(count):
                await handoff.put(Page(f"http://a.example/{n}", keeper.now(), b"x"), lambda n=n: told.append(n))
            await handoff.close()
            await run
            assert handoff.pages == count == handoff.bytes

    asyncio.run(go())
    return told


@pytest.mark.parametrize("count", [0, 1, BATCH_PAGES, 3 * BATCH_PAGES + 1])
def test_every_page_is_queued_once_in_order_and_in_small_batches(count):
    keeper = Keeper()
    assert hand_off(keeper, count) == list(range(count))
    assert [url for batch in keeper.queued for url in batch] == [f"http://a.example/{n}" for n in range(count)]
    assert all(1 <= len(batch) <= BATCH_PAGES for batch in keeper.queued)


def test_a_passing_failure_of_the_disk_loses_nothing():
    keeper = Keeper(failing=1)
    assert hand_off(keeper, 3) == [0, 1, 2]
    assert keeper.queued == [[f"http://a.example/{n}" for n in range(3)]]
    assert keeper.values == [(TROUBLE, "disk full"), (TROUBLE, "")]       # told, and taken back


def test_a_disk_that_stays_full_ends_a_stopping_crawl_with_its_error():
    keeper = Keeper(failing=1000)
    with pytest.raises(OSError, match="disk full"):
        hand_off(keeper, 2)
    assert not keeper.queued and keeper.values[-1] == (TROUBLE, "disk full")
