"""The crawl process: one Scrapy process, always on, until it is told to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from scrapy.crawler import AsyncCrawlerProcess

from crawlers.crawl import Crawl, CrawlStats
from crawlers.settings import scrapy_settings
from crawlers.spiders.press import PressSpider
from model.bureau import Bureau
from model.ports import Archive, Clock, Store

__all__ = ["CrawlStats", "run"]


class _SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def run(bureau: Bureau | Callable[[], Bureau], store: Store, archive: Archive, clock: Clock | None = None,
        once: bool = False, on_tick: Callable[[CrawlStats], None] | None = None) -> CrawlStats:
    """Crawl until SIGTERM or SIGINT (requests under way end, fetched pages are committed), or with `once` until every
    source was polled for the first time and no link is waiting.

    `bureau` may be a function that is asked every second: a new value is taken up while running.  `on_tick` is called
    every second with the figures so far.  Can be called once in a process (Twisted's reactor cannot be started again).
    Raises what the store or the archive raised when it failed for good.
    """
    current: Callable[[], Bureau] = bureau if callable(bureau) else lambda: bureau
    crawl = Crawl(current, store, archive, clock or _SystemClock(), once, on_tick)
    process = AsyncCrawlerProcess(scrapy_settings(current().settings.crawl))
    logging.getLogger("scrapy").setLevel(logging.ERROR)     # what fails is told by the state of links and sources, not line by line
    process.crawl(PressSpider, crawl=crawl)
    process.start(install_signal_handlers=threading.current_thread() is threading.main_thread())
    if crawl.error is not None:
        raise crawl.error
    return crawl.stats
