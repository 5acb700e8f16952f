"""A `Query` in Elasticsearch's words: the same hits in the same order as the record's own search."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from model.search import Query
from pipelines.store.codec import micros
from pipelines.store.typed import Phrase, Typed

_FILTERS = (("outlet_id", "outlets"), ("tier", "tiers"), ("label", "labels"), ("units", "units"))
_NEWEST = [{"sort_at": "desc"}, {"id": "desc"}]
LONGEST = 255                      # characters of a token the server keeps together
MOST_HELD = 40                     # words that are looked for letter by letter in one request
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")


def request(query: Query, asked: Typed) -> dict[str, Any]:
    """The body of a search, without its page."""
    ranked = query.ranked and bool(asked.wanted)
    clauses: dict[str, Any] = {"filter": _filters(query), "must_not": [_phrase(p) for p in asked.unwanted]}
    clauses["must" if ranked else "filter"] = [*clauses.get("must" if ranked else "filter", ()), *map(_phrase, asked.wanted)]
    return {"query": {"bool": clauses}, "sort": [{"_score": "desc"}, *_NEWEST] if ranked else _NEWEST, "source": False,
            "docvalue_fields": ["id"], "track_total_hits": True}


def _phrase(tokens: Phrase) -> dict[str, Any]:
    """The tokens stand one after another in the title, which weighs eight, or in the text."""
    words = " ".join(t[:LONGEST] for t in tokens)
    return {"dis_max": {"queries": [{"match_phrase": {"title": {"query": words, "boost": 8}}}, {"match_phrase": {"text": {"query": words}}}]}}


def _filters(query: Query) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"terms": {field: [str(v) for v in values]}} for field, name in _FILTERS if (values := getattr(query, name))]
    if query.since is not None or query.until is not None:
        span = {name: micros(at) for name, at in (("gte", query.since), ("lt", query.until)) if at is not None}
        found.append({"range": {"sort_at": span}})
    if query.firsts_only:
        found.append({"term": {"is_first": True}})
    return found


def counts_request(query: Query, asked: Typed, most: int) -> dict[str, Any]:
    """How many hits by day, tier, label, outlet and unit: no hits themselves."""
    body = request(query, asked)
    terms = {name: {"terms": {"field": name, "size": most}} for name in ("tier", "label", "outlet_id", "units")}
    days = {"date_histogram": {"field": "day", "calendar_interval": "day", "min_doc_count": 1, "format": "strict_date"}}
    return {"query": body["query"], "size": 0, "track_total_hits": True, "aggs": {**terms, "day": days}}


def holding(words: Collection[str], since: datetime, until: datetime) -> dict[str, Any] | None:
    """Clippings of a span that hold one of `words` (folded) anywhere, also across tokens, and some more; None: not to be asked.

    Two letters that stand side by side in a text are in one token, or one ends a token and the other begins one.
    """
    pairs = [dict.fromkeys(a + b for run in _HAN.findall(word) for a, b in zip(run, run[1:])) for word in words]
    if not pairs or len(pairs) > MOST_HELD or not all(pairs):
        return None
    any_of = [{"bool": {"filter": [_side_by_side(*pair) for pair in one]}} for one in pairs]
    return {"query": {"bool": {"filter": [*_filters(Query(since=since, until=until)), {"bool": {"should": any_of}}]}}, "sort": _NEWEST, "source": False,
            "docvalue_fields": ["id"], "track_total_hits": True}


def _side_by_side(first: str, second: str) -> dict[str, Any]:
    either: list[dict[str, Any]] = []
    for field in ("title", "text"):
        either.append({"wildcard": {field: {"value": f"*{first}{second}*"}}})
        either.append({"bool": {"filter": [{"wildcard": {field: {"value": f"*{first}"}}}, {"prefix": {field: {"value": second}}}]}})
    return {"bool": {"should": either}}
