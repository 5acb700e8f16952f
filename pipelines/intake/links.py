"""Addresses out of a cell as people paste them: blanks, full-width signs, two in one cell, share texts, no http in front."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

MOST = 6
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|#\d{1,5}|#x[0-9a-f]{1,4});", re.I)   # `&times…` of a query is no multiplication sign
_HEAD = re.compile(
    r"h?t{1,3}p{1,2}(s?)\s{0,3}(?::\s{0,3}/{1,3}|;\s{0,3}//|：\s{0,3}/{1,3}|\s{0,2}//|:\s{0,3}\\{1,2})\s{0,3}(?:https?://)?", re.I
)
_BARE = re.compile(
    r"(?<![\w@./-])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}(?:com|cn|net|org|gov|edu|info|tv|cc|vip|top|me|example)"
    r"(?:\.cn)?(?::\d{2,5})?(?:/|(?=[\s，,；;。]|$)))",
    re.I,
)
_OTHER_SCHEME = re.compile(
    r"^\s{0,5}((?:ftp|file|javascript|data|gopher|ldap|dict|mailto|sftp|jar|php|expect|ws|wss|blob|about|chrome)\s{0,2}:[^\s]{0,300})", re.I
)
_STOP = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’《》【】…、。，；！？]")
_BREAK = re.compile(r"\s")
_NOTHING = re.compile(r"^[\s/\\—–\-_.。、无没有暂缺\u3000]*$")


@dataclass(frozen=True)
class Links:
    """`urls` repaired; `note` is the text besides them (纸质版, 见附件)."""

    urls: tuple[str, ...]
    note: str = ""


def read_links(text: str, target: str = "") -> Links:
    """`target` is where the cell's own hyperlink leads: it is taken when the text names no address, or a cut one."""
    text = _INVISIBLE.sub("", _ENTITY.sub(lambda m: html.unescape(m.group()), str(text or "")[:2000]))
    other = _OTHER_SCHEME.match(text)
    if other:
        return Links((re.sub(r"\s", "", other.group(1)),))
    marked, note = _mark(_half_width(text))
    urls = [u for u in (_tidy(piece) for piece in marked) if u]
    target = _INVISIBLE.sub("", target.strip())[:2000]
    if target and target.lower().startswith(("http://", "https://")):
        if not urls:
            urls = [target]
        elif len(urls) == 1 and target != urls[0] and target.startswith(urls[0].rstrip(".…")):
            urls = [target]            # the cell shows a cut address
    elif target and not urls and _OTHER_SCHEME.match(target):
        urls = [target]
    note = "" if _NOTHING.match(note) else note.strip()[:200]
    return Links(tuple(dict.fromkeys(urls))[:MOST], note)


def _half_width(text: str) -> str:
    """Full-width letters, digits and address signs as ASCII; Chinese punctuation stays, it ends an address."""
    keep = "，。；、！？（）“”‘’《》【】"
    return "".join(c if c in keep else unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" else c for c in text)


def _mark(text: str) -> tuple[list[str], str]:
    """(raw addresses, what is left of the text)"""
    heads = [(m.start(), m.end(), f"http{m.group(1).lower()}://") for m in _HEAD.finditer(text)]
    spans: list[tuple[int, int, str]] = []
    left: list[str] = []
    at = 0
    for number, (start, end, scheme) in enumerate(heads):
        if start < at:
            continue
        before = text[at:start]
        bare, rest = _bare(before)
        spans += bare
        left.append(rest)
        until = heads[number + 1][0] if number + 1 < len(heads) else len(text)
        piece, used = _run(text[end:until])
        spans.append((start, end, scheme + piece))
        at = end + used
    bare, rest = _bare(text[at:])
    return [s[2] for s in spans + bare], " ".join([*left, rest])


def _bare(text: str) -> tuple[list[tuple[int, int, str]], str]:
    """Addresses without http in a stretch of text, and the rest."""
    found, left, at = [], [], 0
    for m in _BARE.finditer(text):
        if m.start() < at:
            continue
        left.append(text[at:m.start()])
        piece, used = _run(text[m.start():])
        found.append((m.start(), m.start() + used, "http://" + piece))
        at = m.start() + used
    left.append(text[at:])
    return found, " ".join(left)


def _run(text: str) -> tuple[str, int]:
    """The address at the beginning of `text` and how much of it is used: blanks inside are mended, Chinese text or a new word ends it."""
    stop = _STOP.search(text)
    end = stop.start() if stop else len(text)
    if stop and _in_query(text, end):
        end = next((m.start() for m in re.finditer(r"[\s，。；、]", text[stop.start():])), len(text) - stop.start()) + stop.start()
    run = text[:end]
    words = _BREAK.split(run)
    kept = words[0]
    used = len(words[0])
    for word in words[1:]:
        if not word:
            used += 1
            continue
        joined = kept[-1:] in "/=&?-_.%#" or word[:1] in "/=&?-_.%#:" or re.match(r"^[\w%-]{1,40}\.(?:s?html?|php|aspx?|jsp)\b", word) \
            or re.search(r"/[\w-]{0,30}$", kept) and re.match(r"^[\w%./?=&-]{1,200}$", word) and not _BARE.match(word)
        if not joined or not word.isascii() or not re.search(r"[A-Za-z0-9]", word):
            break
        kept += word
        used += 1 + len(word)
    return kept, used


def _in_query(text: str, at: int) -> bool:
    """A Chinese word inside the query of an address belongs to it (…?title=健康)."""
    return "?" in text[:at] and text[at - 1:at] in "=%" and not re.match(r"[，。；、！？《【（“]", text[at:at + 1])


def _tidy(url: str) -> str:
    url = url.strip().rstrip(".,;:!?)]}>'\"|").lstrip("(<[\"'")
    url = url.replace("\\", "/") if url.lower().startswith("http") and "\\" in url.split("?")[0] and "@" not in url else url
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url
    if not host:
        return ""
    wrapped = re.search(
        r"[?&](?:url|target|to|link|u|redirect|dest)=(https?(?:%3[aA]|:)[^&#]{8,1500})", parts.query and "?" + parts.query or ""
    )
    if wrapped and re.search(
        r"(?:^|\.)(?:link\.|jump|redirect|safelink|weixin110|c\.pc\.qq|t\.cn)|/(?:link|jump|redirect|out|go)(?:\.\w+)?$", host + parts.path
    ):
        return unquote(wrapped.group(1))
    return url
