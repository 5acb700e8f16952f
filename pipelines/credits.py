"""Credits: the ledger is made equal to what a story deserves now, by new rows and counter-entries, never by change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from analysis.scoring import Draft, points, score
from model.credit import LedgerRow, Scheme
from model.ports import Store


def reconcile(store: Store, story_id: int, scheme_on: Callable[[str], Scheme | None], now: datetime) -> int:
    """Append what is missing and counter what no longer holds for one story; returns the number of rows added.

    Doing it twice adds nothing.  Rows made by a person or from a claim are left alone.
    """
    with store.write() as w:
        rows = [r for r in w.ledger_of_story(story_id) if r.origin == "crawl"]
        countered = {r.corrects for r in rows if r.corrects}
        standing = {_key(r): r for r in rows if not r.corrects and r.id not in countered}
        wanted = {d.key: d for d in score(w.story_clippings([story_id]), scheme_on)}
        gone = [row for key, row in standing.items() if key not in wanted]
        new = [draft for key, draft in wanted.items() if key not in standing]
        for row in gone:
            w.add_ledger(replace(row, id=0, at=now, cents=-row.cents, corrects=row.id, arithmetic=f"冲销 {points(row.cents)}",
                                 reason=f"冲销第{row.id}号：首发或涉及单位的认定已变更"))
        for draft in new:
            w.add_ledger(_row(draft, story_id, now))
        return len(gone) + len(new)


def _key(row: LedgerRow) -> tuple:
    return (row.unit_id, row.article_id, row.scheme, row.class_id, row.cents, row.period)


def _row(d: Draft, story_id: int, now: datetime) -> LedgerRow:
    return LedgerRow(0, now, d.unit_id, d.article_id, story_id, d.scheme, d.class_id, d.class_name, d.cents, d.period, d.arithmetic, d.reason,
                     "crawl", d.person)
