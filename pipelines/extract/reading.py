"""The order of reading, written once: text, liveness, body, title, time, source, people, pictures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Mapping

from model.article import Article, Image, Person, Signal
from model.errors import Decision, Drop, Quarantine, Retry
from model.outlet import Outlet
from model.page import Page
from pipelines import urls
from pipelines.decode import decode
from pipelines.extract import body as bodies
from pipelines.extract import (
    bylines,
    continued,
    dateline,
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
from pipelines.extract.headline import fold, tidy
from pipelines.extract.moments import ZONE, When, parse

SURE_TIME = 0.4        # a time believed less than this is no time


@dataclass(frozen=True)
class Explanation:
    """`candidates`: per field what was considered, the chosen first; `article` None when `verdict` says why there is none."""

    url: str
    article: Article | None
    verdict: str
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)


def read(page: Page, outlet: Outlet | None = None, now: datetime | None = None) -> Article:
    """The article of a page.  Raises `Drop` (NOT_ARTICLE, GONE, REFUSED), `Retry` (BLOCKED) or `Quarantine`.

    昨天 is read against `page.fetched_at`, and no time beyond it is believed; `now` only bounds a fetch time that lies ahead of the clock.
    """
    return _read(page, outlet, now, {})


def explain(page: Page, outlet: Outlet | None = None, now: datetime | None = None) -> Explanation:
    """The same reading with its candidates kept; a decision is told, not raised."""
    held: dict[str, list[Candidate]] = {}
    article, verdict = None, "稿件"
    try:
        article = _read(page, outlet, now, held)
    except Decision as decision:
        verdict = f"{decision.status.label}：{decision.reason}"
    return Explanation(page.url, article, verdict, {name: tuple(found[:12]) for name, found in held.items()})


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
    decoded = decode(page.body, page.headers)
    doc = Document(decoded.text)
    fetched = min(now, page.fetched_at) if now else page.fetched_at
    base = urls.absolute(page.url, doc.base) or page.url if doc.base else page.url
    try:
        told = overrides.apply(doc.markup, doc.tree, outlet, page.fetched_at.astimezone(ZONE).date())
    except ValueError as error:
        raise Quarantine(str(error)) from error
    post = None
    if wechat.is_post(doc, page.url):
        wechat.check(doc)
        post = wechat.fields(doc)
    if post and post.box is not None:
        found = bodies.of_box(doc, post.box, "#js_content")
    else:
        found = bodies.NOTHING if post and post.note else bodies.find(doc)
    if post is None:
        doc, found = _drawn(doc, found)
        liveness.check_short(doc, found)

    titles = _titles(doc, found, page, told, post)
    chosen = titles[0] if titles else None
    name = str(chosen.value) if chosen else ""
    title_at = next((c.at for c in titles if c.at >= 0 and fold(str(c.value)) == fold(name)), -1)
    kicker, subtitle = headings.around(doc, found, name, title_at)
    injected, starts = defaced.find(doc, page.url, name, [b.text for b in found.blocks])
    if starts:
        found = replace(found, blocks=defaced.drop(found.blocks, starts))
    found = trimming.trim(found, name, subtitle, kicker)
    sheet = epaper.read(doc, found, page.url)

    times = _times(doc, found, page, told, post, title_at, fetched, sheet)
    top = times[0] if times and times[0].score >= SURE_TIME else None
    sources = _sources(doc, found, told, post, title_at, times[0].at if times else -1, name, sheet)
    printed = sources[0] if sources else None
    held.update(title=titles, published=times, source=sources)
    if post and post.note and not found.box:
        told = {"text": post.note, **told}
    if post and not post.title and not found.blocks:
        raise Retry("微信空壳页：没有标题和正文", after_s=6 * 3600)
    if not found.blocks and not told.get("text") and not (post and (post.cover or doc.meta("og:image"))):
        raise Drop("没有正文" if name else "没有标题和正文")
    if post is None and not told.get("text"):
        liveness.check_list(doc, found, titles, times, str(printed.value) if printed else "", page.url)
    if chosen is None:
        raise Drop("没有标题")

    lines = told["text"].split("\n") if told.get("text") else trimming.lines(doc, found)
    people, origins = bylines.collect(doc, found, title_at, lines)
    people, origins = _people(people, origins, told, post)
    text = "\n".join(trimming.clean(lines))
    pictures = images.find(doc, found, base, name)
    if post and post.pictures and not pictures:
        pictures = tuple(Image(url) for url in post.pictures)
    kind = post.kind if post and post.kind != "text" else images.kind(doc, found, pictures, name, text)
    cover, seconds = images.video(doc, base) if kind == "video" else ("", 0)
    text = text or (doc.meta("og:description", "description") if post else "")
    when: When | None = top.value if top else None       # type: ignore[assignment]
    signals = {
        "title": chosen.signal(),
        "text": Signal("override" if told.get("text") else found.origin, found.score, f"{len(found.blocks)} 行"),
    }
    if top:
        signals["published"] = top.signal()
    if printed:
        signals["source"] = printed.signal()
    if origins:
        signals["people"] = Signal("、".join(dict.fromkeys(origins)), 1.0, f"{len(people)} 人次")
    signals["encoding"] = Signal(decoded.encoding, 1.0, decoded.reason)
    return Article(
        url=page.url,
        canonical=_canonical(page.url, doc, base, post),
        title=name,
        text=text,
        published=when.at if when else None,
        precision=when.precision if when else "",
        source=str(printed.value) if printed else "",
        people=tuple(people),
        dateline=dateline.read(trimming.clean(lines)),
        kicker=told.get("kicker", kicker),
        subtitle=told.get("subtitle", subtitle),
        original_title=dateline.original_title(_near(doc, found, title_at) + lines),
        reposted_from=_taken_from(dateline.reposted_from(lines), str(printed.value) if printed else ""),
        is_original=post.original if post else None,
        images=pictures,
        kind=kind,
        page_no=told.get("page_no") or page.hint.get("page_no") or sheet.page_no,
        page_name=told.get("page_name") or page.hint.get("page_name") or sheet.page_name,
        position=page.hint.get("position") or sheet.position,
        column=told.get("column") or page.hint.get("column") or sheet.column or trimming.column(lines),
        encoding=decoded.encoding,
        damaged=decoded.damaged,
        injected=injected,
        identity=(post.identity if post else "") or urls.identity(page.url),
        next_part=continued.next_part(doc, found, page.url) if post is None else "",
        cover=cover,
        duration_s=seconds,
        signals=signals,
    )


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


def _titles(doc: Document, found: bodies.Body, page: Page, told: Mapping[str, str], post: wechat.Post | None) -> list[Candidate]:
    out = title.candidates(doc, found, page.hint.get("title", ""))
    if post and post.title:
        out.insert(0, Candidate(tidy(post.title), "wechat", 1.0))
    if told.get("title"):
        out.insert(0, Candidate(tidy(told["title"]), "override", 1.0))
    return out


def _times(
    doc: Document,
    found: bodies.Body,
    page: Page,
    told: Mapping[str, str],
    post: wechat.Post | None,
    title_at: int,
    fetched: datetime,
    sheet: epaper.Sheet,
) -> list[Candidate]:
    out = published.candidates(doc, found, page.url, title_at, fetched, page.hint.get("published", ""))
    limit = fetched.astimezone(ZONE) + published.SLACK
    if sheet.when and sheet.when.at <= limit:
        out.append(Candidate(sheet.when, "epaper", 0.5, "报纸的日期"))
    if post and post.when and post.when.at <= limit:
        out.insert(0, Candidate(post.when, "wechat:ct", 1.0))
    when = parse(told.get("published", ""))
    if when and when.at <= limit:
        out.insert(0, Candidate(when, "override", 1.0))
    return out


def _sources(
    doc: Document,
    found: bodies.Body,
    told: Mapping[str, str],
    post: wechat.Post | None,
    title_at: int,
    date_at: int,
    name: str,
    sheet: epaper.Sheet,
) -> list[Candidate]:
    if told.get("source"):
        return [Candidate(source.clean(told["source"]), "override", 1.0)]
    if post and post.account:
        return [Candidate(post.account, "wechat:nickname", 1.0)]
    return source.candidates(doc, found, title_at, date_at, name)


def _people(people: list[Person], origins: list[str], told: Mapping[str, str], post: wechat.Post | None) -> tuple[list[Person], list[str]]:
    if post and post.author and not any(p.name == post.author for p in people):
        people = [Person(post.author, "author"), *people]
        origins = ["wechat:author", *origins]
    for role in ("author", "correspondent", "editor"):
        if told.get(role):
            people = [p for p in people if p.role != role and not (role == "author" and p.role == "reporter")] + listed(
                told[role], role, free=True
            )
            origins = [*origins, "override"]
    return people, origins


def _taken_from(name: str, source: str) -> str:
    """Whom the text names as its origin, unless that is the source itself."""
    return "" if source and (name == source or name in source) else name


def _near(doc: Document, found: bodies.Body, title_at: int) -> list[str]:
    low = title_at if 0 <= title_at < found.start else max(0, found.start - 300)
    return [b.text for b in doc.within(low, found.start)] + [b.text for b in doc.within(found.end, found.end + 120)]


def _canonical(url: str, doc: Document, base: str, post: wechat.Post | None) -> str:
    """The page's own canonical link is believed on the same host when it names more than the front page."""
    if post is not None:
        return urls.canonical(url)
    for link in doc.links:
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            there = urls.absolute(base, link["href"])
            if there and urls.same_piece(url, there):
                return urls.canonical(there)
    return urls.canonical(url)
