"""List pages → article links, found generically.  Pure: text in, links out.

Links of the outlet are grouped by the shape of their address.  A group is taken when its addresses look like articles
(a date, a number, an identifier) and its texts read like headlines; navigation has short texts and folder addresses.
A link to another site is taken only where it stands among the taken ones, in the same list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.spiders.address import MAX_URL, absolute, day_in, expires, is_page, is_wechat, of_domains, shape, wechat_post
from crawlers.spiders.found import Found, Unreadable, parsed

MAX_ANCHORS = 5000
MAX_GUESTS = 50
_SPACE = re.compile(r"\s+")
_NEXT = re.compile(r"^[\s<\[【(（]*(下一页|下页|下一頁|下頁|后一页|后页|next(\s*page)?|older(\s*posts)?)[\s>›»\]】)）]*$", re.I)
_NEXT_SIGN = re.compile(r"^[>›»]{1,2}$")
_TRS_PAGES = re.compile(r"createPageHTML\(\s*(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*[\"']([\w-]{1,60})[\"']\s*,\s*[\"'](\w{1,8})[\"']")
_LIST_LEAF = re.compile(r"^(index|default|home|main|list|lists|node|more|nav|sitemap|search|login|register|about\w*|contact\w*"
                        r"|col(umn)?|channel|class|category|tags?|topic|special)([-_]?\d*){0,3}$", re.I)
_NAV_TEXT = re.compile(r"^(首\s*页|主页|更多.{0,4}|more.{0,3}|尾页|末页|上一?页|下一?页|返回.{0,6}|登录|注册|english|手机版|繁體?版?|\W*\d+\W*)$", re.I)
_LEGAL_TEXT = re.compile(r"许可证|备案|举报|ICP|公网安备|版权|联系我们|关于我们|广告服务|网站地图|无障碍")
_LONG_NUMBER = re.compile(r"\d{4,}")
_IDENTIFIED = re.compile(r"&\w{0,20}(?:id|no|sn|serial|key)=\d+(?:&|$)|&\w{1,20}=[A-Za-z_-]{0,20}\d{5,}", re.I)
_DAY_NEARBY = re.compile(r"(20\d\d)\s?[-/.年]\s?(1[0-2]|0?[1-9])\s?[-/.月]\s?(3[01]|[12]\d|0?[1-9])日?"
                         r"(?:\s{0,3}([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?)?(?!\d)")


@dataclass
class _Anchor:
    text: str
    published: str   # a date printed in or beside the link, ISO
    place: int       # the list it stands in: identity of the nearest element around it that holds several links
    own: bool        # an address of the outlet


def read_listing(text: str, url: str, domains: Iterable[str], today: date, pattern: str = "", wechat: bool = False) -> Found:
    """Article links of a list page with hints title and published, and the address of its next page in `more`.

    `pattern` (regular expression over the absolute address) replaces the generic choice.  With `wechat` links to
    WeChat posts are taken too.  Raises Unreadable when the page holds no article links or is itself an article.
    """
    tree = parsed(text)
    if (base := tree.css_first("base[href]")) is not None:
        url_base = urljoin(url, base.attributes.get("href") or "")
    else:
        url_base = url
    domains = tuple(domains) or ((urlsplit(url).hostname or ""),)
    anchors, posts = _anchors(tree, url, url_base, domains, wechat)
    if pattern:
        wanted = re.compile(pattern)
        chosen = [target for target in anchors if wanted.search(target[:MAX_URL])]
    else:
        chosen = _choose(anchors, today)
        chosen += _guests(anchors, chosen, today)
    links = {target: _hint(anchors[target]) for target in chosen}
    links.update({target: _hint(anchor) for target, anchor in posts.items()})
    if not links:
        raise Unreadable("页面上没有找到稿件链接")
    if not pattern and _is_article(tree):
        raise Unreadable("页面像一篇稿件，不是列表页")
    following = _next(tree, text, url, url_base, domains)
    return Found(links, (following,) if following else ())


def refresh_target(text: str, url: str) -> str:
    """Where a page sends its reader at once (`<meta http-equiv=refresh>` or a bare `location = …` script); "" when nowhere."""
    if len(text) > 5000:
        return ""
    match = re.search(r"<meta[^>]{0,80}refresh[^>]{0,40}url\s{0,3}=\s{0,3}[\"']?([^\"'>\s]{1,500})", text, re.I) or \
        re.search(r"(?:window\.|document\.|top\.|self\.)?location(?:\.href)?\s{0,3}=\s{0,3}[\"']([^\"']{1,500})[\"']", text) or \
        re.search(r"location\.replace\(\s{0,3}[\"']([^\"']{1,500})[\"']", text)
    return absolute(url, match[1]) if match else ""


def _anchors(tree: LexborHTMLParser, url: str, base: str, domains: tuple[str, ...],
             wechat: bool) -> tuple[dict[str, _Anchor], dict[str, _Anchor]]:
    here = absolute(url, url)
    anchors: dict[str, _Anchor] = {}
    posts: dict[str, _Anchor] = {}
    for node in tree.css("a[href]")[:MAX_ANCHORS]:
        target = absolute(base, node.attributes.get("href") or "")
        if not target or target == here:
            continue
        into = anchors
        if is_wechat(target):
            if post := wechat_post(target):
                if not (wechat or of_domains(target, domains)):
                    continue
                into, target = posts, post
            elif expires(target) or not is_wechat(url):
                continue
        elif expires(target) or not is_page(target):
            continue
        anchor = _read_anchor(node, of_domains(target, domains))
        known = into.get(target)
        if known is None:
            into[target] = anchor
        elif len(anchor.text) > len(known.text):
            into[target] = replace(anchor, published=known.published or anchor.published)
    return anchors, posts


def _read_anchor(node: LexborNode, own: bool) -> _Anchor:
    shown = _SPACE.sub(" ", node.text(deep=True) or "").strip()
    title = _SPACE.sub(" ", node.attributes.get("title") or "").strip()
    if not shown and (image := node.css_first("img[alt]")) is not None:
        shown = _SPACE.sub(" ", image.attributes.get("alt") or "").strip()
    text = title if len(title) > len(shown) or shown.endswith(("...", "…")) and title else shown
    published = _nearby_day(node, shown)
    return _Anchor(_without_day(text)[:300], published, _place(node), own)


def _place(node: LexborNode) -> int:
    around = node.parent
    for _ in range(6):
        if around is None or around.tag == "body":
            return 0
        if around.tag in ("ul", "ol", "tbody", "table", "div", "section", "dl") and len(around.css("a[href]")) >= 3:
            return around.mem_id
        around = around.parent
    return 0


def _nearby_day(node: LexborNode, shown: str) -> str:
    """A whole date in the anchor or in the small item (li, tr, dl, p, div) around it, ISO; "" when there is none."""
    if match := _DAY_NEARBY.search(shown):
        return _iso(match)
    parent = node.parent
    for _ in range(3):
        if parent is None or parent.tag in ("body", "html", "ul", "ol", "table", "tbody"):
            break
        if len(parent.css("a[href]")) > 3:
            break
        around = (parent.text(deep=True) or "")[:600]
        if match := _DAY_NEARBY.search(around):
            return _iso(match)
        parent = parent.parent
    return ""


def _iso(match: re.Match[str]) -> str:
    try:
        day = date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""
    return f"{day}T{int(match[4]):02d}:{match[5]}+08:00" if match[4] else day


def _without_day(text: str) -> str:
    """A headline without the date that some lists print inside the link."""
    rest = _DAY_NEARBY.sub("", text).strip(" []()（）【】|-·")
    return rest if len(rest) >= 4 else text


def _choose(anchors: dict[str, _Anchor], today: date) -> list[str]:
    groups: dict[str, list[str]] = {}
    for target, anchor in anchors.items():
        if not anchor.own:
            continue
        if _NAV_TEXT.match(anchor.text) or _LEGAL_TEXT.search(anchor.text) and len(anchor.text) < 30:
            continue
        groups.setdefault(shape(target), []).append(target)
    articles = [members for members in groups.values() if _is_article_group(members, anchors, today)]
    certain = [target for members in articles if _group_strength(members, today) >= 2 for target in members]
    if len(certain) >= 5:
        # the page has its articles: a few plain files elsewhere on it are services, not pieces
        lists = {anchors[target].place for target in certain} - {0}
        articles = [members for members in articles if len(members) >= 5 or _group_strength(members, today) >= 2
                    or any(anchors[target].place in lists for target in members)]
    taken = {target for members in articles for target in members}
    return [target for target in anchors if target in taken]


def _guests(anchors: dict[str, _Anchor], chosen: list[str], today: date) -> list[str]:
    """Articles of other sites (a reposting newspaper, an outlet nobody listed) that stand in the very list of the chosen ones."""
    lists = Counter(anchors[target].place for target in chosen)
    return [target for target, anchor in anchors.items()
            if not anchor.own and anchor.place and lists[anchor.place] >= 2
            and len(anchor.text) >= 8 and _strength(target, today) >= 1 and not _LEGAL_TEXT.search(anchor.text)][:MAX_GUESTS]


def _is_article_group(members: list[str], anchors: dict[str, _Anchor], today: date) -> bool:
    strength = _group_strength(members, today)
    texts = [len(anchors[target].text) for target in members if anchors[target].text]
    headline = median(texts) if texts else 0
    dated = sum(bool(anchors[target].published) for target in members) * 2 >= len(members)
    if strength < 0:
        return False
    if strength >= 3:
        return headline >= 4 or (not texts and len(members) >= 3)
    if strength >= 2:
        return headline >= 6 or dated and headline >= 4
    if strength >= 1:
        return headline >= 9 or dated and headline >= 5
    return dated and headline >= 8


def _group_strength(members: list[str], today: date) -> float:
    return median(_strength(target, today) for target in members)


def _strength(target: str, today: date) -> int:
    """3 a dated address, 2 one with a number or identifier, 1 a plain file, 0 anything, −1 the address of a list or folder."""
    parts = urlsplit(target)
    leaf = parts.path.rsplit("/", 1)[-1]
    stem, _, suffix = leaf.rpartition(".") if "." in leaf else (leaf, "", "")
    numbered = bool(parts.query and _IDENTIFIED.search("&" + parts.query))
    if _LIST_LEAF.match(stem) and not (numbered and suffix):
        return -1
    folder = parts.path.strip("/").rsplit("/", 1)[-1] if not leaf else ""
    if not leaf and not numbered and not (_LONG_NUMBER.search(folder) and day_in(target, today) is None and len(folder) >= 5):
        return -1
    if not parts.path.strip("/") and not parts.query:
        return -1
    if day_in(target, today):
        return 3
    form = shape(target)
    if _LONG_NUMBER.search(stem or folder) or form.rsplit("/", 1)[-1].startswith("X") or numbered:
        return 2
    if re.search(r"(^|[-_])\d+$", stem) and suffix:
        return 2 if not _LIST_LEAF.match(stem) else -1
    return 1 if suffix else 0


def _hint(anchor: _Anchor) -> dict[str, str]:
    title = "" if anchor.text.startswith(("http://", "https://")) else anchor.text
    hint = {"title": title, "published": anchor.published}
    return {name: value for name, value in hint.items() if value}


def _is_article(tree: LexborHTMLParser) -> bool:
    """Does one element hold running text: several link-free paragraphs of its own with 500 characters or more in all?"""
    held: dict[int, tuple[int, int]] = {}
    for paragraph in tree.css("p")[:2000]:
        parent = paragraph.parent
        if parent is None or parent.tag in ("li", "td", "dd") or paragraph.css_first("a") is not None:
            continue
        length = len((paragraph.text(deep=True) or "").strip())
        if length >= 20:
            count, total = held.get(parent.mem_id, (0, 0))
            held[parent.mem_id] = (count + 1, total + length)
    kind = tree.css_first('meta[property="og:type"]')
    says_so = kind is not None and "article" in (kind.attributes.get("content") or "")
    return any(count >= 4 and total >= 500 or says_so and total >= 200 for count, total in held.values())


def _next(tree: LexborHTMLParser, text: str, url: str, base: str, domains: tuple[str, ...]) -> str:
    here = absolute(url, url)
    for node in tree.css("a[rel~=next], link[rel=next]"):
        target = absolute(base, node.attributes.get("href") or "")
        if target and target != here and of_domains(target, domains):
            return target
    sign = ""
    for node in tree.css("a[href]")[:MAX_ANCHORS]:
        shown = (node.text(deep=True) or "").strip()
        if len(shown) > 20 or not shown:
            continue
        if _NEXT.match(shown) or _NEXT_SIGN.match(shown):
            target = absolute(base, node.attributes.get("href") or "")
            if target and target != here and of_domains(target, domains):
                if _NEXT.match(shown):
                    return target
                sign = sign or target
    if match := _TRS_PAGES.search(text):
        count, current = int(match[1]), int(match[2])
        if current + 1 < count:
            return absolute(base, f"{match[3]}_{current + 1}.{match[4]}")
    return sign
