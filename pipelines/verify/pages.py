"""The page of a claimed address: from the archive first, else fetched now through the guarded fetcher, archived and queued like any other.

What is fetched goes through the same flow as a crawled page, so it becomes a clipping, joins its story and is found by search.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import datetime

from model.bureau import Bureau
from model.clipping import Clipping
from model.page import ArchiveRef, Page, PageStatus, QueuedPage
from model.ports import Archive, Clock, Store
from pipelines.fetcher import Fetcher, FetchFailed
from pipelines.flow import Flow, Thought
from pipelines.owner import owner
from pipelines.urls import canonical

log = logging.getLogger("jianbao.claims")
FETCHERS, LOT = 12, 8              # threads that fetch; pages handed on at a time
PRIORITY = "9"                     # a person waits for it


@dataclass(frozen=True)
class Landing:
    """Where an address led: a clipping, or why there is none.

    `failed` is the fetcher's word, `status`/`reason` the flow's; `archived`: held before, nothing was asked of the site; `at` when the
    site was asked, `ref` where its raw answer lies.
    """

    url: str
    piece: Clipping | None = None
    failed: FetchFailed | None = None
    status: PageStatus | None = None
    reason: str = ""
    archived: bool = False
    at: datetime | None = None
    ref: ArchiveRef | None = None


@dataclass(frozen=True)
class Settled:
    """What the flow made of a fetched page; small, so that it travels between processes."""

    page_id: int
    canonical: str
    status: PageStatus
    reason: str


class Remembering(Flow):
    """The flow, with what it thought of each page kept until asked."""

    def __init__(self, *given):
        super().__init__(*given)
        self.thoughts: dict[int, Thought] = {}

    def think(self, queued: QueuedPage) -> Thought:
        thought = self.thoughts[queued.id] = super().think(queued)
        return thought

    def settle(self, pages: Sequence[QueuedPage]) -> list[Settled]:
        """Run the pages and tell of each what became of it."""
        self.run(pages)
        done = [self.thoughts.pop(p.id) for p in pages]
        self.thoughts.clear()
        return [Settled(t.page.id, t.record.article.canonical if t.record else "", PageStatus.CLIPPED if t.record and t.record.matched
                        else PageStatus.UNMATCHED if t.record else t.status, t.reason) for t in done]


Settle = Callable[[Iterable[Sequence[QueuedPage]]], Iterator[list[Settled]]]


class Pages:
    """`settle` takes lots of queued pages and gives what became of them (inline with one flow, or over processes)."""

    def __init__(self, bureau: Bureau, store: Store, archive: Archive, fetcher: Fetcher, clock: Clock, settle: Settle | None = None):
        self.bureau, self.store, self.archive, self.fetcher, self.clock = bureau, store, archive, fetcher, clock
        self._settle = settle or (lambda lots: map(Remembering(bureau, store, archive, clock).settle, lots))

    def land(self, urls: Iterable[str], progress: Callable[[int], None] = lambda n: None) -> dict[str, Landing]:
        """Each address (as given) → where it led."""
        wanted = list(dict.fromkeys(urls))
        held = self.store.articles_at([canonical(u) for u in wanted])
        landed: dict[str, Landing] = {}
        for url in wanted:
            if canonical(url) in held:
                landed[url] = Landing(url, self.store.clipping(held[canonical(url)]), archived=True)
                progress(1)
        landed |= self._fetch([u for u in wanted if u not in landed], progress)
        return landed

    def _fetch(self, urls: Sequence[str], progress: Callable[[int], None]) -> dict[str, Landing]:
        landed: dict[str, Landing] = {}
        asked: dict[int, tuple[str, datetime, ArchiveRef]] = {}

        def lots() -> Iterator[list[QueuedPage]]:
            waiting: list[tuple[str, Page]] = []
            with ThreadPoolExecutor(max_workers=min(FETCHERS, max(1, len(urls))), thread_name_prefix="claim") as pool:
                for done in as_completed([pool.submit(self._one, u) for u in _in_turn(urls)]):
                    url, got = done.result()
                    if isinstance(got, FetchFailed):
                        landed[url] = Landing(url, failed=got, at=self.clock.now())
                        progress(1)
                        continue
                    waiting.append((url, got))
                    if len(waiting) >= LOT:
                        yield self._queue(waiting, asked)
                        waiting = []
            if waiting:
                yield self._queue(waiting, asked)

        for settled in self._settle(lots()):
            ids = self.store.articles_at([s.canonical for s in settled if s.canonical])
            for one in settled:
                url, at, ref = asked[one.page_id]
                piece = self.store.clipping(ids[one.canonical]) if one.canonical in ids else None
                landed[url] = Landing(url, piece, status=one.status, reason=one.reason, at=at, ref=ref)
                progress(1)
        return landed

    def _one(self, url: str) -> tuple[str, Page | FetchFailed]:
        try:
            return url, self.fetcher.get(url)
        except FetchFailed as error:
            return url, error
        except Exception as error:      # one odd address must not keep the others from being verified
            log.exception("fetching %s", url)
            return url, FetchFailed("protocol", f"取网页时出错（{type(error).__name__}）", later=True)

    def _queue(self, pages: Sequence[tuple[str, Page]], asked: dict[int, tuple[str, datetime, ArchiveRef]]) -> list[QueuedPage]:
        kept: list[tuple[Page, ArchiveRef]] = []
        for _, page in pages:
            found = owner(self.bureau, page.url)
            page = replace(page, outlet_id=found.id if found else "", source_id="claim", hint={**page.hint, "priority": PRIORITY})
            kept.append((page, self.archive.append(page)))
        self.archive.flush()
        ids = self.store.enqueue(kept, self.clock.now())
        asked.update((i, (url, page.fetched_at, ref)) for i, (url, _), (page, ref) in zip(ids, pages, kept))
        return [
            QueuedPage(i, p.url, p.fetched_at, p.status, p.headers, p.outlet_id, p.source_id, p.hint, ref) for i, (p, ref) in zip(ids, kept)
        ]


def _in_turn(urls: Sequence[str]) -> list[str]:
    """Hosts take turns, so that one with many addresses does not hold every thread."""
    seen: Counter[str] = Counter()
    order = []
    for url in urls:
        host = url.split("/", 3)[2] if url.count("/") >= 2 else url
        order.append((seen[host], url))
        seen[host] += 1
    return [url for _, url in sorted(order, key=lambda pair: pair[0])]
