"""Articles as they are kept: saved with all that was thought about them, read as clippings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, delete, func, insert, literal_column, select, update

from model.clipping import Clipping, Record, Signature
from model.opinion import Label
from pipelines.store import words_of
from pipelines.store.codec import dumps, fields_of, loads, micros, micros_or_none, plain
from pipelines.store.part import StorePart, WriterPart, url_hash
from pipelines.store.prepared import Prepared
from pipelines.store.rows import IN_COLUMNS, clipping_of, clippings_query, load, load_stories
from pipelines.store.stories import leave
from pipelines.store.tables import article, article_unit, body, page, signature
from pipelines.store.tokens import deflate

# Literal, for PostgreSQL wants GROUP BY in the very words of SELECT.
_DAY, _SHANGHAI = literal_column("86400000000", BigInteger), literal_column("28800000000", BigInteger)
_SIGN = 1 << 63

_HELD = Prepared(select(article.c.id, article.c.content_sha, article.c.page_id).where(article.c.canonical_hash == bindparam("key")))
_OLD = Prepared(select(article.c.id, article.c.matched, article.c.first_seen, article.c.page_id, body.c.tokens)
                .join(body, body.c.article_id == article.c.id).where(article.c.canonical_hash == bindparam("key")))
_KEPT = ("id", "is_first")         # of an article that is replaced
_INSERT = Prepared(insert(article).returning(article.c.id))
_UPDATE = Prepared(update(article).where(article.c.id == bindparam("old_id")), [c for c in article.c.keys() if c not in _KEPT])
_INSERT_BODY = Prepared(insert(body))
_UPDATE_BODY = Prepared(update(body).where(body.c.article_id == bindparam("old_id")), [c for c in body.c.keys() if c != "article_id"])
_INSERT_UNITS = Prepared(insert(article_unit))
_CLEAR_UNITS = Prepared(delete(article_unit).where(article_unit.c.article_id == bindparam("old_id")))
_INSERT_SIGNATURE = Prepared(insert(signature))
_CLEAR_SIGNATURE = Prepared(delete(signature).where(signature.c.article_id == bindparam("old_id")))
_SIGNATURES = Prepared(select(signature).where(signature.c.article_id > bindparam("after")).order_by(signature.c.article_id))
_DELETE = Prepared(delete(article).where(article.c.id == bindparam("old_id")))
_MOVED = Prepared(update(page).where(page.c.article_id == bindparam("old_id"), page.c.id == bindparam("old_page")), ["article_id"])


class ClippingPart(StorePart):

    def clippings(self, ids: Sequence[int]) -> list[Clipping]:
        with self.db.read() as conn:
            found = load(conn, ids, whole=False)
        return [found[i] for i in ids if i in found]

    def clipping(self, article_id: int) -> Clipping | None:
        with self.db.read() as conn:
            return load(conn, [article_id], whole=True).get(article_id)

    def clippings_between(self, since: datetime, until: datetime) -> list[Clipping]:
        wanted = clippings_query(whole=False).where(_matched_in(since, until)).order_by(article.c.sort_at.desc(), article.c.id.desc())
        with self.db.read() as conn:
            return [clipping_of(r) for r in conn.execute(wanted)]

    def unresolved(self, limit: int = 100) -> list[Clipping]:
        """Newest first."""
        wanted = clippings_query(whole=False).where(article.c.unresolved).order_by(article.c.id.desc()).limit(limit)
        with self.db.read() as conn:
            return [clipping_of(r) for r in conn.execute(wanted)]

    def unit_counts(self, since: datetime, until: datetime) -> Mapping[str, Mapping[str, int]]:
        counts = select(
            article_unit.c.unit_id, func.count().label("clippings"), func.count().filter(article.c.is_first).label("firsts"),
            func.count().filter(article_unit.c.label == Label.NEGATIVE.value).label("negative"),
        ).join(article, article.c.id == article_unit.c.article_id) \
            .where(_matched_in(since, until)).group_by(article_unit.c.unit_id)
        with self.db.read() as conn:
            return {r.unit_id: {"clippings": r.clippings, "firsts": r.firsts, "negative": r.negative} for r in conn.execute(counts)}

    def day_counts(self, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
        day = ((article.c.sort_at + _SHANGHAI) // _DAY).label("day")
        counts = select(day, article.c.tier, func.count().label("n")).where(_matched_in(since, until)) \
            .group_by(day, article.c.tier).order_by(day, article.c.tier)
        with self.db.read() as conn:
            return [(_iso_day(r.day), r.tier, r.n) for r in conn.execute(counts)]

    def purge(self, unmatched_before: datetime, now: datetime) -> int:
        """The row stays (address and content hash tell a page seen before); in short transactions, so nobody waits long."""
        old = select(article.c.id).where(~article.c.matched, article.c.has_text, article.c.first_seen < micros(unmatched_before)).limit(500)
        dropped = 0
        while True:
            with self.db.write() as conn:
                ids = list(conn.execute(old).scalars())
                emptied = {"text": "", "rest": "", "mentions": "[]", "judgements": "[]", "tokens": None}
                conn.execute(update(body).where(body.c.article_id.in_(ids)).values(**emptied))
                conn.execute(update(article).where(article.c.id.in_(ids)).values(has_text=False))
            dropped += len(ids)
            if len(ids) < 500:
                return dropped


class ClippingWriter(WriterPart):
    words: words_of.Changes

    def held(self, canonical: str) -> tuple[int, str, int] | None:
        row = _HELD.one(self.conn, key=url_hash(canonical))
        return (row.id, row.content_sha, row.page_id) if row else None

    def save_article(self, record: Record, now: datetime) -> int:
        """Keeps id and first_seen of what it replaces, but an article that comes to be matched only now gets a new id:
        `signatures_after` would otherwise never show it to the other workers.  One no longer matched leaves its story."""
        key = url_hash(record.article.canonical)
        tokens = deflate(record.tokens_title, record.tokens_text) if record.matched else None
        old = _OLD.one(self.conn, key=key)
        row = _article_row(record, key, micros(now) if old is None else old.first_seen)
        texts = _body_row(record, tokens)
        if old is not None and old.tokens is not None:
            self.words.remove(old.id, old.tokens)
        if old is None or (record.matched and not old.matched):
            article_id = self._insert(row, texts, old)
        else:
            article_id = self._replace(row, texts, old)
        _INSERT_UNITS.run_many(self.conn, _unit_rows(record, article_id))
        if record.matched:
            self.words.add(article_id, record.tokens_title, record.tokens_text)
            if record.signature is not None:
                _INSERT_SIGNATURE.run(self.conn, **_signature_row(record.signature, article_id))
        return article_id

    def _insert(self, row: dict[str, Any], texts: dict[str, Any], old: Any) -> int:
        if old is not None:
            _DELETE.run(self.conn, old_id=old.id)
        article_id = _INSERT.value(self.conn, is_first=False, **row)
        _INSERT_BODY.run(self.conn, article_id=article_id, **texts)
        if old is not None:
            _MOVED.run(self.conn, old_id=old.id, old_page=old.page_id, article_id=article_id)
        return article_id

    def _replace(self, row: dict[str, Any], texts: dict[str, Any], old: Any) -> int:
        _UPDATE.run(self.conn, old_id=old.id, **row)
        _UPDATE_BODY.run(self.conn, old_id=old.id, **texts)
        _CLEAR_UNITS.run(self.conn, old_id=old.id)
        _CLEAR_SIGNATURE.run(self.conn, old_id=old.id)
        if old.matched and not row["matched"]:
            leave(self.conn, old.id, self.clock.now())
        return old.id

    def signatures_after(self, article_id: int) -> list[Signature]:
        rows = _SIGNATURES.rows(self.conn, after=article_id)
        return [Signature(r.article_id, r.simhash % (1 << 64), r.length, tuple(loads(r.keys))) for r in rows]

    def texts(self, ids: Sequence[int]) -> Mapping[int, Clipping]:
        return load(self.conn, ids, whole=True)

    def clipping(self, article_id: int) -> Clipping | None:
        return load(self.conn, [article_id], whole=True).get(article_id)

    def story_clippings(self, story_ids: Sequence[int]) -> list[Clipping]:
        return load_stories(self.conn, story_ids, whole=True)


def _matched_in(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(article.c.matched, article.c.sort_at >= micros(since), article.c.sort_at < micros(until))


def _article_row(record: Record, key: bytes, first_seen: int) -> dict[str, Any]:
    piece = record.article
    published = micros_or_none(piece.published)
    overall = next((j.label.value for j in record.judgements if not j.unit_id), "")
    return {
        "canonical_hash": key, "canonical": plain(piece.canonical), "url": plain(piece.url), "title": plain(piece.title),
        "outlet_id": record.outlet_id, "outlet_name": plain(record.outlet_name), "tier": str(record.tier),
        "published": published, "precision": piece.precision, "first_seen": first_seen,
        "sort_at": first_seen if published is None else published,
        "page_id": record.page_id, "matched": record.matched,
        "unresolved": record.matched and any(not (m.certain and m.unit_id) for m in record.mentions),
        "has_text": True, "label": overall, "content_sha": record.content_sha, "length": len(piece.text),
    }


def _body_row(record: Record, tokens: bytes | None) -> dict[str, Any]:
    return {"text": plain(record.article.text), "rest": dumps(fields_of(record.article, IN_COLUMNS)),
            "mentions": dumps(record.mentions), "judgements": dumps(record.judgements), "tokens": tokens}


def _unit_rows(record: Record, article_id: int) -> list[dict[str, Any]]:
    """One row a unit named for certain, with the label of the judgement about it."""
    labels = {j.unit_id: j.label.value for j in record.judgements}
    return [{"article_id": article_id, "unit_id": u, "label": labels.get(u, "")}
            for u in dict.fromkeys(m.unit_id for m in record.mentions if m.unit_id and m.certain)]


def _signature_row(got: Signature, article_id: int) -> dict[str, Any]:
    return {"article_id": article_id, "simhash": got.simhash - (1 << 64) if got.simhash >= _SIGN else got.simhash,
            "length": got.length, "keys": dumps(got.keys)}


def _iso_day(number: int) -> str:
    return datetime.fromordinal(datetime(1970, 1, 1).toordinal() + number).date().isoformat()
