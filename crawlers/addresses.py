"""Which addresses may be fetched: http and https to public hosts only, judged when the connection is made.

A name is judged by what it resolves to at that moment (not by an earlier look-up), so a name that is made to point
into the local network is refused too.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from model.address import is_public


def host_of(url: str) -> str:
    """Host name in lower case without port, "" when the address has none or cannot be read."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's caching resolver that answers "no such host" for names of private addresses.

    Twisted keeps only the fact of a failed look-up, so the reason is remembered here (`refused`).  There is one resolver in a
    process; `allow_private` follows the bureau's settings (see `crawlers.fetch`).
    """

    refused: dict[str, str] = {}
    allow_private = False

    def getHostByName(self, name, timeout=()):
        return super().getHostByName(name, timeout).addCallback(self._judge, name)

    def _judge(self, address: str, name: str) -> str:
        if self.allow_private or is_public(address):
            self.refused.pop(name, None)
            return address
        if len(self.refused) > 1000:
            self.refused.clear()
        self.refused[name] = address
        raise DNSLookupError(f"{name} is the private address {address}")
