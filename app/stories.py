"""What people see of a story and do to it: its chain, what differs, merging and splitting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import combinations

from analysis.differences import Differences, differences
from analysis.first import chain
from model.bureau import Bureau
from model.clipping import Clipping
from model.ports import Clock, Store, Writer
from model.ports_stories import Step
from model.story import Copy
from pipelines.reposts import Stories

LOOKED_AT = 60           # copies whose change against their parent is told at once; the others by the page of two copies


class StoryDesk:
    """`model.ports_stories.StoryDesk` over the store."""

    def __init__(self, store: Store, bureau: Callable[[], Bureau], clock: Clock):
        self.store, self.bureau, self.clock = store, bureau, clock

    @property
    def stories(self) -> Stories:
        """The rules of placing without an index of fingerprints: here nothing is searched."""
        bureau = self.bureau()
        names = {n for u in bureau.units for n in (u.name, u.short, *(a.name for a in u.aliases if not a.ambiguous)) if n}
        return Stories({o.id: (o.name, *o.aliases) for o in bureau.outlets}, units=names)

    def chain(self, story_id: int) -> list[Step]:
        held, stories = self.store.story_copies(story_id), self.stories
        if not held:
            return []
        copies = [stories.named(_copy(c)) for c in held]
        steps = chain(copies, {c.id: c.edge.parent for c in held if c.edge and c.edge.parent})
        there, texts = {c.id for c in held}, self._texts(steps)
        return [Step(child, parent if parent in there else None, reason, self._change(texts, child, parent))
                for child, parent, reason in steps]

    def _texts(self, steps: Sequence[tuple[int, int | None, str]]) -> dict[int, tuple[str, str]]:
        wanted = dict.fromkeys(i for child, parent, _ in steps[:LOOKED_AT] if parent is not None for i in (parent, child))
        held = (self.store.clipping(i) for i in wanted)
        return {c.id: (c.article.title, c.article.text) for c in held if c is not None}

    @staticmethod
    def _change(texts: dict[int, tuple[str, str]], child: int, parent: int | None) -> str:
        return _differ(*texts[parent], *texts[child]).summary if parent in texts and child in texts else ""

    def compare(self, a: Clipping, b: Clipping) -> Differences:
        return _differ(a.article.title, a.article.text, b.article.title, b.article.text)

    def merge(self, a: int, b: int, who: str) -> int:
        """Every copy of either is held to the other's named one, so that no later run votes a part of them out again."""
        now = self.clock.now()
        with self.store.write() as w:
            kept, other = w.story_of(a), w.story_of(b)
            if kept is None or other is None:
                raise ValueError("没有这一篇剪报，或者它还没有归组")
            if kept == other:
                raise ValueError("这两篇已经是同一稿件")
            self._one_case(w, kept, other)
            ours, theirs = w.members(kept), w.members(other)
            for x, y, kind in w.pins([*ours, *theirs]):
                if kind == "split" and ((x in ours and y in theirs) or (x in theirs and y in ours)):
                    w.pin(x, y, "merge", who, now)
            for mine in ours:
                w.pin(mine, b, "merge", who, now)
            for yours in theirs:
                w.pin(a, yours, "merge", who, now)
            self.stories.merge(w, a, b, who, now)
            self._anew(w, [a], [kept, other])
        return kept

    @staticmethod
    def _one_case(w: Writer, kept: int, other: int) -> None:
        """An incident follows its story; two open ones are first made one by the people who handle them."""
        mine, theirs = w.incident_of_story(kept), w.incident_of_story(other)
        if theirs is None or mine is not None and mine.id == theirs.id:
            return
        if mine is not None and mine.state.is_open and theirs.state.is_open:
            raise ValueError(f"两稿分属舆情事件 {mine.id} 和 {theirs.id}，请先在“舆情”页并案，再合并稿件")
        if mine is None or theirs.state.is_open:
            w.link_story(theirs.id, kept)

    def split(self, article_ids: Sequence[int], who: str) -> int:
        now, leaving = self.clock.now(), list(dict.fromkeys(article_ids))
        with self.store.write() as w:
            homes = {w.story_of(i) for i in leaving}
            if not leaving:
                raise ValueError("请先勾选要拆出的稿件")
            if len(homes) != 1 or None in homes:
                raise ValueError("勾选的稿件已不在同一稿件组，请刷新后再试")
            old = homes.pop()
            staying = [m for m in w.members(old) if m not in leaving]
            if not staying:
                raise ValueError("不能把全部稿件都拆出去")
            stories = self.stories
            new = stories.split(w, leaving[0], who, now)
            for other in leaving[1:]:
                stories.split(w, other, who, now)
                stories.merge(w, leaving[0], other, who, now)
            for x, y in combinations(leaving, 2):
                w.pin(x, y, "merge", who, now)
            self._anew(w, [*leaving, staying[0]], [old, new])
        return new

    def _anew(self, w: Writer, article_ids: Sequence[int], story_ids: Sequence[int]) -> None:
        now = self.clock.now()
        for article_id in article_ids:
            w.put("alert", f"alert:{article_id}", {"article": article_id}, now, again=True)
        for story_id in story_ids:
            w.put("credit", f"credit:{story_id}", {"story": story_id}, now, again=True)


@lru_cache(maxsize=512)
def _differ(title_a: str, text_a: str, title_b: str, text_b: str) -> Differences:
    return differences(title_a, text_a, title_b, text_b)


def _copy(held: Clipping) -> Copy:
    article = held.article
    return Copy(
        held.id, held.outlet_id, held.outlet_name, (held.outlet_name,), held.tier, article.title, article.source, article.reposted_from,
        article.original_title, article.dateline.agency if article.dateline else "", bool(article.dateline and article.dateline.own),
        article.is_original, article.published, article.precision, held.first_seen, len(article.text), article.site)
