"""What the pages of digests share: the desk, the span of an address, who may edit and send."""

from __future__ import annotations

from model.digest import Span
from model.ports_digest import DigestDesk

from dashboards.visitor import NotFound, Visitor


def desk_of(visitor: Visitor) -> DigestDesk:
    visitor.need("digest")
    if visitor.office.digests is None:
        raise NotFound
    return visitor.office.digests


def editing(visitor: Visitor) -> DigestDesk:
    """The desk, for those who edit and send."""
    visitor.need("note", "只有值班、秘书处和管理员可以编辑和发送。")
    return desk_of(visitor)


def span_of(visitor: Visitor, key: str) -> Span:
    found = desk_of(visitor).span(key)
    if found is None:
        raise NotFound
    return found
