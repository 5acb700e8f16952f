"""What people decide about names that could not be resolved: kept by address, and the article thought about anew at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from model.bureau import Bureau
from model.clipping import Clipping
from model.mention import Mention
from model.page import ArchiveRef, QueuedPage
from model.ports import Clock, Store
from model.ports_stories import Decided, OpenName
from model.resolution import Resolution, open_name
from pipelines.flow import Flow, Thought
from pipelines.owner import account, owner

BEFORE, AFTER = 40, 60   # characters shown around a name


class NameDesk:
    """`model.ports_stories.NameDesk`; `flow` makes the flow of the bureau as it stands, kept until the bureau changes."""

    def __init__(self, store: Store, bureau: Callable[[], Bureau], clock: Clock, flow: Callable[[], Flow],
                 learned: Callable[[], object] = lambda: None):
        self.store, self.bureau, self.clock, self._make, self._learned = store, bureau, clock, flow, learned
        self._held: Flow | None = None
        self._one = threading.Lock()

    def waiting(self, limit: int = 50) -> tuple[list[OpenName], int]:
        found: list[OpenName] = []
        told: set[tuple[int, str, tuple[str, ...]]] = set()         # what a story's copies leave open alike is asked once
        for cut in self.store.unresolved(limit):
            clipping = self.store.clipping(cut.id)
            if clipping is None:
                continue
            decided = self.store.resolutions(clipping.article.canonical)
            siblings = Counter(s for c in self._copies(clipping) for s in _open(c))
            for surface, mentions in _open(clipping).items():
                asked = (clipping.story.id if clipping.story else -clipping.id, surface, _candidates(mentions))
                if asked in told:
                    continue
                told.add(asked)
                found.append(_shown(clipping, surface, mentions, decided.get(surface), siblings[surface]))
        return found, self.store.unresolved_count()

    def decided(self, limit: int = 50) -> list[Decided]:
        newest = self.store.newest_resolutions(limit)
        held = {c.id: c for c in self.store.clippings([article_id for _, article_id in newest])}
        return [Decided(resolution, held[article_id]) for resolution, article_id in newest if article_id in held]

    def of(self, clipping: Clipping) -> list[Resolution]:
        return list(self.store.resolutions(clipping.article.canonical).values())

    def decide(self, article_id: int, surface: str, unit_id: str, who: str, seen: int, copies: bool) -> int:
        now = self.clock.now()
        clipping = self.store.clipping(article_id)
        if clipping is None:
            raise ValueError("没有这一篇剪报")
        if unit_id and self.bureau().unit(unit_id) is None:
            raise ValueError(f"没有编号为“{unit_id}”的单位")
        standing = self.store.resolutions(clipping.article.canonical).get(surface)
        if surface not in _open(clipping) and standing is None:
            raise ValueError(f"“{surface}”已不在待定之列，请刷新后再看")
        others = [c for c in self._copies(clipping) if c.id != article_id and surface in _open(c)] if copies else []
        with self._one:
            flow = self._flow()
            targets = [(c, _resolution(c, surface, unit_id, who, now, standing)) for c in (clipping, *others)]
            thoughts = [self._thought(flow, c, r) for c, r in targets]
            try:
                with self.store.write() as w:
                    held = w.resolutions(clipping.article.canonical).get(surface)
                    if (held.id if held else 0) != seen:
                        raise ValueError(f"“{surface}”{self._said(held)}，页面已更新")
                    for (target, r), thought in zip(targets, thoughts):
                        now_held = w.clipping(target.id)
                        if now_held is None or now_held.page_id != target.page_id:
                            raise ValueError("稿件刚刚有更新，请刷新后再定")
                        w.resolve(r.canonical, r.surface, r.unit_id, r.who, r.at, r.every, r.candidates)
                        flow.keep(w, thought)
            except BaseException:
                flow.stories.forget()          # article numbers of an undone transaction may be given again
                raise
        return len(targets)

    def _said(self, held: Resolution | None) -> str:
        if held is None:
            return "的决定已经撤回"
        unit = self.bureau().unit(held.unit_id)
        return f"已由{held.who}定为{unit.label if unit else held.unit_id or '不是本单位'}"

    def _copies(self, clipping: Clipping) -> list[Clipping]:
        return self.store.story_copies(clipping.story.id) if clipping.story else []

    def _flow(self) -> Flow:
        if self._held is None or self._held.bureau is not self.bureau() or self._held.learned is not self._learned():
            self._held = self._make()
        return self._held

    def _thought(self, flow: Flow, cut: Clipping, choice: Resolution) -> Thought:
        clipping = self.store.clipping(cut.id) or cut
        article = clipping.article
        decided = {**self.store.resolutions(article.canonical), choice.surface: choice}
        outlet = account(flow.bureau, article, owner(flow.bureau, article.url, clipping.outlet_id))
        page = QueuedPage(clipping.page_id, article.url, clipping.first_seen, 200, {}, clipping.outlet_id, "", {},
                          clipping.ref or ArchiveRef("", 0, 0, ""))
        return Thought(page, flow.record(clipping.page_id, article, outlet, decided))


def _open(clipping: Clipping) -> dict[str, list[Mention]]:
    """Name as printed → its places left for a person."""
    found: dict[str, list[Mention]] = {}
    for mention in filter(open_name, clipping.mentions):
        found.setdefault(mention.surface, []).append(mention)
    return found


def _shown(clipping: Clipping, surface: str, mentions: list[Mention], standing: Resolution | None, copies: int) -> OpenName:
    whole = f"{clipping.article.title}\n{clipping.article.text}"
    at = next((m for m in mentions if m.end > m.start), None)
    before = whole[max(0, at.start - BEFORE):at.start].replace("\n", " ") if at else ""
    after = whole[at.end:at.end + AFTER].replace("\n", " ") if at else ""
    return OpenName(clipping, surface, mentions[0].how, _candidates(mentions), before, after, len(mentions), standing.id if standing else 0,
                    max(1, copies))


def _candidates(mentions: list[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(u for m in mentions for u in (*m.candidates, m.unit_id) if u))


def _resolution(clipping: Clipping, surface: str, unit_id: str, who: str, now: datetime, standing: Resolution | None) -> Resolution:
    """The choice covers every place of the name, unless the article prints it also where it is clear by itself."""
    mentions = [m for m in clipping.mentions if m.surface == surface]
    if standing is not None:
        return Resolution(0, clipping.article.canonical, surface, unit_id, who, now, standing.every, standing.candidates)
    return Resolution(0, clipping.article.canonical, surface, unit_id, who, now, all(map(open_name, mentions)),
                      _candidates([m for m in mentions if open_name(m)]))
