"""The clipping booklet (剪报册): cover, contents, then one clip a page: head, text as printed, picture, address, capture time and hash,
reposts.

Body text is never edited; what names a patient is hidden, and the cover says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from model.digest import TOP, Digest, DigestItem
from model.ports import Store

from dashboards import pdf, show
from dashboards.digest_paper import people, place, standing, when

Mask = Callable[[str], str]
Capture = Callable[[int], bytes | None]     # article id → the picture taken of its page (PNG or JPEG), None when there is none
_COPIES = 30                                # reposts listed under a clip


@dataclass(frozen=True)
class Clip:
    id: int
    class_name: str
    title: str
    kicker: str
    subtitle: str
    place: str
    when: str
    head: str                      # outlet, date, page, column, author
    paragraphs: tuple[str, ...]
    url: str
    captured: str
    sha256: str
    standing: str
    copies: tuple[tuple[str, str, str], ...]   # (outlet, time, title)
    more: int = 0                  # copies beyond those listed
    hides: bool = False            # it names a patient: hidden in the text, it cannot be hidden in a picture of the page


def chosen(digest: Digest) -> list[DigestItem]:
    """One piece a story, in the order of the digest: its first publication where it is among them, else the earliest."""
    best: dict[int, DigestItem] = {}
    for item in digest.printed:
        key = item.story_id or -item.article_id
        held = best.get(key)
        if held is None or (item.is_first, -_age(item)) > (held.is_first, -_age(held)):
            best[key] = item
    kept = {i.article_id for i in best.values()}
    order = {TOP: -1, **{c.class_id: n for n, c in enumerate(digest.classes)}}
    return sorted((i for i in digest.printed if i.article_id in kept), key=lambda i: order.get(digest.shelf(i), 99))


def _age(item: DigestItem) -> float:
    at = item.published or item.seen
    return at.timestamp() if at else 0.0


def clip(store: Store, item: DigestItem, mask: Mask) -> Clip | None:
    """None when the clipping is no longer held."""
    held = store.clipping(item.article_id)
    if held is None:
        return None
    copies = [c for c in store.story_copies(item.story_id) if c.id != item.article_id] if item.story_id else []
    article = held.article
    return Clip(
        item.article_id, item.class_name, item.title or "（无标题）", mask(article.kicker), mask(article.subtitle), place(item), when(item),
        "　".join(filter(None, (place(item), when(item), article.column, people(item)))),
        tuple(mask(p.strip()) for p in article.text.split("\n") if p.strip()), show.web_address(article.url),
        show.minute(held.first_seen), held.ref.sha256 if held.ref else "", standing(item),
        tuple((c.outlet_name, show.published(c), mask(c.article.title)) for c in copies[:_COPIES]), max(0, len(copies) - _COPIES),
        any(mask(t) != t for t in (article.title, article.kicker, article.subtitle, article.text)))


def made(store: Store, digest: Digest, mask: Mask, capture: Capture = lambda article_id: None) -> bytes:
    """The booklet as PDF, ready for the printer: fonts embedded, every clip on a page of its own, contents with page numbers."""
    clips = [c for c in (clip(store, item, mask) for item in chosen(digest)) if c]
    taken = {c.id: picture for c in clips if (picture := capture(c.id))}
    held_back = {c.id for c in clips if c.hides and c.id in taken}
    return pdf.typeset("booklet", {
        "title": f"{digest.bureau}剪报", "number": digest.number, "span": digest.span.label if digest.span else "",
        "office": digest.office or digest.bureau,
        "date": show.long_day(digest.made_at), "marking": "内部资料 注意保存", "clips": [{**vars(c), "held_back": c.id in held_back} for c in clips]},
        {key: picture for key, picture in taken.items() if key not in held_back})


def write(store: Store, digest: Digest, mask: Mask, path: Path | str, capture: Capture = lambda article_id: None) -> None:
    Path(path).write_bytes(made(store, digest, mask, capture))

