"""Marks a text: which characters named a unit, which words decided, which words were cancelled.  Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model.clipping import Clipping
from model.opinion import Hit, Judgement


@dataclass(frozen=True)
class Run:
    """A stretch of text with the same marks; `kind` is "" | unit | doubt | word | hint | off, `why` the tooltip."""

    text: str
    kind: str = ""
    why: str = ""


_ORDER = ("word", "doubt", "unit", "hint", "off")          # what is shown when marks lie on one another


def spans(clipping: Clipping) -> list[tuple[int, int, str, str]]:
    """(start, end, kind, why) over title + "\\n" + text."""
    found = [(m.start, m.end, "unit" if m.unit_id else "doubt", m.how) for m in clipping.mentions]
    for judgement in clipping.judgements:
        found += [(h.start, h.end, *_weight(h, judgement)) for h in judgement.hits]
    return found


def _weight(hit: Hit, judgement: Judgement) -> tuple[str, str]:
    """(kind, why): a word that decided, one that was found beside it, or one that something turned neutral."""
    if hit.cancelled:
        return "off", f"已排除：{hit.cancelled}"
    return ("word", f"判定词：{hit.term}") if hit.term in judgement.words else ("hint", f"相关词：{hit.term}")


def cut(text: str, marks: Iterable[tuple[int, int, str, str]], offset: int = 0) -> list[Run]:
    """`text` (which starts at `offset` of the marked whole) as runs; marks outside or inside out are left away."""
    inside = sorted({(max(0, s - offset), min(len(text), e - offset), kind, why)
                     for s, e, kind, why in marks if s - offset < len(text) and e - offset > 0 and s < e})
    edges = sorted({0, len(text), *(s for s, *_ in inside), *(e for _, e, *_ in inside)})
    runs: list[Run] = []
    for start, end in zip(edges, edges[1:]):
        over = [m for m in inside if m[0] <= start and end <= m[1]]
        best = min(over, key=lambda m: _ORDER.index(m[2])) if over else None
        why = "；".join(dict.fromkeys(m[3] for m in over if m[3]))
        runs.append(Run(text[start:end], best[2] if best else "", why))
    return runs


def marked(clipping: Clipping) -> tuple[list[Run], list[list[Run]]]:
    """(runs of the title, runs of each paragraph)."""
    marks, title = spans(clipping), clipping.article.title
    position, paragraphs = len(title) + 1, []
    for paragraph in clipping.article.text.split("\n"):
        if paragraph.strip():
            paragraphs.append(cut(paragraph, marks, position))
        position += len(paragraph) + 1
    return cut(title, marks), paragraphs
