"""A draft made an article: every field with the signal that gave it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Mapping

from model.article import Article, Signal
from pipelines import urls
from pipelines.extract import continued, dateline, epaper, trimming, wechat
from pipelines.extract.body import Body
from pipelines.extract.candidates import Candidate, best
from pipelines.extract.document import Document
from pipelines.extract.draft import Draft
from pipelines.extract.site_name import site_name

_TAKEN = re.compile(r"[\s\u3000（(【]{0,3}(?:本文|文章|稿件)?(?:转载?自|轉載?自|摘自|原载)")
# fields that have one place to be read from
_READ_FROM = {
    "dateline": "text:电头", "kicker": "heading:引题", "subtitle": "heading:副题", "original_title": "text:原标题", "reposted_from": "text:转自",
    "page_no": "text:版次", "column": "text:栏目", "images": "body", "next_part": "link:下一页", "injected": "defaced",
}


def finish(draft: Draft) -> Article:
    doc, body, post, told, sheet, hint = draft.doc, draft.body, draft.post, draft.told, draft.sheet, draft.page.hint
    when, trimmed, place = draft.when, trimming.clean(draft.lines), _place(hint, sheet)
    made = Article(
        url=draft.page.url,
        canonical=_canonical(draft.page.url, doc, draft.base, post),
        title=draft.name,
        text=draft.text or (doc.meta("og:description", "description") if post else ""),
        published=when.at if when else None,
        precision=when.precision if when else "",
        source=draft.source,
        account=post.account if post else "",
        people=tuple(draft.people),
        dateline=dateline.read(trimmed),
        kicker=told.get("kicker", draft.kicker),
        subtitle=told.get("subtitle", draft.subtitle),
        original_title=dateline.original_title(_near(doc, body, draft.title_at) + draft.lines),
        reposted_from=_taken_from(dateline.reposted_from(draft.lines) or _taken_below(doc, body), draft.source),
        is_original=post.original if post else None,
        images=draft.pictures,
        kind=draft.kind,
        page_no=told.get("page_no") or hint.get("page_no") or sheet.page_no,
        page_name=told.get("page_name") or hint.get("page_name") or sheet.page_name,
        position=place.value if place else "",       # type: ignore[arg-type]
        column=told.get("column") or hint.get("column") or sheet.column or trimming.column(draft.lines),
        encoding=draft.decoded.encoding,
        damaged=draft.decoded.damaged,
        injected=draft.injected,
        identity=(post.identity if post else "") or urls.identity(draft.page.url),
        next_part=continued.next_part(doc, body, draft.page.url) if post is None else "",
        cover=draft.cover,
        duration_s=draft.duration_s,
        site="" if post else site_name(doc),
    )
    return replace(made, signals=_signals(draft, made, place))


def _place(hint: Mapping[str, str], sheet: epaper.Sheet) -> Candidate | None:
    """Where the piece stood: by the layout page the crawler read, or by the article's own page; a named place beats 头版."""
    told: list[Candidate] = []
    if hint.get("position"):
        told.append(Candidate(hint["position"], hint.get("position_from", "hint"), 0.5 if hint.get("position_from") == "layout:order" else 0.9,
                              hint.get("position_why", "")))
    if sheet.place:
        told.append(sheet.place)
    return best([c for c in told if c.value != "头版"]) or best(told)


def _signals(draft: Draft, made: Article, place: Candidate | None) -> dict[str, Signal]:
    """Field → what gave it, for every field that has a value."""
    body, told, hint = draft.body, draft.told, draft.page.hint
    out = {
        "title": draft.titles[0].signal(),
        "text": Signal("override" if told.get("text") else body.origin, body.score, f"{len(body.blocks)} 行"),
    }
    if draft.time:
        out["published"] = draft.time.signal()
    if draft.sources:
        out["source"] = draft.sources[0].signal()
    if draft.origins:
        out["people"] = Signal("、".join(dict.fromkeys(draft.origins)), 1.0, f"{len(draft.people)} 人次")
    if place:
        out["position"] = place.signal()
    for name, read_from in _READ_FROM.items():
        if getattr(made, name):
            out[name] = Signal("override" if told.get(name) else "hint" if name in ("page_no", "column") and hint.get(name) else read_from)
    if made.is_original is not None:
        out["is_original"] = Signal("wechat:原创" if made.is_original else "wechat:分享")
    if made.kind != "text":
        out["kind"] = Signal("wechat:type" if draft.post and draft.post.kind != "text" else "page", 1.0, made.kind)
    out["encoding"] = Signal(draft.decoded.encoding, 1.0, draft.decoded.reason)
    return out


def _taken_from(name: str, source: str) -> str:
    """Whom the text names as its origin, unless that is the source itself."""
    return "" if source and (name == source or name in source) else name


def _taken_below(doc: Document, body: Body) -> str:
    """转自 in a line that was trimmed off the body's end, as `本文转载自“…”微信公众号` is."""
    below = [b.text for b in doc.within(body.end, body.end + 120)]
    return dateline.reposted_from([line for line in below if len(line) < 60 and _TAKEN.match(line)])


def _near(doc: Document, found: Body, title_at: int) -> list[str]:
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
