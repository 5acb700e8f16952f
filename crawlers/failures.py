"""Why a fetch failed, as one word that the screen and the rhythm understand, and what is done about a failed link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy import exceptions as scrapy_errors
from scrapy.core.downloader.handlers.http11 import TunnelError

from crawlers.addresses import GuardedResolver, host_of

MAX_TRIES = 4
FOR_GOOD = frozenset({"http_400", "http_401", "http_404", "http_405", "http_406", "http_410", "http_414", "http_451",
                      "robots", "address", "scheme", "too_large", "redirect"})
STOP_SIGNS = frozenset({"http_403", "http_412"})
BUSY_SIGNS = frozenset({"http_429", "http_503"})
NO_ANSWER = frozenset({"dns", "refused", "timeout", "connection"})
_FIRST_RETRY = timedelta(minutes=5)
_LONGEST_WAIT = 6 * 3600.0


class FetchFailure(Exception):
    """`kind`: dns, refused, timeout, connection, truncated, too_large, address, scheme, robots, robots_unreachable,
    redirect, parse, http_NNN.  `retry_after`: seconds the server asked for, or None."""

    def __init__(self, kind: str, detail: str, retry_after: float | None = None):
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail[:300]
        self.retry_after = retry_after


def explain(error: Exception, url: str) -> FetchFailure:
    """The failure behind an exception of the downloader."""
    host = host_of(url)
    if isinstance(error, FetchFailure):
        return error
    if isinstance(error, scrapy_errors.CannotResolveHostError):
        if host in GuardedResolver.refused:
            return FetchFailure("address", f"{host} 指向内部地址 {GuardedResolver.refused[host]}，不予访问")
        return FetchFailure("dns", f"域名 {host} 无法解析")
    if isinstance(error, scrapy_errors.DownloadConnectionRefusedError):
        return FetchFailure("refused", f"{host} 拒绝连接")
    if isinstance(error, scrapy_errors.DownloadTimeoutError):
        return FetchFailure("timeout", f"{host} 超时未答")
    if isinstance(error, scrapy_errors.DownloadCancelledError | scrapy_errors.IgnoreRequest):
        return FetchFailure("too_large", "页面超过允许的大小")
    if isinstance(error, scrapy_errors.ResponseDataLossError):
        return FetchFailure("truncated", "页面没有传完")
    if isinstance(error, scrapy_errors.UnsupportedURLSchemeError):
        return FetchFailure("scheme", "不是 http 或 https 地址")
    if isinstance(error, TunnelError):
        return FetchFailure("connection", f"代理无法连到 {host}")
    if isinstance(error, ValueError | UnicodeError):
        return FetchFailure("address", f"地址无法使用：{type(error).__name__}")
    return FetchFailure("connection", f"{type(error).__name__}: {error}")


def of_status(status: int, retry_after: str, now: datetime) -> FetchFailure:
    """The failure of an answer that is neither a page nor "not modified"."""
    return FetchFailure(f"http_{status}", f"服务器答复 {status}", wait_asked(retry_after, now))


def wait_asked(header: str, now: datetime) -> float | None:
    """Seconds of a Retry-After header (a number or an HTTP date, RFC 9110 10.2.3), within 1 s … 6 h; None when unreadable."""
    header = header.strip()
    if not header:
        return None
    if header.isdigit():
        seconds = float(header[:9])
    else:
        try:
            moment = parsedate_to_datetime(header)
        except (ValueError, TypeError, IndexError):
            return None
        seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(seconds, 1.0), _LONGEST_WAIT)


def retry_at(failure: FetchFailure, tries: int, now: datetime) -> datetime | None:
    """When a link that failed for the (tries+1)-th time is tried again; None: given up."""
    if failure.kind in FOR_GOOD or tries + 1 >= MAX_TRIES:
        return None
    if failure.kind.startswith("http_4") and failure.kind not in STOP_SIGNS | {"http_408", "http_425", "http_429"}:
        return None
    wait = _FIRST_RETRY * 4 ** tries
    if failure.kind in STOP_SIGNS:
        wait *= 12
    if failure.retry_after:
        wait = max(timedelta(seconds=failure.retry_after), timedelta(seconds=1)) if tries == 0 else \
            max(wait, timedelta(seconds=failure.retry_after))
    return now + wait
