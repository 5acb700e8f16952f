"""Addresses and host names as written in YAML: http or https only, a host, no user or password in them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from config.entry import Entry

_HOST = re.compile(rb"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_BRACES = re.compile(r"\{([^{}]*)\}")
_DATE_PARTS = ("yyyy", "yy", "mm", "dd", "m", "d")


def read_url(entry: Entry, key: str, required: bool = True, dated: bool = False, proxy: bool = False) -> str:
    """An address, or "" with its fault told.  `dated` allows {yyyy} {mm} {dd} in it."""
    url = entry.text(key, required=required, limit=2000)
    if not url:
        return ""
    bare = _BRACES.sub("0", url)
    try:
        parts = urlsplit(bare)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        entry.fault(key, "网址写法不对", "写成 https://域名/路径")
        return ""
    if parts.username or parts.password:
        entry.fault(key, "网址里不能写用户名和口令", "口令放进环境变量" if not proxy else "改用 proxy_env: 环境变量名")
        return ""
    if parts.scheme not in ("http", "https"):
        entry.fault(key, f"网址“{url}”必须以 http:// 或 https:// 开头", f"改为 https://{url.split('://')[-1]}")
        return ""
    if not host or not _is_host(host):
        entry.fault(key, f"网址“{url}”里的域名不对", "写成 https://www.example.cn/ 的形式")
        return ""
    if any(c.isspace() for c in url):
        entry.fault(key, "网址里有空格", "删去空格")
        return ""
    names = _BRACES.findall(url)
    strange = [n for n in names if n not in _DATE_PARTS]
    if names and (strange or not dated):
        entry.fault(key, f"网址里的“{{{(strange or names)[0]}}}”不能用", "只有 epaper 可用 {yyyy} {mm} {dd}")
        return ""
    return url


def _is_host(host: str) -> bool:
    """ASCII host names, IPv4, IPv6 and internationalised names."""
    if ":" in host:
        return True
    try:
        return bool(_HOST.fullmatch(host.encode("idna").lower()))
    except UnicodeError:
        return False


def read_domains(entry: Entry, key: str = "domains") -> tuple[str, ...]:
    """Host names in lower case; an address pasted whole is refused with the host to write."""
    out = []
    for value, node in entry.lined_texts(key):
        host = value.lower().rstrip(".")
        if "/" in host or ":" in host:
            try:
                bare = urlsplit(host if "//" in host else "//" + host).hostname or ""
            except ValueError:
                bare = ""
            entry.report.fault(node, f"“{value}”不是域名", f"只写域名：{bare}" if bare else "只写域名，如 jxnews.com.cn")
        elif "." not in host and host != "localhost" or not _is_host(host):
            entry.report.fault(node, f"“{value}”不是域名", "只写域名，如 jxnews.com.cn")
        else:
            out.append(host)
    return tuple(dict.fromkeys(out))
