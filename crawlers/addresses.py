"""Which addresses may be fetched: http and https to public hosts only, judged when the connection is made.

A name is judged by what it resolves to at that moment (not by an earlier look-up), so a name that is made to point
into the local network is refused too.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa", ".lan")


def host_of(url: str) -> str:
    """Host name in lower case without port, "" when the address has none or cannot be read."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_private_ip(text: str) -> bool:
    """True for an IP literal that is not of the public internet; False for names."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return not address.is_global or address.is_multicast


def is_private_host(host: str) -> bool:
    """True when the host alone tells that it is local: a local name, or an IP literal that is not public.

    The odd spellings of an IPv4 address (127.1, 2130706433, 0x7f000001), which systems resolve but no press uses, are local.
    """
    if host == "localhost" or host.endswith(_LOCAL_SUFFIXES) or is_private_ip(host):
        return True
    last = host.rsplit(".", 1)[-1]
    return (last.isdigit() or last.startswith("0x")) and not _is_ip(host)


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


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
        if self.allow_private or not is_private_ip(address):
            self.refused.pop(name, None)
            return address
        if len(self.refused) > 1000:
            self.refused.clear()
        self.refused[name] = address
        raise DNSLookupError(f"{name} is the private address {address}")
