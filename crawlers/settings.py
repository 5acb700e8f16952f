"""Scrapy's settings, built from the bureau's CrawlSettings.

Only what the crawl truly needs is switched on: redirects, robots.txt, retries and cookies are not left to middlewares,
because `crawlers.fetch` decides them per source and link.  As a module this file holds the defaults, so that
`scrapy list` and `scrapy shell` work for a developer.
"""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter

from model.bureau import CrawlSettings

_OFF_MIDDLEWARES = (
    "offsite.OffsiteMiddleware", "robotstxt.RobotsTxtMiddleware", "httpauth.HttpAuthMiddleware",
    "downloadtimeout.DownloadTimeoutMiddleware", "defaultheaders.DefaultHeadersMiddleware", "useragent.UserAgentMiddleware",
    "retry.RetryMiddleware", "redirect.MetaRefreshMiddleware", "redirect.RedirectMiddleware", "cookies.CookiesMiddleware",
    "httpproxy.HttpProxyMiddleware", "stats.DownloaderStats", "httpcache.HttpCacheMiddleware",
)
_OFF_EXTENSIONS = (
    "corestats.CoreStats", "logcount.LogCount", "telnet.TelnetConsole", "memusage.MemoryUsage", "memdebug.MemoryDebugger",
    "closespider.CloseSpider", "feedexport.FeedExporter", "logstats.LogStats", "spiderstate.SpiderState",
    "throttle.AutoThrottle", "remote_control.RemoteControl",
)


def scrapy_settings(crawl: CrawlSettings = CrawlSettings()) -> dict[str, Any]:
    """Settings of the one crawl process.  Names of Scrapy 2.19."""
    return {
        "BOT_NAME": "jianbao",
        "SPIDER_MODULES": ["crawlers.spiders"],
        "USER_AGENT": crawl.user_agent,
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "TWISTED_DNS_RESOLVER": "crawlers.addresses.GuardedResolver",
        "DNS_TIMEOUT": min(crawl.timeout_s, 20.0),
        "REACTOR_THREADPOOL_MAXSIZE": 16,
        # The lanes keep to one request per host; this also sizes the pool of kept connections, which for a
        # proxy is one pool for all target hosts.
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 64 if crawl.proxy else 1,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0,
        "DOWNLOAD_TIMEOUT": crawl.timeout_s,
        "DOWNLOAD_MAXSIZE": crawl.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOADER_STATS": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "DOWNLOADER_MIDDLEWARES": {f"scrapy.downloadermiddlewares.{name}": None for name in _OFF_MIDDLEWARES},
        "EXTENSIONS": {f"scrapy.extensions.{name}": None for name in _OFF_EXTENSIONS},
        "LOG_FORMATTER": "crawlers.settings.QuietFormatter",
        "LOG_LEVEL": "WARNING",
        "LOG_VERSIONS": [],
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
    }


class QuietFormatter(LogFormatter):
    """No line per answer: what happened to a page is in the database."""

    def crawled(self, request, response, spider):
        return None


globals().update(scrapy_settings())
