"""The canonical address of a page: the same article under two addresses is one article.

Only what is known not to choose content is dropped: fragments, tracking parameters, session
numbers, default ports.  WeChat post addresses keep exactly what names the post.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

MAX_LENGTH = 2000

_TRACKING = re.compile(
    r"^(?:utm_\w+|spm|spm_id_from|scm|from|from_source|isappinstalled|nsukey|share\w*|wx_?share\w*|timestamp|tt_from|tt_group_id|"
    r"app|iid|utm|gclid|fbclid|yclid|msclkid|mc_[ce]id|_ga|_gl|ref|refer|referer|referrer|source_from|weixin\w*|wxfrom|wfr|"
    r"jsessionid|phpsessid|aspsessionid\w*|sessionid|sid|_t|_r|rand|random|nonce|cmpid|ivk_sa|recommend\w*|channel_from|"
    r"hotspot|strip|f_?link|vd_source|bd_vid|qz_gdt|clicktime|enterid|liteshare|ufrom|uc_\w+|userid)$", re.I)
_SESSION = re.compile(r";jsessionid=[^?/#]*", re.I)
_WECHAT_KEEP = ("__biz", "mid", "idx", "sn")
_DEFAULT = {"http": "80", "https": "443"}
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\<>\"{}|^`]")


def canonical(url: str) -> str:
    """The identity of an address; an address that cannot be read comes back stripped, never an error."""
    url = _SESSION.sub("", url.strip()[:MAX_LENGTH])
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().rstrip(".")
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https") or not host:
        return url
    if host == "mp.weixin.qq.com":
        return _wechat(parts.path, parts.query, url)
    netloc = _idna(host)
    if port and str(port) != _DEFAULT[parts.scheme.lower()]:
        netloc += f":{port}"
    path = _path(parts.path)
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None) if not _TRACKING.match(k)]
    query = (
        urlencode(sorted(pairs), quote_via=quote)
        if "=" in parts.query
        else ("" if not parts.query else quote(unquote(parts.query), safe="/:-_.~"))
    )
    return urlunsplit(("http", netloc, path, query, ""))


def identity(url: str) -> str:
    """`biz,mid,idx` of a WeChat post whose address names them, else ""."""
    try:
        parts = urlsplit(url.strip()[:MAX_LENGTH])
    except ValueError:
        return ""
    if (parts.hostname or "").lower() != "mp.weixin.qq.com":
        return ""
    query = dict(parse_qsl(parts.query.replace("&amp;", "&")))
    biz, mid = query.get("__biz", ""), query.get("mid") or query.get("appmsgid", "")
    idx = query.get("idx") or query.get("itemidx", "1")
    return f"{biz},{mid},{idx}" if biz and mid else ""


def expires(url: str) -> bool:
    """A temporary WeChat address (`src=…&timestamp=…&signature=…`): it dies within hours and is never evidence."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (parts.hostname or "").lower() == "mp.weixin.qq.com" and "signature=" in parts.query and "timestamp=" in parts.query


def absolute(base: str, href: str) -> str:
    """`href` against `base` as an http address, or "" when it is none."""
    try:
        url = urljoin(base, href.strip()[:MAX_LENGTH])
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def same_piece(url: str, other: str) -> bool:
    """May `other` stand for `url`: same registrable host, and a path that still names one page, with its number if `url` has one."""
    try:
        a, b = urlsplit(url), urlsplit(other)
    except ValueError:
        return False
    if not a.hostname or not b.hostname or a.hostname.split(".")[-2:] != b.hostname.split(".")[-2:]:
        return False
    if len(b.path.strip("/")) < 4 and not b.query:
        return False
    number = re.findall(r"\d{4,}", a.path + "?" + a.query)
    return not number or number[-1] in b.path + "?" + b.query


def _wechat(path: str, query: str, url: str) -> str:
    base = "http://mp.weixin.qq.com"
    if re.match(r"/s/[\w-]{10,64}$", path):
        return base + path
    held = dict(parse_qsl(query.replace("&amp;", "&")))
    if held.get("__biz") and held.get("mid"):
        return f"{base}/s?" + urlencode([(k, held[k]) for k in _WECHAT_KEEP if k in held], safe="=")
    return urlunsplit(("http", "mp.weixin.qq.com", path or "/", query, ""))


def _idna(host: str) -> str:
    if host.isascii():
        return f"[{host}]" if ":" in host else host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _path(path: str) -> str:
    path = re.sub(r"/{2,}", "/", path or "/")
    path = re.sub(r"(?:/\.(?=/|$))", "", path) or "/"
    while True:
        shorter = re.sub(r"/[^/]+/\.\.(?=/|$)", "", path, count=1)
        if shorter == path:
            break
        path = shorter or "/"
    path = re.sub(r"/(?:index|default)\.(?:s?html?|php|aspx?|jsp)$", "/", path, flags=re.I)
    return (
        quote(unquote(path), safe="/:@!$&'()*+,;=-_.~%") if not _UNSAFE.search(unquote(path)) else quote(path, safe="/:@!$&'()*+,;=-_.~%")
    )
