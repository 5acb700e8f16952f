"""E-papers: layout pages → articles with page number, page name and place (头版头条, 报眼), and the day's other layout pages.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.spiders.address import absolute, day_in, is_page, of_domains
from crawlers.spiders.found import Unreadable, parsed
from model.drawing import boxes
from model.layout import FRONT, places

MAX_LAYOUTS = 60
_SPACE = re.compile(r"\s+")
_PAGE_NAME = re.compile(r"第?\s{0,3}([A-Z]{0,2}\d{1,3}|[一二三四五六七八九十]{1,3})\s{0,3}版\s{0,3}[：:·\-—|]?\s{0,3}([^\s<>|]{0,20})")
_LAYOUT_LEAF = re.compile(r"^(node|page|layout|index|bm|ban)[-_]?([A-Za-z]?\d{1,4})(?![\d_-]*\d)", re.I)
_ARTICLE_LEAF = re.compile(r"\d")
_STEP_TEXT = re.compile(r"^(上|下|前|后)一?[版页篇期]$|版面(导航|目录)|PDF|pdf|放大|缩小|返回|首页|往期|检索|^\W*$")
_HAN = {word: str(number) for number, word in enumerate("一二三四五六七八九十", start=1)}


@dataclass(frozen=True)
class Layout:
    """`links`: article address → hint (title, published, page_no, page_name, position and why); `pages`: layout address → (number, name).

    `number` and `name` are the page's own; `drawn`: its boxes were found.
    """

    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pages: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    number: str = ""
    name: str = ""
    drawn: bool = False


def read_layout(text: str, url: str, domains: Iterable[str], today: date, told: tuple[str, str] = ("", "")) -> Layout:
    """One layout page.  `told`: its number and name as another layout page gave them.  Raises Unreadable when nothing is found."""
    tree = parsed(text)
    here = absolute(url, url)
    domains = tuple(domains) or ((urlsplit(url).hostname or ""),)
    pages: dict[str, tuple[str, str]] = {}
    titles: dict[str, str] = {}
    lists: dict[int, list[str]] = {}
    for node in tree.css("a[href], area[href]")[:5000]:
        target = absolute(url, node.attributes.get("href") or "")
        if not target or not of_domains(target, domains) or not is_page(target):
            continue
        shown = _SPACE.sub(" ", (node.text(deep=True) or "").strip() or node.attributes.get("title") or node.attributes.get("alt") or "").strip()
        target = _plain(target)
        named = _PAGE_NAME.search(shown) if len(shown) <= 30 else None
        if named or _LAYOUT_LEAF.match(_leaf(target)):
            if _same_issue(target, here, today) and (named or target not in pages):
                pages[target] = (page_number(named[1]), named[2]) if named else ("", "")
        elif _ARTICLE_LEAF.search(_leaf(target)) and target != _plain(here) and not _STEP_TEXT.search(shown[:12] if shown else "。"):
            if len(shown) > len(titles.get(target, "")):
                titles[target] = shown
            if shown and node.tag == "a" and target not in (listed := lists.setdefault(_list_of(node), [])):
                listed.append(target)
        elif not shown and _ARTICLE_LEAF.search(_leaf(target)) and target != _plain(here):
            titles.setdefault(target, "")
    number, name = _own(tree, pages.pop(_plain(here), ("", "")), told, _leaf(here))
    day = day_in(here, today)
    titles = {target: title for target, title in titles.items() if _same_issue(target, here, today)}

    def taken(link: str) -> str:
        """The article a box leads to; one that no list of the page names is an article all the same."""
        target = _plain(absolute(url, link))
        if target not in titles:
            if not target or target == _plain(here) or not of_domains(target, domains) or not is_page(target) or target in pages \
                    or _LAYOUT_LEAF.match(_leaf(target)) or not _ARTICLE_LEAF.search(_leaf(target)) or not _same_issue(target, here, today):
                return ""
            titles[target] = ""
        return target

    found = boxes(tree, [node.text() or "" for node in tree.css("script")], taken)
    placed = places(found, number, titles, [target for target in max(lists.values(), key=len, default=[]) if target in titles])
    links = {}
    for target, title in titles.items():
        place = placed.get(target)
        hint = {"title": title[:300], "published": day.isoformat() if day else "", "page_no": number, "page_name": name,
                "position": place.name if place else "头版" if number in FRONT else "",
                "position_from": place.origin if place else "", "position_why": place.why if place else ""}
        links[target] = {key: value for key, value in hint.items() if value}
    if not links and not pages:
        raise Unreadable("版面上没有找到稿件")
    return Layout(links, pages, number, name, bool(found))


def _list_of(node: LexborNode) -> int:
    """The list, table or box of lines a link stands in."""
    above = node.parent
    while above is not None and above.tag not in ("ul", "ol", "dl", "table", "nav", "section", "body"):
        above = above.parent
    return above.mem_id if above is not None else 0


def page_number(printed: str) -> str:
    """`01` → `1`, `A02` → `A02`, `三` → `3`."""
    if printed in _HAN:
        return _HAN[printed]
    if printed[:1] == "十" and printed[1:] in _HAN:
        return "1" + _HAN[printed[1:]]
    return printed.lstrip("0") or "0" if printed.isdigit() else printed


def _own(tree: LexborHTMLParser, listed: tuple[str, str], told: tuple[str, str], leaf: str) -> tuple[str, str]:
    """Number and name of the page itself: as listed, as told, as printed in its title, at last by its address."""
    for number, name in (listed, told):
        if number:
            return number, name
    title = tree.css_first("title")
    if title is not None and (match := _PAGE_NAME.search(title.text() or "")):
        return page_number(match[1]), match[2]
    heads = {(page_number(match[1]), match[2]) for node in tree.css("h1, h2, h3, strong, b, span, div")[:400]
             if (shown := (node.text(deep=False) or "").strip()) and len(shown) <= 30 and (match := _PAGE_NAME.search(shown))}
    if len(heads) == 1:
        return heads.pop()
    match = _LAYOUT_LEAF.match(leaf)
    return (page_number(match[2]), "") if match and len(match[2]) <= 2 else ("", "")


def _leaf(url: str) -> str:
    return urlsplit(url).path.rsplit("/", 1)[-1]


def _plain(url: str) -> str:
    """Without the `?div=-1` that layout pages append to their article links."""
    return re.sub(r"\?div=-?\d+$", "", url)


def _same_issue(target: str, here: str, today: date) -> bool:
    """Of the same day, as far as the addresses tell."""
    mine, theirs = day_in(here, today), day_in(target, today)
    return mine is None or theirs is None or mine == theirs
