"""The labelled claims over the sample press: forms written as xlsx, read, handed in one after the other, verified; verdicts against the
right ones.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import date, datetime
from html import escape
from pathlib import Path

import pytest
import yaml

from app.claims import Desk
from claims_press import NOW, hold, sample_house
from config.sample.press import Press
from config.sample.truth import load as truth
from model.claim import Verdict
from model.page import Page
from pipelines.owner import owner
from pipelines.sheets import Book

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "claims.yaml"
LABELS = {v.label: v for v in Verdict}
FLOOR = 0.98


def page_of(extra: dict) -> bytes:
    lines = "".join(f"<p>　　{escape(line)}</p>" for line in extra["text"])
    return (
        f'<html><head><meta charset="utf-8"><title>{extra["title"]}_{extra["outlet"]}</title></head>'
        f'<body><div class="main"><h1>{extra["title"]}</h1>'
        f'<div class="info">{extra["day"]} 09:30　来源：{extra["outlet"]}</div><div class="content">{lines}</div></div></body></html>'
    ).encode()


def form_of(rows: list[dict], pieces: dict, names: dict) -> bytes:
    """The rows as a unit would write them."""
    target = io.BytesIO()
    with Book(target, "季报表") as book:
        sheet = book.sheet("Sheet1", (8, 40, 16, 20, 60))
        sheet.head("序号", "稿件标题", "发布时间", "发布媒体", "发布网址（链接）")
        for number, row in enumerate(rows, 1):
            piece = pieces.get(row.get("of"))
            day = date.fromisoformat(str(row.get("day") or piece.published.date()))
            links = (
                [re.sub(r"\{([^}]+)\}", lambda m: pieces[m.group(1)].url, u) for u in row["links"]]
                if "links" in row
                else [piece.url]
                if row.get("link") != "none"
                else []
            )
            sheet.add(
                number,
                row.get("title") or piece.title,
                f"{day.year}年{day.month}月{day.day}日",
                row.get("outlet") or names[piece.outlet],
                "\n".join(links) or "无",
            )
    return target.getvalue()


class Extra:
    """A page of the set that is no piece of the press."""

    def __init__(self, data: dict, outlet: str):
        self.url, self.title, self.outlet = data["url"], data["title"], outlet
        self.published = datetime.fromisoformat(f"{data['day']}T09:30:00+08:00")


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """[(row of the set, its claim)] after every form has been handed in"""
    corpus = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
    with Press(NOW) as press:
        press.publish_all()
        house = sample_house(tmp_path_factory.mktemp("claims") / "bureau", press)
        pieces: dict = {e.id: e for e in truth(NOW)}
        hold(house, press, [e.url for e in pieces.values() if e.id not in corpus["not_held"] and e.status in ("clipped",)])
        kept = []
        for extra in corpus["pages"]:
            found = owner(house.bureau(), extra["url"])
            page = Page(extra["url"], NOW, page_of(extra), 200, {"content-type": "text/html; charset=utf-8"}, found.id)
            kept.append((page, house.archive.append(page)))
            pieces[extra["id"]] = Extra(extra, found.id)
        house.archive.flush()
        house.store.enqueue(kept, NOW)
        house.flow().run(house.store.take_pages("test", 10, NOW))
        names = {o.id: o.name for o in house.bureau().outlets} | {"": "健康先知道"}
        desk, told = Desk(house, processes=1), []
        for form in corpus["forms"]:
            read = desk.read_form(form_of(form["rows"], pieces, names), "季报表.xlsx", form["period"])
            assert not read.problems and len(read.rows) == len(form["rows"]), read.problems
            submission = desk.hand_in(form["unit"], form["period"], read, "联络员")
            claims = desk.verify(submission)
            told += zip(form["rows"], (c.id for c in claims))
            for row, claim in zip(form["rows"], claims):
                if row.get("decide"):
                    desk.decide(claim.id, LABELS[row["decide"]], "秘书", "情况特殊，予以认定")
        yield [(row, house.store.claim(i)) for row, i in told], house
        house.close()


def right(row: dict) -> list[Verdict]:
    said = row["is"] if isinstance(row["is"], list) else [row["is"]]
    return [LABELS[s] for s in said]


def shown(row: dict, claim) -> str:
    said = "；".join(claim.finding.reasons)[:160]
    return f"{claim.unit_id} {row.get('of', '')} {claim.row.title[:24]}: {claim.finding.verdict.label}, right is {row['is']}: {said}"


def test_the_set_is_large_and_covers_every_check(judged):
    rows = [row for row, _ in judged[0]]
    assert len(rows) >= 120
    assert {"链接", "标题", "日期", "媒体", "涉及单位", "稿件性质", "首发转载", "重复申报", "所属期", "内容倾向"} <= {row.get("by") for row in rows}
    counts = Counter(v for row in rows for v in right(row)[:1])
    assert all(counts[v] >= 3 for v in (Verdict.VERIFIED, Verdict.DOUBTFUL, Verdict.REJECTED, Verdict.PENDING))


def test_verdicts_are_right_and_none_is_verified_that_should_not_be(judged, capsys):
    claims = judged[0]
    wrong = [(row, claim) for row, claim in claims if claim.finding.verdict not in right(row)]
    false = [(row, claim) for row, claim in wrong if claim.finding.verdict is Verdict.VERIFIED]
    share = 1 - len(wrong) / len(claims)
    with capsys.disabled():
        print(f"\n  {len(claims)} claims, verdicts right {share:.3f}, false 核实 {len(false)}", end="")
        for row, claim in wrong:
            print(f"\n    {shown(row, claim)}", end="")
    assert not false
    assert share >= FLOOR


def test_the_verdict_is_carried_by_the_right_check(judged):
    missing = [shown(row, claim) for row, claim in judged[0] if row.get("by") and claim.finding.verdict in right(row)
               and all(c.outcome == "pass" for c in claim.finding.checks if c.name == row["by"])]
    assert not missing, "\n".join(missing)


def test_every_verdict_has_its_reasons_and_every_check_both_sides(judged):
    for _, claim in judged[0]:
        assert claim.finding.reasons and all(claim.finding.reasons)
        assert all(c.reason and c.claimed and c.found for c in claim.finding.checks), claim.finding
        assert bool(claim.finding.question) == (claim.finding.verdict is Verdict.DOUBTFUL)
        assert bool(claim.finding.retry_at) == (claim.finding.verdict is Verdict.PENDING)


def test_pages_fetched_for_a_claim_become_clippings(judged):
    claims, house = judged
    fetched = [claim for row, claim in claims if row.get("of") in ("p05.0", "w15.0", "s11.0")]
    assert fetched and all(house.store.clipping(c.finding.article_id).matched for c in fetched)


def test_what_was_captured_is_sealed(judged):
    claims, house = judged
    evidence = Desk(house).evidence
    for chain in {f"{c.unit_id}/{c.period}" for _, c in claims}:
        assert evidence.faults(chain) == []
    held = [c for _, c in claims if c.finding.article_id]
    assert all({i.kind for i in house.store.evidence_of(c.id)} >= {"response", "text"} for c in held)
