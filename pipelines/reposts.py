"""Placing an article into a story, inside the store's write transaction.

The index of fingerprints is refreshed from rows newer than the last one seen while the write lock is held, so two work
processes that receive two copies at the same instant make one story.  What a person split or merged is never undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from analysis.boilerplate import Boilerplate
from analysis.fingerprints import FingerprintIndex, probes
from analysis.first import first_of, name_key
from analysis.reposts import Text, judge
from model.clipping import Clipping, Record, Signature
from model.outlet import Tier
from model.ports import Writer
from model.story import Copy, Edge, Relation, Verdict

UNSAVED = 2_000          # newest rows that are never kept on disk: their transaction may yet be undone
GROWN = 1.05             # the index is written anew when it has grown by this, so that keeping it costs the same however large it is
READ_AGAIN = 400         # articles whose text a fresh process reads to learn the outlets' boilerplate
LOOKED_AT = 24           # candidates whose text is read
BARREN = 10              # candidates that were no copies after which no further one is read: the most promising come first
ASKED = 4                # members of a story that are asked besides the candidates, before an article joins it
STRANGE = 0.2            # belief under which a member speaks against joining
_CONTRARY = (Relation.SAME_TEMPLATE, Relation.BOILERPLATE_ONLY, Relation.DIFFERENT, Relation.SAME_EVENT)


@dataclass(frozen=True)
class _Match:
    """A story an article may join, by the member it is closest to."""

    story_id: int
    parent: int
    verdict: Verdict


class Stories:
    """One per process; `names`: outlet id → its name and aliases, `boilerplate`: outlet id → its standing sentences.

    `units`: names of units: printed as 来源 they are contributors (供稿), no outlet from which the piece was taken.
    `kept`: a file in which the index is kept now and then, so that a restart need not read every signature again.
    """

    def __init__(self, names: Mapping[str, Sequence[str]], boilerplate: Mapping[str, Sequence[str]] | None = None,
                 units: Iterable[str] = (), kept: Path | None = None):
        self.names = {outlet: tuple(names_) for outlet, names_ in names.items()}
        self.known = frozenset(name for names_ in self.names.values() for name in names_)
        self.known_keys = frozenset(map(name_key, self.known))
        self.contributors = frozenset(units) - self.known
        self.configured = {outlet: tuple(lines) for outlet, lines in (boilerplate or {}).items()}
        self.learned = Boilerplate()
        self.index = FingerprintIndex()
        self.kept, self._on_disk = kept, 0

    def boilerplate(self, outlet_id: str) -> tuple[str, ...]:
        """The lines that an outlet puts into many pieces, configured and learned."""
        return self.learned.of(outlet_id, self.configured.get(outlet_id, ()))

    def forget(self) -> None:
        """Drop what was read, after a transaction that was undone: its article ids may be given again."""
        self.index = FingerprintIndex()

    def place(self, w: Writer, article_id: int, record: Record, now: datetime, unsettled: set[int] | None = None) -> int:
        """Put a saved article into the story it belongs to, or found one; returns the story's id.

        Placing again (a re-run, a changed article) leaves a story that still holds and never doubles anything.  With `unsettled`
        the story is put there, for the caller to `settle` once before the transaction ends: a storm brings many copies in one.
        """
        self._refresh(w)
        mine = Text(record.article.title, record.article.text, record.article.published, record.outlet_id,
                    self.boilerplate(record.outlet_id))
        current = w.story_of(article_id)
        if current is not None and record.signature is not None:      # placed before: its text may be another now
            if all(i != article_id for i, _ in self.index.near(record.signature.simhash, 0)):
                self.index.add_signature(replace(record.signature, article_id=article_id))
        held_apart, held_together = self._pinned(w, article_id)
        near = self._near(article_id, mine, record.signature)
        matches = self._matches(w, article_id, mine, near, held_apart)
        story_id = self._decide(w, article_id, record.article.title, current, matches, held_together, now)
        if current is not None and current != story_id:
            self.left(w, current, article_id, now)
        for match in matches:
            if match.story_id not in (story_id, current) and match.verdict.relation is Relation.REPOST:
                self._bridge(w, story_id, match, article_id, now)
        if unsettled is None:
            self.settle(w, story_id)
        else:
            unsettled.add(story_id)
        if story_id != current and not matches and w.members(story_id) == [article_id]:
            self.learned.add(record.outlet_id, record.article.text)
        return story_id

    def settle(self, w: Writer, story_id: int) -> None:
        """Judge anew who published a story first and how high it reached."""
        copies = [self.named(c) for c in w.copies(story_id)]
        if not copies:
            return
        first = first_of(copies)
        shown = next((c for c in copies if c.article_id == first.article_id), None) or max(copies, key=lambda c: c.length)
        highest = max(copies, key=lambda c: Tier(c.tier).rank).tier
        w.set_first(story_id, first, shown.title, highest)

    def named(self, copy: Copy) -> Copy:
        """The copy with all names of its outlet; what is printed as 来源 is an outlet's name only where it can be one.

        An outlet in no list goes by its host and by what its page calls itself; where the page does not say, a 来源 that is
        in no list either is presumably that.  The name of a listed outlet is nobody else's to claim.
        """
        source = "" if copy.source in self.contributors else copy.source
        names = self.names.get(copy.outlet_id, copy.outlet_names)
        own = copy.site or source.strip("《》 ")
        if not copy.outlet_id and own and name_key(own) not in self.known_keys:
            names = (*names, own)
            if copy.site:
                return replace(copy, outlet_names=names, source=source, outlet_name=f"{own}（{copy.outlet_name}）")
        return replace(copy, outlet_names=names, source=source)

    def merge(self, w: Writer, a: int, b: int, who: str, now: datetime) -> int:
        """A person says that the stories of two articles are one; returns its id."""
        w.pin(a, b, "merge", who, now)
        kept, other = w.story_of(a), w.story_of(b)
        if kept is None or other is None or kept == other:
            return kept or other or 0
        w.join(kept, Edge(b, a, Relation.REPOST, 1.0, f"人工合并（{who}）"), now)
        for member in w.members(other):
            w.join(kept, Edge(member, b, Relation.REPOST, 1.0, f"随人工合并（{who}）"), now)
        self.settle(w, kept)
        return kept

    def split(self, w: Writer, article_id: int, who: str, now: datetime) -> int:
        """A person says that an article is not of its story; returns the id of its own new one."""
        story_id = w.story_of(article_id)
        others = [m for m in w.members(story_id) if m != article_id] if story_id is not None else []
        if story_id is None or not others:
            return story_id or 0
        for other in others:
            w.pin(article_id, other, "split", who, now)
        title = next((c.title for c in w.copies(story_id) if c.article_id == article_id), "")
        new = w.new_story(title, now)
        w.join(new, Edge(article_id, None, Relation.DIFFERENT, 1.0, f"人工拆出（{who}）"), now)
        self.left(w, story_id, article_id, now)
        self.settle(w, new)
        return new

    def _refresh(self, w: Writer) -> None:
        """Take up the rows newer than the last one seen; a fresh process begins with what was kept on disk, if it fits this database."""
        fresh = not len(self.index)
        if fresh and self.kept is not None:
            held = FingerprintIndex.read(self.kept)
            last = held.last() if held else None
            if held and last and any((s.article_id, s.simhash) == last for s in w.signatures_after(last[0] - 1)[:1]):
                self.index, self._on_disk = held, len(held)
        newer = w.signatures_after(self.index.last_id)
        if fresh and newer:                    # learn from the newest founders of stories
            for clipping in w.texts([held.article_id for held in newer[-READ_AGAIN:]]).values():
                if clipping.edge is not None and clipping.edge.parent is None:
                    self.learned.add(clipping.outlet_id, clipping.article.text)
        if self.kept is not None and len(self.index) >= GROWN * self._on_disk + 2 * UNSAVED:
            self.index.save(self.kept, UNSAVED)
            self._on_disk = len(self.index) - UNSAVED
        self.index.add_signatures(newer)

    def _near(self, article_id: int, mine: Text, held: Signature | None) -> list[int]:
        if held is None:
            return []
        return self.index.candidates(replace(held, article_id=article_id), probes(mine.title, mine.text, mine.boilerplate), most=LOOKED_AT)

    def _text(self, clipping: Clipping) -> Text:
        return Text(clipping.article.title, clipping.article.text, clipping.article.published, clipping.outlet_id,
                    self.boilerplate(clipping.outlet_id))

    @staticmethod
    def _pinned(w: Writer, article_id: int) -> tuple[set[int], list[int]]:
        """(articles a person holds apart from this one, articles a person holds together with it)"""
        apart, together = set(), []
        for a, b, kind in w.pins([article_id]):
            if article_id in (a, b):
                other = b if a == article_id else a
                apart.add(other) if kind == "split" else together.append(other)
        return apart, [t for t in together if t not in apart]

    def _matches(self, w: Writer, article_id: int, mine: Text, near: Iterable[int], apart: set[int]) -> list[_Match]:
        """The stories the article may join, best first: one of its members is a copy, and the others do not speak against it."""
        best: dict[int, _Match] = {}
        heard: dict[int, dict[int, Verdict]] = {}
        barren = 0
        for other in near:
            if barren >= BARREN:
                break
            story_id = w.story_of(other)
            if story_id is None or len(heard.get(story_id, ())) >= ASKED:
                continue
            held = w.texts([other]).get(other)          # one by one: of a story with many copies only some are read
            if held is None:
                continue
            verdict = judge(mine, self._text(held))
            heard.setdefault(story_id, {})[other] = verdict
            barren += not verdict.relation.joins
            if verdict.relation.joins and (story_id not in best or verdict.score > best[story_id].verdict.score):
                best[story_id] = _Match(story_id, other, verdict)
        found = []
        for match in best.values():
            members = [m for m in w.members(match.story_id) if m != article_id]
            if apart.isdisjoint(members) and self._accepted(w, mine, members, heard[match.story_id]):
                found.append(match)
        return sorted(found, key=lambda m: (-m.verdict.score, m.story_id))

    def _accepted(self, w: Writer, mine: Text, members: Sequence[int], heard: Mapping[int, Verdict]) -> bool:
        """A chain of small changes must not swallow another story: the founder and others are asked, and most must agree."""
        asked = dict(heard)
        missing = [m for m in dict.fromkeys((*members[:2], *members[-1:])) if m not in asked]
        for member, clipping in w.texts(missing).items():
            asked[member] = judge(mine, self._text(clipping))
        against = sum(v.relation in _CONTRARY and v.score < STRANGE for v in asked.values())
        return against * 2 <= len(asked) - (len(asked) > 1)

    def _decide(self, w: Writer, article_id: int, title: str, current: int | None, matches: Sequence[_Match],
                together: Sequence[int], now: datetime) -> int:
        for other in together:
            story_id = w.story_of(other)
            if story_id is not None:
                if story_id != current:
                    w.join(story_id, Edge(article_id, other, Relation.REPOST, 1.0, "按人工合并"), now)
                return story_id
        if current is not None and (any(m.story_id == current for m in matches) or not matches and w.members(current) == [article_id]):
            return current
        if matches:
            best = matches[0]
            w.join(best.story_id, Edge(article_id, best.parent, best.verdict.relation, best.verdict.score, best.verdict.reason), now)
            return best.story_id
        story_id = w.new_story(title, now)
        w.join(story_id, Edge(article_id, None, Relation.DIFFERENT, 0.0, "本库首见，未见相同稿件"), now)
        return story_id

    def _bridge(self, w: Writer, story_id: int, match: _Match, article_id: int, now: datetime) -> None:
        """The article is a copy of two stories (two cuts of one original, say): the smaller joins the other, unless they contradict."""
        ours, theirs = w.members(story_id), w.members(match.story_id)
        if not theirs:
            return
        both = set(ours), set(theirs)
        for a, b, kind in w.pins([*ours, *theirs]):
            if kind == "split" and ((a in both[0] and b in both[1]) or (a in both[1] and b in both[0])):
                return
        heads = w.texts([next((m for m in ours if m != article_id), article_id), theirs[0]])
        if len(heads) == 2:
            verdict = judge(*map(self._text, heads.values()))
            if verdict.relation in (Relation.SAME_TEMPLATE, Relation.BOILERPLATE_ONLY):
                return
        w.join(story_id, Edge(match.parent, article_id, match.verdict.relation, match.verdict.score, match.verdict.reason), now)
        for edge in list(w.edges(match.story_id)):
            parent = edge.parent if edge.parent is not None else match.parent
            reason = edge.reason if edge.parent is not None else "其稿件与本组相同"
            w.join(story_id, replace(edge, parent=parent, relation=edge.relation if edge.parent is not None else Relation.REPOST,
                                   score=edge.score if edge.parent is not None else match.verdict.score, reason=reason), now)

    def left(self, w: Writer, story_id: int, article_id: int, now: datetime) -> None:
        """Those who joined because of an article that left hang on the story's head; then it is judged anew."""
        members = w.members(story_id)
        if not members:
            return
        head = members[0]
        for edge in list(w.edges(story_id)):
            if edge.parent == article_id:
                w.join(story_id, replace(edge, parent=None if edge.child == head else head), now)
        self.settle(w, story_id)
