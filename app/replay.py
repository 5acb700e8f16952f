"""Saved pages through the same door as fetched ones: archived and queued first, then worked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from app.house import House
from model.page import Page
from pipelines.archive_pages import iterate
from pipelines.owner import owner

BATCH = 100


def replay(house: House, files: Sequence[Path], progress: Callable[[int], None] = lambda n: None) -> int:
    """Archive and queue every page of the WARC files; returns how many."""
    pages, total = iter(iterate(files)), 0
    while batch := list(islice(pages, BATCH)):
        kept = [(page, house.archive.append(page)) for page in (_owned(house, p) for p in batch)]
        house.archive.flush()
        house.store.enqueue(kept, house.clock.now())
        total += len(batch)
        progress(len(batch))
    return total


def _owned(house: House, page: Page) -> Page:
    outlet = owner(house.bureau(), page.url)
    return replace(page, outlet_id=outlet.id if outlet else "", source_id="replay")
