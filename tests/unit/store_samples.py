"""Small values that the tests of the store are written with."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from analysis.words import cut_for_index
from model.alert import Incident, IncidentState, Level
from model.article import Article, Dateline, Person, Signal
from model.clipping import Record, Signature
from model.credit import LedgerRow
from model.mention import Mention
from model.opinion import Hit, Judgement, Label
from model.page import ArchiveRef, Page
from model.story import Edge, Relation

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)      # 10:00 in Shanghai


def later(**spans: float) -> datetime:
    return NOW + timedelta(**spans)


def fetched(url: str, **fields) -> tuple[Page, ArchiveRef]:
    return Page(url, fields.pop("fetched_at", NOW), b"<html>", **fields), ArchiveRef("20261120/crawl.warc.gz", 0, 10, "ab" * 32)


def article(number: int = 1, title: str = "市人民医院开设夜间门诊", text: str = "本报讯 云川市人民医院昨日开设夜间门诊，患者不用再请假看病。", **fields) -> Article:
    url = f"http://news.example/{number}.html"
    return Article(url, url, title, text, **{"published": NOW, "precision": "minute"} | fields)


def full_article() -> Article:
    """One with every kind of field filled."""
    return article(
        people=(Person("张三"), Person("李四", "correspondent", "市人民医院")), dateline=Dateline("新华社武汉2月19日电", "新华社", "武汉", "2月19日"),
        source="云川日报", is_original=False, injected=("http://bad.example/",), page_no="02", signals={"title": Signal("h1", 0.9, "og:title")})


def record(piece: Article | None = None, page_id: int = 1, units: tuple[str, ...] = ("u1",), label: Label = Label.POSITIVE, *,
           matched: bool = True,
           outlet: str = "o1", tier: str = "municipal", simhash: int = 7, unresolved: bool = False, sha: str = "") -> Record:
    piece = piece or article()
    mentions = tuple(Mention(u, "市人民医院", 0, 5, "全称") for u in units)
    if unresolved:
        mentions += (Mention("", "市一院", 6, 9, "地名不明", certain=False, candidates=("u1", "u2")),)
    judgements = (Judgement("", label, 0.8, 1, words=("投诉",), hits=(Hit("投诉", "T01", "strong", 0, 2, "已解决"),), reason="理由"),
                  *(Judgement(u, label, 0.8) for u in units))
    return Record(page_id, outlet, f"{outlet}报", tier, piece, mentions if matched else (), judgements if matched else (), matched,
                  sha or f"sha of {piece.title}{piece.text}", Signature(0, simhash, len(piece.text), (1, 2**63 - 1)) if matched else None,
                  cut_for_index(piece.title) if matched else "", cut_for_index(piece.text) if matched else "")


def saved(store, *records: Record, now: datetime = NOW) -> list[int]:
    with store.write() as w:
        return [w.save_article(r, now) for r in records]


def founder(article_id: int) -> Edge:
    return Edge(article_id, None, Relation.REPOST, 1.0, "首篇")


def incident(title: str = "夜间门诊收费引发质疑", **fields) -> Incident:
    given = {"level": Level.III, "state": IncidentState.OPEN, "opened_at": NOW, "first_seen": NOW, "updated_at": NOW, "units": ("u1",),
             "outlets": 1,
             "articles": 1, "stories": ()} | fields
    return Incident(0, title, **given)


def credit(unit: str = "u1", **fields) -> LedgerRow:
    given = {"at": NOW, "article_id": 1, "story_id": 1, "scheme": "s@1", "class_id": "city", "class_name": "市级", "cents": 600,
             "period": "2026Q4",
             "arithmetic": "市级 6.00 × 1 = 6.00", "reason": "首发"} | fields
    return LedgerRow(0, unit_id=unit, **given)
