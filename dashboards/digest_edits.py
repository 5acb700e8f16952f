"""What editors do to a digest, put over the facts when it is drawn: pieces left out, moved, listed elsewhere, annotated, a lead.  No
number changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from model.digest import EDITS, TOP, Digest, DigestEdit, DigestItem

MOST_LEAD, MOST_NOTE = 2000, 400   # characters


def edited(digest: Digest, edits: Iterable[DigestEdit]) -> Digest:
    """`edits` oldest first.  One that names a piece that is not in the digest is passed over here and told of by the checks."""
    items, own = list(digest.items), list(digest.own_items)
    left_out, notes, placed, lead = set(digest.left_out), dict(digest.notes), dict(digest.placed), digest.lead
    for edit in edits:
        if edit.what == "lead":
            lead = edit.value
        elif edit.what == "note":
            notes.pop(edit.target, None)
            if edit.value:
                notes[edit.target] = edit.value
        elif edit.what == "leave_out":
            left_out.add(edit.target)
        elif edit.what == "take_back":
            left_out.discard(edit.target)
        elif edit.what == "under":
            placed.pop(edit.target, None)
            if edit.value:
                placed[edit.target] = edit.value
        elif edit.what == "move":
            for held in (items, own):
                _move(held, edit.target, int(edit.value), placed)
    return replace(digest, items=tuple(items), own_items=tuple(own), left_out=frozenset(left_out), notes=notes, placed=placed, lead=lead)


def _move(items: list[DigestItem], article_id: int, place: int, placed: dict[int, str]) -> None:
    """To the `place` (from 1) among the pieces that are listed with it; beyond the end: to the end."""
    item = next((i for i in items if i.article_id == article_id), None)
    if item is None:
        return
    items.remove(item)
    shelf = placed.get(article_id, item.class_id)
    same = [at for at, i in enumerate(items) if placed.get(i.article_id, i.class_id) == shelf]
    items.insert(same[place - 1] if place <= len(same) else (same[-1] + 1 if same else len(items)), item)


def refused(digest: Digest, what: str, target: int, value: str) -> str:
    """Why an editor's change cannot be taken, "" when it can."""
    if what not in EDITS:
        return "没有这种编辑操作"
    if what == "lead":
        return f"导语最多{MOST_LEAD}字" if len(value) > MOST_LEAD else ""
    if not any(i.article_id == target for i in (*digest.items, *digest.own_items)):
        return "这篇稿件不在本期"
    if what == "under":
        if value not in ("", TOP, *(c.class_id for c in digest.classes)):
            return "没有这个类别"
        return "自有平台的稿件另行统计，不列入其他部分" if any(i.article_id == target for i in digest.own_items) else ""
    if what == "note" and len(value) > MOST_NOTE:
        return f"按语最多{MOST_NOTE}字"
    if what == "move" and not (value.isascii() and value.isdigit() and 1 <= int(value) <= 100_000):
        return "位置须是从1起的数字"
    return ""
