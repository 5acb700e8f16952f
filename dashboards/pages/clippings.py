"""剪报: search, one clipping with its reasons, and the saved original."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from model.clipping import Clipping
from model.mention import Mention
from model.opinion import Judgement, Label
from model.outlet import Tier
from model.search import Query

from dashboards import excerpt, guard, marks
from dashboards.classes import OTHER, class_of, scheme_in
from dashboards.pages.words import lessons_of
from dashboards.pages.stories import MOST, desk_of, done, readable, told, who
from dashboards.render import page
from dashboards.visitor import Posting, Reading, Visitor
from dashboards.weeks import day_start, parse_day

router = APIRouter()
_log = logging.getLogger("jianbao.web")
PER_PAGE = 20
_DEEPEST = 500                     # pages; nobody turns further, and offsets stay cheap
_FIELDS = (("title", "标题"), ("published", "发布时间"), ("source", "来源"), ("people", "署名"), ("authors", "记者"),
           ("correspondents", "通讯员"), ("editors", "编辑"), ("dateline", "电头"), ("text", "正文"), ("page_no", "版次"), ("position", "版位"),
           ("column", "栏目"), ("reposted_from", "转自"), ("original_title", "原标题"), ("is_original", "原创标记"),
           ("canonical", "规范地址"), ("kicker", "引题"), ("subtitle", "副题"), ("images", "图片"), ("kind", "体裁"),
           ("next_part", "续页"), ("injected", "植入内容"), ("encoding", "文字编码"))


def asked(values: Mapping[str, str]) -> dict[str, str]:
    """The search form as it was sent, cut to sane lengths; unknown names are left away."""
    names = ("q", "unit", "outlet", "rank", "label", "since", "until", "firsts", "ranked")
    return {name: values.get(name, "").strip()[:200] for name in names}


def query_of(visitor: Visitor, form: Mapping[str, str], number: int) -> Query | None:
    """The search asked for, held to the visitor's own unit; None when it can match nothing."""
    bureau = visitor.office.bureau()
    outlets: tuple[str, ...] = (form["outlet"],) if form["outlet"] else ()
    kind, _, rank = form["rank"].partition(":")
    if kind == "class":
        scheme = scheme_in(bureau, visitor.office.clock.now() + timedelta(seconds=1))
        members = tuple(o.id for o in bureau.outlets if class_of(scheme, o.id, o.tier.value)[0] == rank)
        members += ("",) if rank == OTHER[0] else ()
        outlets = tuple(o for o in members if o in outlets) if outlets else members
        if not outlets:
            return None
    unit = visitor.only_unit if visitor.only_unit is not None else form["unit"]
    if visitor.only_unit == "":
        return None
    since, until = parse_day(form["since"]), parse_day(form["until"])
    return Query(
        words=form["q"], units=(unit,) if unit else (), outlets=outlets, tiers=(rank,) if kind == "tier" else (),
        labels=(form["label"],) if form["label"] in set(Label) else (), since=day_start(since) if since else None,
        until=day_start(until + timedelta(days=1)) if until else None, firsts_only=bool(form["firsts"]),
        ranked=bool(form["ranked"] and form["q"]), page=number, per_page=PER_PAGE)


def _page_number(text: str) -> int:
    return min(_DEEPEST, max(1, int(text))) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@router.get("/clippings")
