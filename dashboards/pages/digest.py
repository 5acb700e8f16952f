"""周报: this week's digest, earlier weeks, and the two files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from model.digest import Digest

from dashboards import digest as numbers
from dashboards import digest_docx, digest_xlsx
from dashboards.render import page
from dashboards.visitor import NotFound, Reading, Visitor
from dashboards.weeks import local, week_from_key, week_key, week_of

router = APIRouter()
_WEEKS = 26
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _of(visitor: Visitor, key: str) -> Digest:
    office, now = visitor.office, visitor.office.clock.now()
    span = week_from_key(key) if key else week_of(now)
    if span is None or span[0] > now:
        raise NotFound
    return numbers.build(office.store, office.bureau(), *span, now)


@router.get("/digest")
@router.get("/digest/{key}")
def show(visitor: Reading, key: str = "") -> Response:
    visitor.need("digest")
    digest = _of(visitor, key)
    this, _ = week_of(visitor.office.clock.now())
    weeks = [(week_key(start), numbers.issue_number(start), start, start + timedelta(days=6))
             for start in (this - timedelta(days=7 * back) for back in range(_WEEKS))]
    return page(visitor, "digest.html", "/digest", digest=digest, key=week_key(digest.since), weeks=weeks, wrong=numbers.check(digest),
                unconfirmed=numbers.unconfirmed(digest), scored=numbers.scored(digest),
                last_day=local(digest.until) - timedelta(days=1),
                running=digest.until > digest.made_at)


def _file(visitor: Visitor, key: str, suffix: str, kind: str, write: Callable[[Digest, Path], None]) -> Response:
    visitor.need("digest")
    digest = _of(visitor, key)
    with tempfile.TemporaryDirectory(prefix="jianbao-") as folder:
        path = Path(folder) / f"digest.{suffix}"
        write(digest, path)
        body = path.read_bytes()
    visitor.office.store.audit(visitor.user.name, f"download_{suffix}", week_key(digest.since), "ok", visitor.office.clock.now())
    name = quote(f"舆情剪报周报{digest.number}.{suffix}")
    return Response(body, media_type=kind, headers={
        "content-disposition": f"attachment; filename=\"digest-{week_key(digest.since)}.{suffix}\"; filename*=UTF-8''{name}"})


@router.get("/digest/{key}/docx")
def docx(visitor: Reading, key: str) -> Response:
    return _file(visitor, key, "docx", _DOCX, digest_docx.write)


@router.get("/digest/{key}/xlsx")
def xlsx(visitor: Reading, key: str) -> Response:
    return _file(visitor, key, "xlsx", _XLSX, digest_xlsx.write)
