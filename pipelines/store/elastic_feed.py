"""What the search server has to be told: noted in the transaction that changes an article, told afterwards in any order, as often as it takes.

`search_change` is its outbox: a row an article, with a version that counts its changes.  The server keeps the highest version it was ever
told, so nothing told twice or late does harm.  During a rebuild both families are told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from model.clipping import Record
from model.opinion import Label
from model.story import Edge, First
from pipelines.store.codec import moment
from pipelines.store.elastic import Doc, Index, Unavailable, month_of
from pipelines.store.part import StorePart, in_lots
from pipelines.store.store import SqlStore, SqlWriter
from pipelines.store.tables import article, article_unit, body, edge, named_value
from pipelines.store.tables_search import search_change
from pipelines.store.tokens import inflate
from pipelines.store.upsert import count_up

LOT = 500                          # articles told at once
_BUILDING = "search.building"      # the family being built, while it is
_SHANGHAI_US = 8 * 3_600_000_000


class NotingWriter(SqlWriter):
    """A writer that notes which articles the search server has to hear of."""

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.changed: set[int] = set()

    def save_article(self, record: Record, now: Any) -> int:
        article_id = super().save_article(record, now)
        if record.matched or self._known(article_id):
            self.changed.add(article_id)
        return article_id

    def join(self, story_id: int, edge: Edge, now: Any) -> None:
        super().join(story_id, edge, now)
        self.changed.add(edge.child)

    def set_first(self, story_id: int, first: First, title: str, highest_tier: str) -> None:
        was = select(article.c.id).join(edge, edge.c.child == article.c.id).where(edge.c.story_id == story_id, article.c.is_first)
        self.changed.update(self.conn.execute(was).scalars())
        super().set_first(story_id, first, title, highest_tier)
        if first.article_id is not None:
            self.changed.add(first.article_id)

    def finish(self) -> None:
        super().finish()
        count_up(self.conn, search_change, [{"article_id": i, "version": 1, "done": 0, "detail": ""} for i in sorted(self.changed)], "version")
        self.changed.clear()

    def _known(self, article_id: int) -> bool:
        return self.conn.execute(select(search_change.c.version).where(search_change.c.article_id == article_id)).first() is not None


@dataclass(frozen=True)
class Behind:
    """Articles the server has not been told of yet, and documents it refused."""

    waiting: int
    refused: int


def behind(part: StorePart) -> Behind:
    with part.db.read() as conn:
        count = select(func.count()).select_from(search_change)
        return Behind(conn.execute(count.where(search_change.c.done < search_change.c.version)).scalar_one(),
                      conn.execute(count.where(search_change.c.detail != "")).scalar_one())


def unknown(part: StorePart) -> set[int]:
    """Articles of which the server does not know how they stand now: not told yet, or refused."""
    with part.db.read() as conn:
        return set(conn.execute(select(search_change.c.article_id).where(
            or_(search_change.c.done < search_change.c.version, search_change.c.detail != ""))).scalars())


def tell_waiting(store: SqlStore, index: Index, limit: int = LOT) -> int:
    """Tell the server of up to `limit` waiting changes; returns how many.  Raises `Unavailable`: nothing is taken off the outbox then."""
    with store.db.read() as conn:
        waiting = conn.execute(select(search_change.c.article_id, search_change.c.version).where(search_change.c.done < search_change.c.version)
                               .order_by(search_change.c.article_id).limit(limit)).all()
        if not waiting:
            return 0
        docs = _docs(conn, {r.article_id: r.version for r in waiting})
        building = conn.execute(select(named_value.c.value).where(named_value.c.name == _BUILDING)).scalar()
    generation = index.generation()
    if not generation:
        raise Unavailable("检索索引还没有建立，运行 jianbao reindex")
    refused: dict[int, str] = {}
    gone = [i for i in (r.article_id for r in waiting) if i not in {d.article_id for d in docs}]
    versions = {r.article_id: r.version for r in waiting}
    for one in dict.fromkeys((generation, *([int(building)] if building else []))):
        months = index.months(one, gone)       # the record no longer knows them
        refused |= index.tell(one, [*docs, *(Doc(i, versions[i], month, None) for i, month in months.items())])
    _done(store, versions, refused)
    return len(waiting)


def rebuild(store: SqlStore, index: Index, step: Callable[[int], None] = lambda n: None) -> int:
    """Tell a new family of everything and turn the alias to it; searching and telling go on meanwhile.  Returns the number of articles."""
    generation = index.generation() + 1
    index.prepare(generation)
    store.put_value(_BUILDING, str(generation))
    try:
        told, after = 0, 0
        while docs := _lot_after(store, after):
            refused = index.tell(generation, docs)
            _done(store, {d.article_id: d.version for d in docs if d.version}, refused)
            after, told = docs[-1].article_id, told + len(docs)
            step(len(docs))
        index.turn_to(generation)
    finally:
        store.put_value(_BUILDING, "")
    return told


def matched_count(store: SqlStore) -> int:
    with store.db.read() as conn:
        return conn.execute(select(func.count()).select_from(article).where(article.c.matched)).scalar_one()


def _lot_after(store: SqlStore, after: int) -> list[Doc]:
    with store.db.read() as conn:
        ids = list(conn.execute(select(article.c.id).where(article.c.matched, article.c.id > after).order_by(article.c.id).limit(LOT)).scalars())
        held = dict(conn.execute(select(search_change.c.article_id, search_change.c.version).where(search_change.c.article_id.in_(ids))).all())
        return _docs(conn, {i: held.get(i, 0) for i in ids})


def _docs(conn: Connection, versions: dict[int, int]) -> list[Doc]:
    """The articles as they stand in this very snapshot, with their versions in it; ascending."""
    found: dict[int, Doc] = {}
    units: dict[int, list[tuple[str, str]]] = {}
    for lot in in_lots(list(versions)):
        for r in conn.execute(select(article_unit).where(article_unit.c.article_id.in_(lot)).order_by(article_unit.c.unit_id)):
            units.setdefault(r.article_id, []).append((r.unit_id, r.label))
        rows = select(article, body.c.tokens).join(body, body.c.article_id == article.c.id).where(article.c.id.in_(lot))
        for r in conn.execute(rows):
            fields = _fields(r, units.get(r.id, [])) if r.matched and r.tokens is not None else None
            found[r.id] = Doc(r.id, versions[r.id], month_of(r.first_seen), fields)
    return [found[i] for i in sorted(versions) if i in found]


def _fields(row: Any, units: Sequence[tuple[str, str]]) -> dict[str, Any]:
    title, text = (_words(tokens) for tokens in inflate(row.tokens))
    return {"title": title, "text": text, "outlet_id": row.outlet_id, "tier": row.tier, "label": row.label, "units": [u for u, _ in units],
            "negative_units": [u for u, label in units if label == Label.NEGATIVE.value], "sort_at": row.sort_at,
            "day": f"{moment(row.sort_at + _SHANGHAI_US):%Y-%m-%d}", "is_first": row.is_first}


def _words(tokens: str) -> str:
    return " ".join(t[:255] for t in tokens.split())


def _done(store: SqlStore, versions: Mapping[int, int], refused: Mapping[int, str]) -> None:
    """Only up to the version that was told: what changed meanwhile waits on."""
    told = update(search_change).where(search_change.c.article_id == bindparam("told_id"), search_change.c.done < bindparam("told_version")) \
        .values(done=bindparam("told_version"), detail=bindparam("told_detail"))
    rows = [{"told_id": i, "told_version": version, "told_detail": refused.get(i, "")} for i, version in versions.items()]
    if rows:
        with store.db.write(None) as conn:
            conn.execute(told, rows)
