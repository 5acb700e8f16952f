"""One poll of a source: fetch its pages, read their links.  What is polled is never an article of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from scrapy.http import TextResponse
from scrapy.utils.gz import gunzip

from crawlers.addresses import host_of
from crawlers.failures import FetchFailure
from crawlers.fetch import Answer, Fetcher
from crawlers.frontier import conditions
from crawlers.health import CHINA
from crawlers.spiders.address import day_in, is_wechat, of_domains, on_day, wechat_post
from crawlers.spiders.epaper import MAX_LAYOUTS, read_layout
from crawlers.spiders.feed import read_feed, read_sitemap
from crawlers.spiders.found import Found, Unreadable
from crawlers.spiders.listing import read_listing, refresh_target
from crawlers.spiders.wechat import lasting, read_mirror
from model.outlet import Outlet, Source, SourceKind
from model.source_state import SourceState

MOST_LINKS = 1000      # taken of one poll: a page made to flood the queue does not
_REFRESHES = 3
_MISSING_DAYS = 4


@dataclass(frozen=True)
class Poll:
    """`outcome`: read (a 200 that parsed) | not_modified (304) | not_yet (the address of the day does not exist yet)."""

    outcome: str
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""


class Poller:
    """Keeps, per source, which links its last poll gave: to know whether something moved and whether to read on."""

    def __init__(self, fetcher: Fetcher):
        self._fetcher = fetcher
        self._seen: dict[str, frozenset[int]] = {}
        self._layouts: dict[str, dict[str, Mapping[str, Mapping[str, str]]]] = {}

    async def poll(self, source: Source, state: SourceState, outlet: Outlet, now: datetime) -> Poll:
        """Raises FetchFailure: of the network, or kind "parse" when the answer is not what the source should be."""
        local = now.astimezone(CHINA)
        url = on_day(source.url, local)
        try:
            answer = await self._fetcher.get(url, conditions(state))
        except FetchFailure as failure:
            if url != source.url and failure.kind == "http_404" and _may_be_missing(state, now):
                return await self._day_before(source, state, outlet, now)
            raise
        return await self._read(answer, source, state, outlet, local.date())

    async def _day_before(self, source: Source, state: SourceState, outlet: Outlet, now: datetime) -> Poll:
        """Before today's paper is out: yesterday's on the first poll, else wait."""
        if state.last_ok is not None:
            return Poll("not_yet")
        yesterday = now.astimezone(CHINA) - timedelta(days=1)
        answer = await self._fetcher.get(on_day(source.url, yesterday))
        return await self._read(answer, source, state, outlet, yesterday.date())

    async def _read(self, answer: Answer, source: Source, state: SourceState, outlet: Outlet, today: date) -> Poll:
        if answer.status == 304:
            return Poll("not_modified")
        try:
            links = await self._links(answer, source, state, outlet, today)
        except Unreadable as error:
            raise FetchFailure("parse", str(error)) from None
        links = dict(islice(self._young(links, state, today).items(), MOST_LINKS))
        return Poll("read", links, answer.headers.get("etag", "")[:500], answer.headers.get("last-modified", "")[:100])

    def moved(self, source_id: str, links: Mapping[str, object]) -> bool | None:
        """Do the links differ from those of the poll before?  None when that is not known.  Remembers these."""
        before, self._seen[source_id] = self._seen.get(source_id), frozenset(map(hash, links))
        return None if before is None else bool(self._seen[source_id] - before)

    def _young(self, links: Mapping[str, Mapping[str, str]], state: SourceState, today: date) -> Mapping[str, Mapping[str, str]]:
        """Without the links whose own address is older than `link_days` (0: no bound).

        A source that is read for the first time and dates nothing younger is a quiet one, not an archive behind a
        running list: what it shows is taken, so that one sees that it works.
        """
        days = self._fetcher.settings.link_days
        if days <= 0:
            return links
        dates = {target: day_in(target, today) for target in links}
        old = {target for target, day in dates.items() if day is not None and (today - day).days > days}
        if state.last_ok is None and len(old) == sum(day is not None for day in dates.values()):
            return links
        return {target: hint for target, hint in links.items() if target not in old}

    async def _links(self, answer: Answer, source: Source, state: SourceState, outlet: Outlet,
                     today: date) -> Mapping[str, Mapping[str, str]]:
        if source.kind is SourceKind.FEED:
            return lasting(read_feed(_unpacked(answer, self._fetcher.settings.max_bytes), answer.url).links)
        if source.kind is SourceKind.SITEMAP:
            return await self._sitemap(answer, source, today)
        if source.kind is SourceKind.WECHAT and is_wechat(source.url) and (post := wechat_post(source.url)):
            return {post: {}}
        answer = await self._refreshed(answer)
        if source.kind is SourceKind.EPAPER:
            return await self._epaper(answer, source, outlet, today)
        return await self._pages(answer, source, state, outlet, today)

    async def _refreshed(self, answer: Answer) -> Answer:
        """Follow a page that only sends its reader on (the front pages of most e-papers do)."""
        for _ in range(_REFRESHES):
            if len(answer.response.body) > 5000:
                break
            target = refresh_target(page_text(answer), answer.url)
            if not target or target == answer.url:
                break
            answer = await self._fetcher.get(target)
        return answer

    async def _pages(self, answer: Answer, source: Source, state: SourceState, outlet: Outlet,
                     today: date) -> Mapping[str, Mapping[str, str]]:
        """A list page, and its "next" pages while they may hold links not seen yet."""
        links: dict[str, Mapping[str, str]] = {}
        seen, visited = self._seen.get(source.id), {answer.url}
        for number in range(1, max(1, source.max_pages) + 1):
            try:
                found = self._one_page(answer, source, outlet, today)
            except Unreadable:
                if number == 1:
                    raise
                break
            for target, hint in found.links.items():
                links.setdefault(target, hint)
            turned = state.last_ok is None if seen is None else not any(hash(target) in seen for target in found.links)
            if number == source.max_pages or not turned or not found.more or found.more[0] in visited:
                break
            visited.add(found.more[0])
            try:
                answer = await self._fetcher.get(found.more[0])
            except FetchFailure as failure:
                if failure.kind == "stopped":
                    raise
                break
        return links

    def _one_page(self, answer: Answer, source: Source, outlet: Outlet, today: date) -> Found:
        domains = _domains(outlet, answer.url)
        if source.kind is SourceKind.WECHAT:
            return read_mirror(answer.response.body, page_text(answer), answer.url, domains, today, source.link_pattern)
        return read_listing(page_text(answer), answer.url, domains, today, source.link_pattern)

    async def _sitemap(self, answer: Answer, source: Source, today: date) -> Mapping[str, Mapping[str, str]]:
        days, limit = self._fetcher.settings.link_days, self._fetcher.settings.max_bytes
        since = (today - timedelta(days=days)).isoformat() if days > 0 else ""
        found = read_sitemap(_unpacked(answer, limit), answer.url, since)
        links = dict(found.links)
        for part in found.more[:max(1, source.max_pages)]:
            part_answer = await self._fetcher.get(part)
            links.update(read_sitemap(_unpacked(part_answer, limit), part_answer.url, since).links)
        return links

    async def _epaper(self, answer: Answer, source: Source, outlet: Outlet, today: date) -> Mapping[str, Mapping[str, str]]:
        """All layout pages of the issue; one that was read before is not asked for again."""
        read = self._layouts.setdefault(source.id, {})
        issue: dict[str, Mapping[str, Mapping[str, str]]] = {}
        waiting: list[tuple[str, tuple[str, str]]] = [(answer.url, ("", ""))]
        known = {answer.url}
        while waiting and len(issue) < MAX_LAYOUTS:
            url, told = waiting.pop(0)
            if url in read and url != answer.url:
                issue[url] = read[url]
                continue
            page = answer if url == answer.url else await self._layout_answer(url)
            if page is None:
                continue
            try:
                layout = read_layout(page_text(page), page.url, _domains(outlet, page.url), today, told)
            except Unreadable:
                if url == answer.url:
                    raise
                continue
            issue[url] = layout.links
            for other, numbered in layout.pages.items():
                if other not in known:
                    known.add(other)
                    waiting.append((other, numbered))
        self._layouts[source.id] = issue
        merged: dict[str, Mapping[str, str]] = {}
        for links in issue.values():
            for target, hint in links.items():
                merged.setdefault(target, hint)
        if not merged:
            raise Unreadable("各版面上都没有找到稿件")
        return merged

    async def _layout_answer(self, url: str) -> Answer | None:
        try:
            return await self._fetcher.get(url)
        except FetchFailure as failure:
            if failure.kind.startswith("http_404"):
                return None
            raise


def page_text(answer: Answer) -> str:
    """Text of a list page.  Scrapy reads the declared encoding; where none is declared and UTF-8 fails, GB18030 is meant.

    Raises Unreadable for a page that is not text.
    """
    response = answer.response
    if not isinstance(response, TextResponse):
        raise Unreadable("答复不是文本页面")
    if response.encoding in ("cp1252", "latin-1", "iso-8859-1"):
        response = response.replace(encoding="gb18030")
    return response.text


def outlet_of_link(target: str, source: Source, outlet: Outlet, owner_of: Callable[[str], Outlet | None]) -> str:
    """Whose a link is: what a WeChat mirror lists is the account's; else the domain decides; "" for an outlet nobody listed."""
    if source.kind is SourceKind.WECHAT:
        return source.outlet_id
    owner = owner_of(target)
    if owner is not None:
        return owner.id
    return source.outlet_id if of_domains(target, _domains(outlet, source.url)) else ""


def _domains(outlet: Outlet, url: str) -> tuple[str, ...]:
    """The outlet's domains; the page's own host when the outlet lists none that holds it (a mirror on an official site)."""
    if of_domains(url, outlet.domains):
        return outlet.domains
    return (*outlet.domains, host_of(url))


def _unpacked(answer: Answer, limit: int) -> bytes:
    body = answer.response.body
    if body[:3] == b"\x1f\x8b\x08":
        try:
            return gunzip(body, max_size=limit)
        except Exception as error:  # noqa: BLE001 - a broken or overlong archive is an unreadable source, whatever it raised
            raise Unreadable(f"压缩文件无法解开：{type(error).__name__}") from None
    return body


def _may_be_missing(state: SourceState, now: datetime) -> bool:
    return state.last_ok is None or now - state.last_ok < timedelta(days=_MISSING_DAYS)
