"""Where two texts are the same and where they differ: shared passages (moved ones too) and marked spans to show.

Everything is found on the comparison form (`analysis.cleaning`) and mapped back to the printed text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.cleaning import clean

ANCHOR = 6               # characters that must be equal before a passage counts as shared
_FREQUENT = 24           # an anchor standing more often than this starts no passage: bounds the work on repetitive text


@dataclass(frozen=True)
class Block:
    """`a[i:i+length] == b[j:j+length]`, as long as it can be."""

    i: int
    j: int
    length: int


@dataclass(frozen=True)
class Span:
    """A stretch of a printed text: [start, end) and how it stands to the other copy.

    `kind`: same, changed, only (here alone), moved, or aside: what is not compared (punctuation, datelines, credits, notices).
    """

    start: int
    end: int
    kind: str
    other: str = ""                # for `changed`: what the other copy has in its place


@dataclass(frozen=True)
class Differences:
    """Spans of both printed texts in order, without holes, and what was changed in words."""

    a: tuple[Span, ...]
    b: tuple[Span, ...]
    summary: str


def align(a: str, b: str, anchor: int = ANCHOR) -> list[Block]:
    """Shared passages of at least `anchor` characters, in the order of `a`; no character of `a` or `b` belongs to two.

    Greedy string tiling after Wise (1993), one pass: at each place of `a` the longest match is taken, one that goes on where
    the last ended before a farther one of the same length.  Time grows with len(a) + len(b).
    """
    if min(len(a), len(b)) < anchor:
        return []
    grams_a = [a[i:i + anchor] for i in range(len(a) - anchor + 1)]
    grams_b = [b[j:j + anchor] for j in range(len(b) - anchor + 1)]
    common = set(grams_a).intersection(grams_b)
    where: dict[str, list[int]] = {gram: [] for gram in common}
    for j, gram in enumerate(grams_b):
        if gram in common and len(where[gram]) < _FREQUENT:
            where[gram].append(j)
    taken = bytearray(len(b))
    blocks: list[Block] = []
    reached, expected = 0, 0          # in a, in b: where the last passage ended
    for i, gram in enumerate(grams_a):
        if i < reached or gram not in common:
            continue
        best_j, best, ahead = -1, 0, expected + i - reached
        for j in where[gram]:
            if taken[j]:
                continue
            length = _common(a, i, b, j, taken)
            if length > best or (length == best and abs(j - ahead) < abs(best_j - ahead)):
                best_j, best = j, length
        if best >= anchor:
            blocks.append(Block(i, best_j, best))
            taken[best_j:best_j + best] = b"\x01" * best
            reached, expected = i + best, best_j + best
    return blocks


def _common(a: str, i: int, b: str, j: int, taken: bytearray) -> int:
    """How far a[i:] and b[j:] run alike over characters of `b` not yet taken."""
    most = min(len(a) - i, len(b) - j)
    edge = taken.find(1, j, j + most)
    if edge >= 0:
        most = edge - j
    known, step, growing = 0, 16, True
    while step:
        if known + step <= most and a[i + known:i + known + step] == b[j + known:j + known + step]:
            known += step
            step = step * 2 if growing else step // 2
        else:
            growing, step = False, step // 2
    return known


def _spans(length: int, places: Sequence[int], pieces: list[tuple[int, int, str, str]]) -> tuple[Span, ...]:
    """Pieces over the comparison form (start, end, kind, other) as spans of the printed text, without holes."""
    spans: list[Span] = []
    cursor = 0
    for start, end, kind, other in pieces:
        if start == end:
            continue
        first, after = places[start], places[end - 1] + 1
        if first > cursor:
            spans.append(Span(cursor, first, "aside"))
        spans.append(Span(first, after, kind, other))
        cursor = after
    if cursor < length:
        spans.append(Span(cursor, length, "aside"))
    return tuple(spans)


def differences(title_a: str, text_a: str, title_b: str, text_b: str) -> Differences:
    """In what two copies differ, for showing them side by side."""
    a, b = clean(text_a, title_a), clean(text_b, title_b)
    blocks = _whole_figures(align(a.text, b.text), a.text, b.text)
    in_order = _longest_chain(blocks)
    pieces_a = _pieces(a.text, b.text, [(x.i, x.j, x.length) for x in blocks], in_order)
    mirrored = sorted(((x.j, x.i, x.length) for x in blocks))
    pieces_b = _pieces(b.text, a.text, mirrored, {(j, i) for i, j in in_order})
    added = sum(e - s for s, e, kind, _ in pieces_b if kind == "only")
    cut = sum(e - s for s, e, kind, _ in pieces_a if kind == "only")
    changed = sum(1 for *_, kind, _ in pieces_a if kind == "changed")
    moved = sum(1 for *_, kind, _ in pieces_a if kind == "moved")
    notes = []
    if title_a.strip() != title_b.strip():
        notes.append("标题不同")
    notes += [f"{word}{count}{unit}" for word, count, unit in
              (("删去", cut, "字"), ("增加", added, "字"), ("改动", changed, "处"), ("调换位置", moved, "段")) if count]
    return Differences(_spans(len(text_a), a.places, pieces_a), _spans(len(text_b), b.places, pieces_b), "，".join(notes) or "文字相同")


def _whole_figures(blocks: list[Block], a: str, b: str) -> list[Block]:
    """Passages that neither begin nor end within a number: 3128 and 3129 differ as a whole."""
    kept = []
    for x in blocks:
        start, end = 0, x.length
        if (x.i and a[x.i - 1].isdigit()) or (x.j and b[x.j - 1].isdigit()):
            while start < end and a[x.i + start].isdigit():
                start += 1
        if a[x.i + end:x.i + end + 1].isdigit() or b[x.j + end:x.j + end + 1].isdigit():
            while end > start and a[x.i + end - 1].isdigit():
                end -= 1
        if end > start:
            kept.append(Block(x.i + start, x.j + start, end - start))
    return kept


def _longest_chain(blocks: list[Block]) -> set[tuple[int, int]]:
    """The heaviest set of blocks that stand in the same order in both texts; the others were moved."""
    if not blocks:
        return set()
    recent = blocks[:400]
    weight = [x.length for x in recent]
    before = [-1] * len(recent)
    for k, x in enumerate(recent):
        for m in range(k):
            if recent[m].j < x.j and weight[m] + x.length > weight[k]:
                weight[k], before[k] = weight[m] + x.length, m
    k = max(range(len(recent)), key=weight.__getitem__)
    chain = {(x.i, x.j) for x in blocks[400:]}
    while k >= 0:
        chain.add((recent[k].i, recent[k].j))
        k = before[k]
    return chain


def _pieces(mine: str, other: str, blocks: list[tuple[int, int, int]],
            in_order: set[tuple[int, int]]) -> list[tuple[int, int, str, str]]:
    """The whole of `mine` cut at the blocks: (start, end, kind, what stands there in `other`)."""
    pieces: list[tuple[int, int, str, str]] = []
    cursor, reached = 0, 0
    for i, j, length in blocks:
        ordered = (i, j) in in_order
        gap = other[reached:j] if ordered and reached <= j else ""
        if i > cursor:
            pieces.append((cursor, i, "changed" if 0 < len(gap) <= 60 and i - cursor <= 60 else "only", gap if len(gap) <= 60 else ""))
        pieces.append((i, i + length, "same" if ordered else "moved", ""))
        cursor = i + length
        if ordered:
            reached = j + length
    if cursor < len(mine):
        pieces.append((cursor, len(mine), "only", ""))
    return pieces
