"""The order of reading, written once: text, liveness, body, title, time, source, people, pictures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Mapping

from model.article import Article, Signal
from model.errors import Drop
from model.outlet import Outlet
from model.page import Page
from pipelines import urls
from pipelines.decode import decode
from pipelines.extract import body as bodies
from pipelines.extract import bylines, published, source, title
from pipelines.extract.candidates import Candidate
from pipelines.extract.document import Document


@dataclass(frozen=True)
class Explanation:
    """`candidates`: per field what was considered, the chosen first; `article` None when `verdict` says why there is none."""

    url: str
    article: Article | None
    verdict: str
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)


def read(page: Page, outlet: Outlet | None = None, now: datetime | None = None) -> Article:
    """The article of a page.  Raises `Drop` (NOT_ARTICLE, GONE, REFUSED), `Retry` (BLOCKED) or `Quarantine`."""
    return _read(page, outlet, now, {})


def explain(page: Page, outlet: Outlet | None = None, now: datetime | None = None) -> Explanation:
    """The same reading with its candidates kept; a decision is told, not raised."""
    held: dict[str, list[Candidate]] = {}
    try:
        article = _read(page, outlet, now, held)
        verdict = "稿件"
    except Exception as error:
        from model.errors import Decision
        if not isinstance(error, Decision):
            raise
        article, verdict = None, f"{error.status.label}：{error.reason}"
    return Explanation(page.url, article, verdict, {k: tuple(v[:12]) for k, v in held.items()})


def _read(page: Page, outlet: Outlet | None, now: datetime | None, held: dict[str, list[Candidate]]) -> Article:
    decoded = decode(page.body, page.headers)
    doc = Document(decoded.text)
    fetched = now or page.fetched_at
    found = bodies.find(doc)
    titles = title.candidates(doc, found, page.hint.get("title", ""))
    if not titles or not found.blocks:
        raise Drop("没有标题或正文")
    chosen = titles[0]
    found = bodies.trim(doc, found, str(chosen.value))
    title_at = max((c.at for c in titles if c.value == chosen.value), default=-1)
    times = published.candidates(doc, found, page.url, title_at, fetched, page.hint.get("published", ""))
    date_at = times[0].at if times else -1
    sources = source.candidates(doc, found, title_at, date_at, str(chosen.value))
    lines = bodies.lines(found)
    people, origins = bylines.collect(doc, found, title_at, lines)
    held.update(title=titles, published=times, source=sources)
    signals: dict[str, Signal] = {"title": chosen.signal(), "text": Signal(found.origin, found.score)}
    when = times[0] if times and times[0].score >= 0.4 else None
    if when:
        signals["published"] = when.signal()
    if sources:
        signals["source"] = sources[0].signal()
    if origins:
        signals["people"] = Signal("、".join(dict.fromkeys(origins)))
    return Article(
        url=page.url, canonical=urls.canonical(page.url), title=str(chosen.value), text="\n".join(bodies.clean(found, lines)),
        published=when.value.at if when else None, precision=when.value.precision if when else "",
        source=str(sources[0].value) if sources else "", people=tuple(people), dateline=bylines.dateline(lines),
        original_title=bylines.original_title(lines), reposted_from=bylines.reposted_from(lines),
        page_no=page.hint.get("page_no", ""), page_name=page.hint.get("page_name", ""), position=page.hint.get("position", ""),
        encoding=decoded.encoding, damaged=decoded.damaged, signals=signals, identity=urls.identity(page.url))


def join(first: Article, *rest: Article) -> Article:
    """One article of its continued pages, in order; the first page's fields stand, people and pictures are added."""
    seen = set(first.text.split("\n"))
    lines = [first.text]
    people, images = list(first.people), list(first.images)
    for part in rest:
        fresh = [line for line in part.text.split("\n") if line not in seen]
        seen.update(fresh)
        lines += fresh
        people += [p for p in part.people if p not in people]
        images += [i for i in part.images if i not in images]
    return replace(first, text="\n".join(lines), people=tuple(people), images=tuple(images))
