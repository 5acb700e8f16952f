"""Marks the places in which two copies differ, for showing them side by side.  Values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from model.ports_stories import SpanView

from dashboards.marks import Run

LONGEST_TITLE = 300                # characters compared one by one
ASIDE = 4                          # characters not compared from which on they are shown so: not every comma


def paragraphs(text: str, spans: Sequence[SpanView]) -> list[list[Run]]:
    """The text as paragraphs of runs; `kind` is that of the span, "" for what is the same, `why` the tooltip."""
    found: list[list[Run]] = [[]]
    for span in spans:
        quiet = span.kind == "same" or span.kind == "aside" and span.end - span.start < ASIDE
        for n, piece in enumerate(text[span.start:span.end].split("\n")):
            if n:
                found.append([])
            if piece:
                found[-1].append(Run(piece) if quiet else Run(piece, f"d-{span.kind}", _why(span)))
    return [runs for runs in found if any(r.text.strip() for r in runs)]


def _why(span: SpanView) -> str:
    if span.kind == "changed":
        return f"对方作：{span.other}"
    return {"only": "对方没有这一段", "moved": "对方在另一处", "aside": "电头、署名、标点等，不参与比较"}.get(span.kind, "")


def titles(a: str, b: str) -> tuple[list[Run], list[Run]]:
    """Both titles with what is only in one of them marked."""
    if max(len(a), len(b)) > LONGEST_TITLE:
        kind = "" if a == b else "d-changed"
        return [Run(a, kind)], [Run(b, kind)]
    ours, theirs = [], []
    for what, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        kind = "" if what == "equal" else "d-changed" if what == "replace" else "d-only"
        ours.append(Run(a[i:j], kind))
        theirs.append(Run(b[k:m], kind))
    return [r for r in ours if r.text], [r for r in theirs if r.text]


def retitled(source: str, title: str) -> list[Run]:
    """A title with what is other than in its source marked; nothing when it is the same or another title altogether."""
    if source == title or max(len(source), len(title)) > LONGEST_TITLE:
        return []
    runs = titles(source, title)[1]
    kept = sum(len(r.text) for r in runs if not r.kind)
    return runs if kept * 2 >= len(title) else []