def search(visitor: Reading, request: Request) -> Response:
    visitor.need("clippings")
    bureau, store = visitor.office.bureau(), visitor.office.store
    form, number = asked(request.query_params), _page_number(request.query_params.get("page", ""))
    query = query_of(visitor, form, number)
    hits = store.search(query) if query else None
    scheme = scheme_in(bureau, visitor.office.clock.now() + timedelta(seconds=1))
    total = hits.total if hits else 0
    pages = max(1, min(_DEEPEST, -(-total // PER_PAGE)))
    kept = urlencode({k: v for k, v in form.items() if v})
    return page(visitor, "clippings.html", "/clippings", form=form, total=total, found=_marked(store.clippings(hits.ids), hits.marks) if hits else [],
                number=number, pages=pages, kept=kept, note=hits.note if hits else "", scheme=scheme, tiers=list(Tier), labels=list(Label),
                bad_days=[form[k] for k in ("since", "until") if form[k] and not parse_day(form[k])], filtered=bool(kept))


def _marked(found: list[Clipping], said: tuple[str, ...]) -> list[tuple[Clipping, list[marks.Run], list[marks.Run]]]:
    """(clipping, runs of its title, runs of a line of its text): what was looked for is marked."""
    return [(c, excerpt.marked(c.article.title, said), excerpt.excerpt(c.article.text, said)) for c in found]


@router.get("/clippings/{article_id:int}")
def one(visitor: Reading, article_id: int) -> Response:
    visitor.need("clippings")
    return shown(visitor, article_id)


def shown(visitor: Visitor, article_id: int, refusal: str = "", status: int = 200) -> Response:
    """The page of one clipping; `refusal`: why what was asked of its story was not done."""
    clipping = readable(visitor, article_id)
    store, article = visitor.office.store, clipping.article
    copies = store.story_copies(clipping.story.id) if clipping.story else []
    copies = [c for c in copies if c.id == clipping.id or visitor.may_read(c)]
    copies.sort(key=lambda c: c.article.published or c.first_seen)
    title, paragraphs = marks.marked(clipping)
    known = dict(_FIELDS)
    signals = [(known.get(name, name), article.signals[name]) for name in (*known, *(article.signals.keys() - known.keys()))
               if name in article.signals]
    judgements = _told_once([j for j in clipping.judgements if visitor.only_unit is None or j.unit_id in ("", visitor.only_unit)], visitor)
    topics = {t.id: t.name for t in visitor.office.bureau().vocabulary.topics}
    return page(visitor, "clipping.html", "/clippings", status, clipping=clipping, title=title, paragraphs=paragraphs, copies=copies,
                signals=signals, mentions=_counted(clipping, visitor), judgements=judgements, topics=topics, refusal=refusal,
                **told(visitor, clipping, copies), **lessons_of(visitor, clipping))


def _counted(clipping: Clipping, visitor: Visitor) -> list[tuple[Mention, int]]:
    """(mention, how often): the same name resolved the same way is told once."""
    mine = [replace(m, start=0, end=0) for m in clipping.mentions if visitor.only_unit in (None, m.unit_id)]
    return list(Counter(mine).items())


def _told_once(judgements: list[Judgement], visitor: Visitor) -> list[tuple[Judgement, list[str]]]:
    """(judgement, about whom): what was judged alike of several units and of the whole text is told once, with the most evidence."""
    told: dict[Judgement, tuple[Judgement, list[str]]] = {}
    for judgement in judgements:
        unit = visitor.office.bureau().unit(judgement.unit_id)
        alike = replace(judgement, unit_id="", score=0.0, hits=())
        best, names = told.get(alike, (judgement, []))
        fuller = judgement if len(judgement.hits) > len(best.hits) else best
        told[alike] = fuller, [*names, (unit.label if unit else judgement.unit_id) or "全文"]
    return list(told.values())


@router.post("/stories/split")
def split(visitor: Posting, page_of: Annotated[int, Form()] = 0, article: Annotated[list[int] | None, Form()] = None) -> Response:
    """`article`: the copies that leave their story; `page_of`: the clipping on whose page it was asked."""
    visitor.need("stories", "您的角色不能拆分稿件。")
    desk, leaving = desk_of(visitor), (article or [])[:MOST]
    readable(visitor, page_of)
    return done(visitor, "story_split", ",".join(map(str, leaving))[:200], lambda: desk.split(leaving, who(visitor)),
                f"/clippings/{leaving[0] if leaving else page_of}#story", lambda said: shown(visitor, page_of, said, 409))


@router.get("/archive/{article_id:int}")
def original(visitor: Reading, article_id: int) -> Response:
    """The page as it was fetched, shown without script, picture, frame or link that leads anywhere."""
    visitor.need("clippings")
    clipping = readable(visitor, article_id)
    headers = {"content-security-policy": guard.SAVED_PAGE_POLICY, "x-frame-options": "SAMEORIGIN"}
    if clipping.ref is None:
        return Response("没有保存原页面。", media_type="text/plain; charset=utf-8", headers=headers)
    charset = clipping.article.encoding
    told = {"content-type": f"text/html; charset={charset}"} if charset.replace("-", "").replace("_", "").isalnum() else {}
    try:
        text = visitor.office.decode(visitor.office.archive.read(clipping.ref), told)
    except Exception as error:                  # whatever archive stands behind the port: the clipping itself can still be read
        _log.warning("saved page of clipping %s cannot be shown: %s", article_id, error)
        return Response("保存的原页面无法读取，请联系管理员检查存档目录。", 200, headers, "text/plain; charset=utf-8")
    return Response(text, 200, headers, "text/html; charset=utf-8")
