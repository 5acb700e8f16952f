"""Claimed against found, unit by unit: what units forgot to claim, what the crawl missed, and how much of the truth the crawl holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from analysis.periods import SHANGHAI, day_of
from model.circular import Matched, Reconciliation
from model.claim import Claim, Verdict, period
from model.clipping import Clipping
from model.opinion import Label
from model.outlet import Tier
from model.ports import Store
from pipelines.circulars import handed_in


def reconciliation(store: Store, name: str) -> Reconciliation:
    """Both, claimed only and found only.  Rejected claims are no publications and are left out."""
    span = period(name)
    since, until = (datetime.combine(day, time(), SHANGHAI) for day in (span.first, span.last + timedelta(days=1)))
    found = [c for c in store.clippings_between(since, until) if c.is_first and c.tier != Tier.OWN]
    claims = [c for c in handed_in(store, span) if c.standing is not Verdict.REJECTED]
    crawled = store.crawled([*{c.id for c in found} | {c.finding.article_id for c in claims if c.finding.article_id}])
    return compare(name, claims, [c for c in found if c.id in crawled], crawled)


def compare(name: str, claims: Sequence[Claim], found: Sequence[Clipping], crawled: Collection[int] = ()) -> Reconciliation:
    """A claim and a clipping are one publication when the claim was verified on that article or on its story, or stands on its address.

    `found` and `crawled` (article ids) are what the crawl fetched by itself: a page that only a claim led us to was missed.
    """
    by_article = {c.id: c for c in found}
    by_story = {c.story.id: c for c in found if c.story}
    by_address = {c.article.canonical: c for c in found}
    rows, taken = [], set()
    for claim in claims:
        mine = claim.finding
        clipping = by_article.get(mine.article_id or 0) or by_story.get(mine.story_id or 0) or by_address.get(mine.url)
        url = mine.url or (claim.row.urls[0] if claim.row.urls else "")
        held = clipping.id if clipping else mine.article_id if mine.article_id in crawled else 0
        rows.append(Matched(claim.unit_id, "both" if held else "claimed", claim.row.title, claim.row.outlet, claim.row.day, url,
                            held or mine.article_id or 0, claim.id, claim.standing is Verdict.VERIFIED and bool(url)))
        if clipping:
            taken.add((claim.unit_id, clipping.id))
    for clipping in found:
        bad = {j.unit_id for j in clipping.judgements if j.label is Label.NEGATIVE}
        for unit in clipping.unit_ids:
            if (unit, clipping.id) not in taken and unit not in bad:
                rows.append(Matched(unit, "found", clipping.article.title, clipping.outlet_name, day_of(clipping.article.published or clipping.first_seen),
                                    clipping.article.url, clipping.id))
    order = {"both": 0, "claimed": 1, "found": 2}
    return Reconciliation(name, tuple(sorted(rows, key=lambda r: (r.unit_id, order[r.state], r.day, r.title))))
