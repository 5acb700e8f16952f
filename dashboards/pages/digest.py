"""周报: the digest of a week or any other span, as page and as files."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from model.digest import Span

from dashboards import digest as numbers
from dashboards.digest_paper import draft
from dashboards.pages import digest_edit, digest_send
from dashboards.pages.digest_desk import desk_of, span_of
from dashboards.render import page
from dashboards.visitor import NotFound, Reading, Visitor
from dashboards.weeks import days_span, parse_day, span_at, week_key, week_of

router = APIRouter()
router.include_router(digest_edit.router)
router.include_router(digest_send.router)
_WEEKS = 26
_DOCX, _XLSX = digest_send.DOCX, digest_send.XLSX
FORMS = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel", "booklet": "剪报册", "mail": "邮件"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def _spans(visitor: Visitor) -> list[Span]:
    """The longer spans that hold today, for a click."""
    return [span_at(kind, visitor.office.clock.now()) for kind in ("month", "quarter", "half", "year")]


@router.get("/digest")
def index(visitor: Reading, since: str = "", until: str = "") -> Response:
    visitor.need("digest")
    first, last = parse_day(since), parse_day(until)
    if since or until:
        span = days_span(first, last) if first and last else None
        if span is None:
            return _shown(visitor, span_of(visitor, ""), f"日期看不懂或次序不对：{since or '（空）'} 至 {until or '（空）'}，跨度不超过一年。")
        return RedirectResponse(f"/digest/{span.key}", 303)
    return _shown(visitor, span_of(visitor, ""))


@router.get("/digest/{key}")
def show(visitor: Reading, key: str) -> Response:
    visitor.need("digest")
    return _shown(visitor, span_of(visitor, key))


def _shown(visitor: Visitor, span: Span, refusal: str = "") -> Response:
    desk = desk_of(visitor)
    digest = desk.digest(span)
    this, _ = week_of(visitor.office.clock.now())
    weeks = [(week_key(start), numbers.issue_number(start), start,
        start + timedelta(days=6)) for start in (this - timedelta(days=7 * back) for back in range(_WEEKS))]
    return page(visitor, "digest.html", "/digest", digest=digest, key=span.key, span=span, weeks=weeks, spans=_spans(visitor),
        wrong=numbers.check(digest),
                paper=draft(digest), running=digest.until > digest.made_at, refusal=refusal, forms=FORMS)


@router.get("/digest/{key}/preview")
def preview(visitor: Reading, key: str) -> Response:
    """As it will print, in the browser's own reader."""
    return _file(visitor, key, "pdf", "inline")


@router.get("/digest/{key}/{form}")
def file(visitor: Reading, key: str, form: str) -> Response:
    if form not in FORMS:
        raise NotFound
    return _file(visitor, key, form, "inline" if form == "mail" else "attachment")


def _file(visitor: Visitor, key: str, form: str, how: str) -> Response:
    visitor.need("digest")
    desk, span = desk_of(visitor), span_of(visitor, key)
    try:
        name, media, body = desk.file(span, form)
    except numbers.DoesNotAddUp as error:
        return _shown(visitor, span, f"数字对不上，不能生成：{error}")
    except ValueError as error:
        return _shown(visitor, span, str(error))
    visitor.office.store.audit(visitor.user.name, f"download_{form}", span.key, "ok", visitor.office.clock.now())
    suffix = name.rpartition(".")[2]
    headers = {"content-disposition": f"{how}; filename=\"digest-{span.key}.{suffix}\"; filename*=UTF-8''{quote(name)}"}
    if form == "mail":
        headers["content-security-policy"] = _POLICY
    return Response(body, media_type=media, headers=headers)

