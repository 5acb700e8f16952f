"""The order of reading, written once: text, liveness, body, title, time, source, people, pictures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Mapping

from model.article import Article, Image, Person
from model.errors import Decision, Drop, Quarantine, Retry
from model.outlet import Outlet
from model.page import Page, PageStatus
from pipelines import urls
from pipelines.decode import decode
from pipelines.extract import body as bodies
from pipelines.extract import (
    bylines,
    defaced,
    embedded,
    epaper,
    headings,
    images,
    liveness,
    overrides,
    published,
    source,
    title,
    trimming,
    wechat,
)
from pipelines.extract.candidates import Candidate
from pipelines.extract.credits import people as listed
from pipelines.extract.document import Document
from pipelines.extract.draft import Draft
from pipelines.extract.finished import finish
from pipelines.extract.headline import fold, tidy
from pipelines.extract.moments import ZONE, parse


@dataclass(frozen=True)
class Explanation:
    """`candidates`: per field what was considered, the chosen first; `article` None when `verdict` says why there is none."""

    url: str
    article: Article | None
    verdict: str
    status: PageStatus | None = None         # of the verdict
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)


def read(page: Page, outlet: Outlet | None = None, now: datetime | None = None) -> Article:
    """The article of a page.  Raises `Drop` (NOT_ARTICLE, GONE, REFUSED), `Retry` (BLOCKED) or `Quarantine`.

    昨天 is read against `page.fetched_at`, and no time beyond it is believed; `now` only bounds a fetch time that lies ahead of the clock.
    """
    return _read(page, outlet, now, {})


def explain(page: Page, outlet: Outlet | None = None, now: datetime | None = None) -> Explanation:
    """The same reading with its candidates kept; a decision is told, not raised."""
    held: dict[str, list[Candidate]] = {}
    article, verdict, status = None, "稿件", None
    try:
        article = _read(page, outlet, now, held)
    except Decision as decision:
        status, verdict = decision.status, f"{decision.status.label}：{decision.reason}"
    return Explanation(page.url, article, verdict, status, {name: tuple(found[:12]) for name, found in held.items()})


def join(first: Article, *rest: Article) -> Article:
    """One article of its continued pages, in order: the first page's fields stand, text, people and pictures are added."""
    lines = first.text.split("\n")
    seen = set(lines)
    people, pictures = list(first.people), list(first.images)
    for part in rest:
        fresh = [line for line in part.text.split("\n") if line not in seen]
        seen.update(fresh)
        lines += fresh
        people += [p for p in part.people if p not in people]
        pictures += [i for i in part.images if i not in pictures]
    last = rest[-1].next_part if rest else first.next_part
    return replace(first, text="\n".join(lines), people=tuple(people), images=tuple(pictures), next_part=last)


def _read(page: Page, outlet: Outlet | None, now: datetime | None, held: dict[str, list[Candidate]]) -> Article:
    liveness.check_status(page)
    draft = _opened(page, outlet, now)
    _find_body(draft)
    _find_title(draft)
    _clean(draft)
    _find_time(draft)
    _find_source(draft)
    held.update(title=draft.titles, published=draft.times, source=draft.sources)
    _judge(draft)
    _find_text_and_people(draft)
    _find_pictures(draft)
    return finish(draft)


def _opened(page: Page, outlet: Outlet | None, now: datetime | None) -> Draft:
    """Bytes to a document, and what is known of it beforehand: the outlet's own selectors, a WeChat post's own fields."""
    decoded = decode(page.body, page.headers)
    doc = Document(decoded.text)
    try:
        told = overrides.apply(doc.markup, doc.tree, outlet, page.fetched_at.astimezone(ZONE).date())
    except ValueError as error:
        raise Quarantine(str(error)) from error
    draft = Draft(page, decoded, doc, urls.absolute(page.url, doc.base) or page.url if doc.base else page.url,
                  min(now, page.fetched_at) if now else page.fetched_at, told)
    if wechat.is_post(doc, page.url):
        wechat.check(doc)
        draft.post = wechat.fields(doc)
    return draft


def _find_body(draft: Draft) -> None:
    doc, post = draft.doc, draft.post
    if post and post.box is not None:
        draft.body = bodies.of_box(doc, post.box, "#js_content")
    elif not (post and post.note):
        draft.body = bodies.find(doc)
    if post is None:
        draft.doc, draft.body = _drawn(doc, draft.body)
        liveness.check_short(draft.doc, draft.body)


def _find_title(draft: Draft) -> None:
    found = title.candidates(draft.doc, draft.body, draft.page.hint.get("title", ""))
    if draft.post and draft.post.title:
        found.insert(0, Candidate(tidy(draft.post.title), "wechat", 1.0))
    if draft.told.get("title"):
        found.insert(0, Candidate(tidy(draft.told["title"]), "override", 1.0))
    draft.titles = found
    draft.title_at = next((c.at for c in found if c.at >= 0 and fold(str(c.value)) == fold(draft.name)), -1)
    draft.kicker, draft.subtitle = headings.around(draft.doc, draft.body, draft.name, draft.title_at)


