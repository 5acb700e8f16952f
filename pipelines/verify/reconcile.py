"""Claimed and found, claimed only, found only: what units forgot to claim, and what our crawl missed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from model.claim import Claim, Reconciled, Verdict
from model.clipping import Clipping
from model.outlet import Tier


def reconcile(claims: Iterable[Claim], found: Sequence[Clipping], crawled: Collection[int], unit_ids: Iterable[str]) -> list[Reconciled]:
    """One line a unit, in the order given.  `found`: the period's clippings; `crawled`: articles that the crawl fetched by itself.

    Found counts a first publication outside own platforms that names the unit for certain; claimed means a claim of the unit, of any
    verdict, on the article or its story.
    """
    held = list(claims)
    lines = []
    for unit_id in unit_ids:
        mine = [c for c in held if c.unit_id == unit_id]
        verified = [c for c in mine if c.standing is Verdict.VERIFIED]
        both = tuple(c.id for c in verified if c.finding.article_id in crawled)
        articles = {c.finding.article_id for c in mine} - {None}
        stories = {c.finding.story_id for c in mine} - {None}
        forgotten = tuple(p.id for p in found if p.is_first and p.tier != Tier.OWN.value and unit_id in p.unit_ids and p.id in crawled
                          and p.id not in articles and not (p.story and p.story.id in stories))
        lines.append(
            Reconciled(
                unit_id, both, tuple(c.id for c in verified if c.id not in both), tuple(c.id for c in mine if c not in verified), forgotten
            )
        )
    return lines
