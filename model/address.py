"""Which addresses given by people may be asked for: http and https to the public internet, nothing that points inside.

Pure judgement: of an address as it is written, and of an IP it resolved to (to be asked when the connection is made).
Ranges: the IANA special-purpose registries as Python's `ipaddress` knows them, and every form that carries an IPv4 inside an IPv6.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import unquote, urlsplit

LOCAL_SUFFIXES = (
    ".localhost",
    ".localdomain",
    ".local",
    ".internal",
    ".intranet",
    ".corp",
    ".home",
    ".lan",
    ".home.arpa",
    ".private",
    ".onion",
    ".invalid",
)
_UNICAST6 = ipaddress.ip_network("2000::/3")
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_TEREDO, _SIX_TO_FOUR, _DOCUMENTED = (
    ipaddress.ip_network("2001::/32"),
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("2001:db8::/32"),
)
_RELAY = ipaddress.ip_network("192.88.99.0/24")
_IPV4_INSIDE = re.compile(r"(?<![\d])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})(?![\d])")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)$")
MAX_LENGTH = 2000


def is_public(ip: str) -> bool:
    """True for an IP literal of the public internet alone; False for anything else, names too."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address not in _UNICAST6 or address in _TEREDO or address in _SIX_TO_FOUR or address in _DOCUMENTED or address.scope_id:
            return False
        if (int(address) >> 32) & 0xFFFF_FFFF in (0x0000_5EFE, 0x0200_5EFE):   # ISATAP carries an IPv4 in its last 32 bits
            return False
        return address.is_global and not address.is_multicast
    return address.is_global and not address.is_multicast and not address.is_reserved and address not in _RELAY


def tidy_host(host: str) -> str:
    """Host as a resolver would be asked: folded (full-width, ideographic dots), lower case, IDNA, no dot at the end; "" when it is none."""
    host = unicodedata.normalize("NFKC", unquote(host)).replace("\u3002", ".").lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def refusal(url: str, ports: tuple[int, ...] = (80, 443)) -> str:
    """Why the address as written is not asked for (Chinese), "" when it may be tried."""
    if not url or len(url) > MAX_LENGTH:
        return "地址为空" if not url else "地址过长"
    if re.search(r"[\x00-\x20\x7f\\<>\"{}|^`\u200b-\u200f\u2028-\u202e\ufeff]", url):
        return "地址里有空白、控制字符或反斜杠"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "地址写法不对"
    if parts.scheme not in ("http", "https"):
        return f"只核对 http、https 网页，不是“{parts.scheme or '无协议'}”"
    if "@" in parts.netloc:
        return "地址里带有用户名"
    if port is not None and port not in ports:
        return f"端口 {port} 不在允许之列"
    return refused_host(parts.hostname or "", bracketed="[" in parts.netloc)


def refused_host(host: str, bracketed: bool = False) -> str:
    """Why the host alone is refused, "" when it may be looked up."""
    plain = tidy_host(host)
    if not plain:
        return "地址里没有主机名"
    if bracketed or ":" in plain:
        return "" if is_public(plain) else f"{host} 不是公网地址"
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", plain) and all(len(p) == 1 or p[0] != "0" for p in plain.split(".")):
        return "" if is_public(plain) else f"{host} 不是公网地址"
    last = plain.rsplit(".", 1)[-1]
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        return f"{host} 是变形写法的 IP 地址"
    if plain == "localhost" or ("." + plain).endswith(LOCAL_SUFFIXES) or "." not in plain:
        return f"{host} 是内部网络的名字"
    if len(plain) > 253 or not all(_LABEL.match(label) for label in plain.split(".")):
        return "主机名写法不对"
    for found in _IPV4_INSIDE.finditer(plain):
        text = ".".join(found.groups())
        if all(int(n) < 256 for n in found.groups()) and not is_public(".".join(str(int(n)) for n in found.groups())):
            return f"{host} 指向内部地址 {text}"
    return ""
