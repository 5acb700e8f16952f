"""Where things stand in an article: its sentences, and in them the terms of a vocabulary, health bodies and units."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analysis.bodies import AUTHORITY, GENERIC, PROVIDER, Body, bodies
from analysis.document import Find
from analysis.sentences import Sentence, split
from analysis.words import Folded, fold
from model.mention import Mention

_AUTHORITY_END = re.compile("(?:委|局|厅|委员会|疾控中心|预防控制中心|监督所|红十字会|会)$")


@dataclass(frozen=True, slots=True)
class Page:
    """An article as every vocabulary reads it.  `of`: title, text and mentions; `units`: folded start, end and id of those named with certainty."""

    of: tuple[str, str, Sequence[Mention]]
    original: str
    folded: Folded
    title_end: int
    sentences: Sequence[Sentence]
    units: Sequence[tuple[int, int, str]]


def page(title: str, text: str, mentions: Sequence[Mention]) -> Page:
    original = title + "\n" + text
    folded = fold(original)
    title_end = len(fold(title).text) if folded.starts else len(title)
    return Page((title, text, mentions), original, folded, title_end, split(folded.text, title_end), _unit_spans(folded, mentions))


def by_sentence(places: Sequence[tuple[int, int, int]], sentences: Sequence[Sentence], read: Sequence[Sequence[tuple[str, str, str]]],
                masking: Collection[int]) -> tuple[list[dict[str, list[Find]]], set[int], set[int]]:
    """What is read of each sentence by its role, and the numbers of the terms in the title and in the text.

    `places`: (start, end, number) as `Terms.places` gives them; `read`: (role, term, topic) by that number; `masking`: numbers of masking
    phrases: what lies in one of them is not told among the numbers.
    """
    roles: list[dict[str, list[Find]]] = [{} for _ in sentences]
    numbers: tuple[set[int], set[int]] = set(), set()
    at, last, masked = 0, len(sentences) - 1, 0
    own, held, stop = roles[0], numbers[not sentences[0].is_title], sentences[0].end
    for start, end, n in places:
        while start >= stop and at < last:
            at += 1
            own, held, stop = roles[at], numbers[not sentences[at].is_title], sentences[at].end
        if end <= stop:
            if n in masking:
                held.add(n)
                masked = max(masked, end)
            elif end > masked:         # masks come in order, each before what lies in it
                held.add(n)
            for role, term, topic in read[n]:
                if role in own:
                    own[role].append((start, end, term, topic))
                else:
                    own[role] = [(start, end, term, topic)]
    return roles, *numbers


def placed(things: Sequence[tuple[int, object]], sentences: Sequence[Sentence]) -> list[list]:
    """Things by the sentence they start in; `things`: (folded start, thing)."""
    held: list[list] = [[] for _ in sentences]
    at, last = 0, len(sentences) - 1
    for start, thing in sorted(things, key=lambda t: t[0]):
        while at < last and start >= sentences[at].end:
            at += 1
        held[at].append(thing)
    return held


def bodies_of(page: Page, ends: Sequence[tuple[int, int, str, str]], company_words: Sequence[str]) -> list[tuple[Body, str]]:
    """Bodies of the text in order, those that are units with their id; `ends`: as `bodies.bodies` takes them."""
    text, units = page.folded.text, page.units
    read = bodies(text, ends, page.title_end, company_words)
    if not units:
        return [(b, "") for b in read]
    named: list[tuple[Body, str]] = []
    for start, end, unit in units:
        over = [b for b in read if b.start < end and start < b.end]
        kind = next((b.kind for b in over if b.kind != GENERIC), AUTHORITY if _AUTHORITY_END.search(text[start:end]) else PROVIDER)
        named.append((Body(start, max([end] + [b.end for b in over]), text[start:end], kind, True), unit))
    free = [(b, "") for b in read if not any(b.start < end and start < b.end for start, end, _ in units)]
    return sorted(named + free, key=lambda pair: pair[0].start)


def _unit_spans(folded: Folded, mentions: Sequence[Mention]) -> list[tuple[int, int, str]]:
    """Folded spans of the units named with certainty."""
    spans = []
    for m in mentions:
        if m.unit_id and m.certain and m.end > m.start:
            start = m.start if not folded.starts else _refold(folded, m.start)
            spans.append((start, start + len(fold(m.surface).text), m.unit_id))
    return sorted(spans)


def _refold(folded: Folded, original: int) -> int:
    """The folded offset of an original one."""
    low, high = 0, len(folded.text)
    while low < high:
        middle = (low + high) // 2
        if folded.origin(middle) < original:
            low = middle + 1
        else:
            high = middle
    return low
