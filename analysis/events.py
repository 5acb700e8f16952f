"""Stories about the same happening, joined for alerts: by names, words, places and time.  Never a statement about copying."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from math import log, sqrt

from analysis.cleaning import clean, clean_title, fold
from analysis.rarity import rarity
from analysis.words import cut
from model.clipping import Clipping

HEAD = 600               # characters of the body that are read: what a happening is stands at its beginning
WORDS = 60               # heaviest words kept of a story
TITLE = 3                # a word of the title counts as often as this
JOIN = 0.12              # likeness from which a story belongs to a happening of the stream
SAME = 0.20              # likeness from which a story feeds an open incident
QUIET = timedelta(days=60)     # after this much quiet a happening has lost a quarter of its likeness; never more than half
SAME_UNITS, OTHER_UNIT = 1.3, 0.55    # what it does to the likeness that one names no unit besides the other's, or none in common
MOST = 200               # copies of an incident that are read
_WORD = re.compile(r"[一-鿿]{2,}|[a-z][a-z0-9]+")


@dataclass(frozen=True)
class Joined:
    """The event a story was put into; `reason` in Chinese with the words that decided."""

    event_id: int
    likeness: float
    new: bool
    reason: str


def words_of(title: str, text: str, names: Iterable[str] = ()) -> dict[str, float]:
    """The words of a story with their weight, heaviest first, of length 1 as a vector: how often (the title several times) × how rare.

    `names`: names that are left out, those of our own units, which stand in every story alike.
    """
    counted: Counter[str] = Counter()
    known = sorted({fold(n) for n in names} - {""}, key=len, reverse=True)
    for source, times in ((clean_title(title), TITLE), (clean(text[:2 * HEAD], title).text[:HEAD], 1)):
        for name in known:
            source = source.replace(name, "\n")
        for word in cut(source):
            if _WORD.fullmatch(word):
                counted[word] += times
    weighed = {w: (1 + log(n)) * rarity(w) for w, n in counted.items()}
    kept = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:WORDS]
    norm = sqrt(sum(v * v for _, v in kept)) or 1.0
    return {w: v / norm for w, v in kept}


@dataclass
class _Event:
    """The sum of its stories' word vectors."""

    id: int
    sums: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    norm: float = 0.0
    units: set[str] = field(default_factory=set)
    last: datetime | None = None

    def add(self, weights: Mapping[str, float], units: Iterable[str], published: datetime | None) -> None:
        for word, value in weights.items():
            self.sums[word] += value
        self.norm = sqrt(sum(v * v for v in self.sums.values()))
        self.units |= set(units)
        self.last = max((t for t in (self.last, published) if t), default=None)

    def likeness(self, weights: Mapping[str, float], units: set[str], published: datetime | None) -> float:
        """Cosine of the vectors, moved by the units and by how long it has been quiet; 0..1."""
        if not self.norm:
            return 0.0
        likeness = sum(v * self.sums.get(w, 0.0) for w, v in weights.items()) / self.norm
        if units and self.units:
            likeness *= OTHER_UNIT if not units & self.units else SAME_UNITS if units <= self.units or self.units <= units else 1.0
        if published and self.last and published > self.last:
            likeness *= (1 + 0.5 ** ((published - self.last) / QUIET)) / 2
        return min(1.0, likeness)

    def shared(self, weights: Mapping[str, float], most: int = 5) -> list[str]:
        """The words that make it alike, heaviest first."""
        return sorted((w for w in weights if w in self.sums), key=lambda w: (-weights[w] * self.sums[w], w))[:most]


class EventIndex:
    """Online: each story is compared with the happenings known so far and joins the likest, or opens one."""

    def __init__(self, join: float = JOIN):
        self.join = join
        self.events: dict[int, _Event] = {}
        self.by_word: dict[str, set[int]] = defaultdict(set)

    def add(self, title: str, text: str, units: Iterable[str] = (), published: datetime | None = None) -> Joined:
        weights, units = words_of(title, text), set(units)
        tried = Counter(event_id for word in weights for event_id in self.by_word[word])
        best, best_id = 0.0, 0
        for event_id, _ in sorted(tried.items(), key=lambda item: (-item[1], item[0]))[:60]:
            likeness = self.events[event_id].likeness(weights, units, published)
            if likeness > best:
                best, best_id = likeness, event_id
        new = best < self.join
        event = _Event(len(self.events) + 1) if new else self.events[best_id]
        shared = event.shared(weights)
        event.add(weights, units, published)
        self.events[event.id] = event
        for word in weights:
            self.by_word[word].add(event.id)
        return Joined(event.id, best, new, "此前没有相似的报道" if new else f"同说“{'、'.join(shared)}”，相似度{100 * best:.0f}%")


def b_cubed(said: Mapping[Hashable, Hashable], labelled: Mapping[Hashable, Hashable]) -> tuple[float, float, float]:
    """(precision, recall, F1) of a grouping after Bagga and Baldwin (1998), over the items of `labelled`."""
    groups, classes = defaultdict(set), defaultdict(set)
    for item in labelled:
        groups[said[item]].add(item)
        classes[labelled[item]].add(item)
    precision = recall = 0.0
    for item in labelled:
        both = len(groups[said[item]] & classes[labelled[item]])
        precision += both / len(groups[said[item]])
        recall += both / len(classes[labelled[item]])
    precision, recall = precision / len(labelled), recall / len(labelled)
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def same_event(clipping: Clipping, copies: Sequence[Clipping]) -> tuple[float, str]:
    """How like is a clipping to the happening of these copies?  (0..1, 0 where it is another one; why in words)"""
    if not copies:
        return 0.0, "没有可比的报道"
    if clipping.story and any(c.story and c.story.id == clipping.story.id for c in copies):
        return 1.0, "与该事件已有稿件为同一篇"
    event = _Event(0)
    told: set[int] = set()
    for copy in copies[:MOST]:
        story = copy.story.id if copy.story else -copy.id
        if story not in told:              # one voice a story, however often it was reposted
            told.add(story)
            event.add(_words(copy), copy.unit_ids, copy.article.published or copy.first_seen)
    mine = _words(clipping)
    likeness = event.likeness(mine, set(clipping.unit_ids), clipping.article.published or clipping.first_seen)
    why = f"同说“{'、'.join(event.shared(mine))}”，相似度{100 * likeness:.0f}%"
    common = set(clipping.unit_ids) & event.units
    return likeness if likeness >= SAME else 0.0, why + (f"，同涉{len(common)}个单位" if common else "")


def _words(clipping: Clipping) -> Mapping[str, float]:
    return _kept_words(clipping.article.title, clipping.article.text[:2 * HEAD], frozenset(m.surface for m in clipping.mentions))


@lru_cache(maxsize=2048)
def _kept_words(title: str, head: str, names: frozenset[str]) -> Mapping[str, float]:
    """The pieces of open incidents are compared with every piece that comes: their words are cut once."""
    return words_of(title, head, names)