def _clean(draft: Draft) -> None:
    """What was put into the page, and what stands in the body's box and is no article, goes."""
    draft.injected, spans = defaced.find(draft.doc, draft.page.url, draft.name, [b.text for b in draft.body.blocks])
    if spans:
        draft.body = replace(draft.body, blocks=defaced.drop(draft.body.blocks, spans))
    draft.body = trimming.trim(draft.body, draft.name, draft.subtitle, draft.kicker)
    draft.sheet = epaper.read(draft.doc, draft.body, draft.page.url)


def _find_time(draft: Draft) -> None:
    found = published.candidates(draft.doc, draft.body, draft.page.url, draft.title_at, draft.fetched, draft.page.hint.get("published", ""))
    limit = draft.fetched.astimezone(ZONE) + published.SLACK
    if draft.sheet.when and draft.sheet.when.at <= limit:
        found.append(Candidate(draft.sheet.when, "epaper", 0.5, "报纸的日期"))
    if draft.post and draft.post.when and draft.post.when.at <= limit:
        found.insert(0, Candidate(draft.post.when, "wechat:ct", 1.0))
    when = parse(draft.told.get("published", ""))
    if when and when.at <= limit:
        found.insert(0, Candidate(when, "override", 1.0))
    draft.times = found


def _find_source(draft: Draft) -> None:
    if draft.told.get("source"):
        draft.sources = [Candidate(source.clean(draft.told["source"]), "override", 1.0)]
    elif draft.post and draft.post.account:
        draft.sources = [*source.in_post(draft.doc, draft.body, draft.post.account), Candidate(draft.post.account, "wechat:nickname", 0.9)]
    else:
        day = draft.times[0].value.day if draft.times else ""      # type: ignore[attr-defined]
        printed = next((c.at for c in draft.times if c.at >= 0 and c.value.day == day), -1)      # type: ignore[attr-defined]
        draft.sources = source.candidates(draft.doc, draft.body, draft.title_at, printed, draft.name)
        if draft.sheet.outlet:                       # `《青林日报》（2026年3月1日 02版）` tells whose piece it is where no 来源 does
            draft.sources.append(Candidate(draft.sheet.outlet, "epaper", 0.45, "报纸版面行"))


def _judge(draft: Draft) -> None:
    """Is it an article at all?"""
    doc, body, post, told = draft.doc, draft.body, draft.post, draft.told
    if post and post.note and not body.box:
        told = draft.told = {"text": post.note, **told}
    if post and not post.title and not body.blocks:
        raise Retry("微信空壳页：没有标题和正文", after_s=6 * 3600)
    if not body.blocks and not told.get("text") and not (post and (post.cover or doc.meta("og:image"))):
        raise Drop("没有正文" if draft.name else "没有标题和正文")
    if post is None and not told.get("text"):
        liveness.check_list(doc, body, draft.titles, draft.times, draft.source, draft.page.url)
    if not draft.titles:
        raise Drop("没有标题")


def _find_text_and_people(draft: Draft) -> None:
    told, post = draft.told, draft.post
    draft.lines = told["text"].split("\n") if told.get("text") else trimming.lines(draft.doc, draft.body)
    people, origins = bylines.collect(draft.doc, draft.body, draft.title_at, draft.lines, draft.source)
    if post and post.author and not any(p.name == post.author for p in people):
        people, origins = [Person(post.author, "author"), *people], ["wechat:author", *origins]
    for role in ("author", "correspondent", "editor"):
        if told.get(role):
            people = [p for p in people if p.role != role and not (role == "author" and p.role == "reporter")] + listed(
                told[role], role, free=True
            )
            origins = [*origins, "override"]
    draft.people, draft.origins = people, origins
    writers = {p.name for p in people if p.role in ("author", "reporter")}
    draft.sources = [c for c in draft.sources if not (c.origin == source.BESIDE and c.value in writers and not source.is_outlet(c.value))]
    draft.text = "\n".join(trimming.clean(draft.lines))


def _find_pictures(draft: Draft) -> None:
    post = draft.post
    draft.pictures = images.find(draft.doc, draft.body, draft.base, draft.name)
    if post and post.pictures and not draft.pictures:
        draft.pictures = tuple(Image(url) for url in post.pictures)
    draft.kind = post.kind if post and post.kind != "text" else images.kind(draft.doc, draft.body, draft.pictures, draft.name, draft.text)
    if draft.kind == "video":
        draft.cover, draft.duration_s = images.video(draft.doc, draft.base)


def _drawn(doc: Document, found: bodies.Body) -> tuple[Document, bodies.Body]:
    """The page with the body it carries as data set into it, when what is drawn does not convince."""
    if found.score >= bodies.SURE / 300 and found.origin == "density":
        return doc, found
    held = embedded.find(doc)
    if not held:
        return doc, found
    at = doc.markup.lower().rfind("</body")
    whole = f'{doc.markup[:at] if at >= 0 else doc.markup}<article>{held}</article>'
    drawn = Document(whole)
    other = bodies.find(drawn)
    if other.score <= 1.3 * found.score:
        return doc, found
    return drawn, replace(other, origin="embedded")
