"""The one spider: always on, fed by the frontier.  It yields nothing; `crawlers.crawl` drives the downloads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy import signals

from crawlers.crawl import Crawl


class PressSpider(scrapy.Spider):
    name = "press"
    crawl: Crawl | None = None

    @classmethod
    def from_crawler(cls, crawler, *args: Any, **kwargs: Any) -> "PressSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.wind_up, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        if self.crawl is None:
            raise RuntimeError("the press spider needs a bureau: start it with `jianbao crawl`")
        await self.crawl.run(self.crawler.engine)
        for nothing in ():
            yield nothing

    async def wind_up(self) -> None:
        if self.crawl is not None:
            await self.crawl.wind_up()
