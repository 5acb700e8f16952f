"""Address → answer: articles, list pages, feeds, layouts, robots.txt and traps of every house, as they stand at one moment."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Sequence
from urllib.parse import urlsplit

from config.sample.press import feeds
from config.sample.press.families import FAMILIES, epaper, wechat
from config.sample.press.piece import House, Piece

PER_PAGE = 15
_NODE = re.compile(r"/html/(\d{4}-\d{2})/(\d{2})/node_(\d+)\.htm")
_PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fea72d9e9f"
                     "0000000049454e44ae426082")


@dataclass(frozen=True)
class Answer:
    body: bytes
    kind: str = "text/html"
    status: int = 200
    modified: datetime | None = None
    location: str = ""


class Site:
    """All houses.  `answer(url, elapsed)` gives what an address answers `elapsed` seconds (at speed 1) after the first start."""

    def __init__(self, houses: Sequence[House], pieces: Sequence[Piece], now: datetime) -> None:
        self.hosts = {h.host: h for h in houses}
        self.now = now
        self.pieces = {p.url: p for p in pieces}
        self.seconds = {p.second_url: p for p in pieces if p.split}
        self.of: dict[str, list[Piece]] = defaultdict(list)
        for p in sorted(pieces, key=lambda p: (p.published, p.release, p.serial), reverse=True):
            self.of[p.house.id].append(p)
            if p.linked_from:
                self.of[p.linked_from].append(p)

    def answer(self, url: str, elapsed: float) -> Answer | None:
        """None: no such address (404)."""
        parts = urlsplit(url)
        house = self.hosts.get(parts.hostname or "")
        if house is None:
            return None
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        piece = self.pieces.get(house.root + path) or self.seconds.get(house.root + path)
        if piece is not None:
            return self._article(piece, 2 if house.root + path in self.seconds else 1, elapsed)
        out = self._out(house, elapsed)
        if path == "/robots.txt":
            rules = f"User-agent: *\nDisallow: {house.disallow}\n"
            return Answer(rules.encode(), "text/plain; charset=utf-8") if house.robots else None
        if path.endswith(".png"):
            return Answer(_PNG, "image/png")
        if house.disallow and path.startswith(house.disallow):
            return self._trap(house, path)
        if house.feed and path == house.feed:
            if house.family == "atom":
                return Answer(feeds.atom(house, out).encode(), "application/atom+xml", modified=_newest(out))
            return Answer(feeds.rss(house, out).encode(), "application/rss+xml; charset=utf-8", modified=_newest(out))
        if house.sitemap and path == house.sitemap:
            return Answer(feeds.sitemap(house, out).encode(), "application/xml", modified=_newest(out))
        if house.gallery and path == "/gzh/index.html":
            posts = self._out(next(h for h in self.hosts.values() if h.id == house.gallery), elapsed)
            return self._html(house, wechat.gallery(house, posts, "健康云川"), posts)
        if house.family == "epaper":
            return self._paper(house, path, out)
        return self._list(house, path, out)

    def _out(self, house: House, elapsed: float) -> list[Piece]:
        return [p for p in self.of[house.id] if p.release <= elapsed]

    def _article(self, piece: Piece, part: int, elapsed: float) -> Answer | None:
        if piece.release > elapsed:
            return None
        near = [p for p in self.of[piece.house.id] if p is not piece and not p.release and not p.twin]
        turn = piece.serial % max(1, len(near))
        html = FAMILIES[piece.house.family].article(piece, part, near[turn:] + near[:turn])
        return self._html(piece.house, html, [piece])

    def _list(self, house: House, path: str, out: list[Piece]) -> Answer | None:
        family = FAMILIES[house.family]
        if family.index is None:
            return self._html(house, _front(house, out[:8]), out) if path == "/" else None
        further = -(-len(out) // PER_PAGE) - 1 if house.index_n else 0
        numbers = [house.index] + [house.index_n.format(n=house.index_from + k) for k in range(further)]
        if path == "/" and house.index != "/":
            return self._html(house, _front(house, out[:8]), out)
        if path not in numbers:
            return None
        at = numbers.index(path)
        following = numbers[at + 1] if at + 1 < len(numbers) else ""
        return self._html(house, family.index(house, out[at * PER_PAGE:(at + 1) * PER_PAGE], following), out)

    def _paper(self, house: House, path: str, out: list[Piece]) -> Answer | None:
        """Layout pages by day; a day after the newest edition leads to the newest, as e-papers do before the press is out."""
        days = sorted({f"{p.published:%Y-%m/%d}" for p in out}, reverse=True)
        if path in ("/", "/html/index.htm", "/index.htm"):
            return Answer(b"", status=302, location=f"{house.root}/html/{days[0]}/node_1.htm")
        match = _NODE.fullmatch(path)
        if not match:
            return None
        day, number = f"{match[1]}/{match[2]}", match[3]
        if day > days[0] and datetime.strptime(day, "%Y-%m/%d").date() <= (self.now + timedelta(days=366)).date():
            return Answer(b"", status=302, location=f"{house.root}/html/{days[0]}/node_1.htm")
        edition = [p for p in out if f"{p.published:%Y-%m/%d}" == day]
        nodes = sorted({(p.page_no, p.page_name) for p in edition} | ({("1", "要闻")} if edition else set()), key=lambda n: int(n[0]))
        nodes = sorted({int(no): (no, label) for no, label in nodes}.values(), key=lambda n: int(n[0]))
        if number not in dict(nodes):
            return None
        before = next((d for d in days if d < day), "")
        html = epaper.layout(house, day, [p for p in edition if p.page_no == number], number, nodes,
                             f"{house.root}/html/{before}/node_1.htm" if before else "")
        return self._html(house, html, edition)

    def _trap(self, house: House, path: str) -> Answer:
        """Pages without end that robots.txt forbids: each leads to the next."""
        step = int(re.sub(r"\D", "", path.rsplit("_", 1)[-1]) or 0) + 1
        link = f"{path.rsplit('/', 1)[0]}/content_{step}.htm"
        onward = f'<a href="{link}">下一条稿件点击明细与读者来源分布统计</a>'
        return self._html(house, f"<html><title>统计</title><body><p>本周点击排行第{step}页。</p>{onward}</body></html>", [])

    def _html(self, house: House, text: str, about: Sequence[Piece]) -> Answer:
        kind = "text/html" + (f"; charset={house.header}" if house.header else "")
        return Answer(text.encode(house.charset, "xmlcharrefreplace"), kind, modified=_newest(about))


def _front(house: House, items: Sequence[Piece]) -> str:
    rows = "".join(f'<li><a href="{p.url}">{p.title}</a></li>' for p in items)
    lists = f'<a href="{house.index}">{house.channel}</a>' if house.index else ""
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={house.declared}"><title>{house.name}</title>'
    return f"<html><head>{head}</head><body>{lists}<ul>{rows}</ul></body></html>"


def _newest(items: Sequence[Piece]) -> datetime | None:
    return max((p.published for p in items), default=None)
