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
from claims_press import NOW, Wider, hold, sample_house
from config.sample.press import Press
from config.sample.press.site import Answer
from config.sample.truth import load as truth
from model.claim import Verdict
from model.page import Page
from pipelines.owner import owner
from pipelines.sheets import Book

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
SETS = {                           # name → (fewest rows, floor of right verdicts); none may be verified that should not be
    "claims": (120, 0.98),
    "claims_second": (60, 0.98),
    "claims_third": (35, 0.97),
    "claims_fourth": (24, 0.91),
}
LABELS = {v.label: v for v in Verdict}


def page_of(extra: dict) -> bytes:
    if "gone" in extra:
        frame = "weui-msg" if "mp.weixin" in extra["url"] else "box"
        return f'<html><head><title></title></head><body><div class="{frame}"><div class="warn">{extra["gone"]}</div></div></body></html>'.encode()
    if "account" in extra:
        return post_of(extra)
    lines = "".join(f"<p>　　{escape(line)}</p>" for line in extra["text"])
    crumb, above, below = (f"<div>{escape(extra[k])}</div>" if k in extra else "" for k in ("crumb", "above", "below"))
    beside = f'<div class="side"><h3>推荐</h3><ul><li><a href="/1.html">{escape(extra["beside"])}</a></li></ul></div>' if "beside" in extra else ""
    when = "" if extra.get("undated") else f'{extra["day"]} 09:30　'
    return (
        f'<html><head><meta charset="utf-8"><title>{extra["title"]}_{extra["outlet"]}</title></head>'
        f'<body>{crumb}<div class="main"><h1>{extra["title"]}</h1>'
        f'<div class="info">{when}来源：{extra.get("source", extra["outlet"])}</div>{above}<div class="content">{lines}</div>{below}</div>{beside}</body></html>'
    ).encode()


def post_of(extra: dict) -> bytes:
    """A post of a WeChat account."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in extra["text"])
    stamp = int(datetime.fromisoformat(f"{extra['day']}T09:30:00+08:00").timestamp())
    return (
        f'<html><head><meta charset="utf-8"><meta property="og:title" content="{extra["title"]}"><title></title></head><body id="activity-detail">'
        f'<h1 id="activity-name">{extra["title"]}</h1><a id="js_name">{extra["account"]}</a>'
        f'<div id="js_content" style="visibility: hidden">{lines}</div>'
        f'<script>var nickname = "{extra["account"]}"; var ct = "{stamp}"; var msg_title = \'{extra["title"]}\'.html(false);</script></body></html>'
    ).encode()


def filled(link: str, pieces: dict) -> str:
    return re.sub(r"\{([^}]+)\}", lambda m: pieces[m.group(1)].url, link)


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
                [filled(u, pieces) for u in row["links"]]
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


@pytest.fixture(scope="module", params=SETS)
def judged(tmp_path_factory, request):
    """([(row of the set, its claim)] after every form has been handed in, the house, the name of the set)"""
    corpus = yaml.safe_load((CORPUS / f"{request.param}.yaml").read_text(encoding="utf-8"))
    with Press(NOW) as press:
        press.publish_all()
        house = sample_house(tmp_path_factory.mktemp("claims") / "bureau", press)
        pieces: dict = {e.id: e for e in truth(NOW)}
        hold(house, press, [e.url for e in pieces.values() if e.id not in corpus["not_held"] and e.status in ("clipped",)])
        kept, served = [], {}
        for extra in corpus["pages"]:
            found = owner(house.bureau(), extra["url"])
            pieces[extra["id"]] = Extra(extra, found.id if found else "")
            if "leads" in extra:
                served[extra["url"]] = Answer(b"", status=302, location=filled(extra["leads"], pieces))
            elif extra.get("live"):
                status, kind = extra.get("answers", (200, "text/html; charset=utf-8"))
                served[extra["url"]] = Answer(page_of(extra), kind, status)
            else:
                page = Page(extra["url"], NOW, page_of(extra), 200, {"content-type": "text/html; charset=utf-8"}, found.id if found else "")
                kept.append((page, house.archive.append(page)))
        press.site = Wider(press.site, served)
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
        yield [(row, house.store.claim(i)) for row, i in told], house, request.param
        house.close()


def right(row: dict) -> Verdict:
    return LABELS[row["is"]]


def shown(row: dict, claim) -> str:
    said = "；".join(claim.finding.reasons)[:160]
    return f"{claim.unit_id} {row.get('of', '')} {claim.row.title[:24]}: {claim.finding.verdict.label}, right is {row['is']}: {said}"


def test_the_set_is_large_and_covers_every_check(judged):
    rows = [row for row, _ in judged[0]]
    assert len(rows) >= SETS[judged[2]][0]
    assert {"链接", "标题", "日期", "媒体", "涉及单位", "稿件性质", "首发转载", "重复申报", "所属期", "内容倾向"} <= {row.get("by") for row in rows}
    counts = Counter(map(right, rows))
    assert all(counts[v] >= 3 for v in (Verdict.VERIFIED, Verdict.DOUBTFUL, Verdict.REJECTED, Verdict.PENDING))


def test_verdicts_are_right_and_none_is_verified_that_should_not_be(judged, capsys):
    claims, _, name = judged
    wrong = [(row, claim) for row, claim in claims if claim.finding.verdict is not right(row)]
    false = [(row, claim) for row, claim in wrong if claim.finding.verdict is Verdict.VERIFIED]
    share = 1 - len(wrong) / len(claims)
    with capsys.disabled():
        print(f"\n  {name}: {len(claims)} claims, verdicts right {share:.3f}, false 核实 {len(false)}", end="")
        for row, claim in wrong:
            print(f"\n    {shown(row, claim)}", end="")
    assert not false
    assert share >= SETS[name][1]


def test_the_verdict_is_carried_by_the_right_check(judged):
    missing = [shown(row, claim) for row, claim in judged[0] if row.get("by") and claim.finding.verdict is right(row)
               and all(c.outcome == "pass" for c in claim.finding.checks if c.name == row["by"])]
    assert not missing, "\n".join(missing)


def test_a_repost_tells_to_whom_its_credit_goes(judged):
    wrong = [(shown(row, claim), claim.finding.credited_to) for row, claim in judged[0] if row.get("to") and row["to"] not in claim.finding.credited_to]
    assert not wrong, wrong


def test_every_verdict_has_its_reasons_and_every_check_both_sides(judged):
    for _, claim in judged[0]:
        assert claim.finding.reasons and all(claim.finding.reasons)
        assert all(c.reason and c.claimed and c.found for c in claim.finding.checks), claim.finding
        assert bool(claim.finding.question) == (claim.finding.verdict is Verdict.DOUBTFUL)
        assert bool(claim.finding.retry_at) == (claim.finding.verdict is Verdict.PENDING)


def test_pages_fetched_for_a_claim_become_clippings(judged):
    claims, house, _ = judged
    fetched = [claim for row, claim in claims if row.get("of") in ("p05.0", "w15.0", "s11.0", "s05.0", "s14.0", "k12", "m10")]
    assert fetched and all(house.store.clipping(c.finding.article_id).matched for c in fetched if c.finding.article_id)


def test_what_was_captured_is_sealed(judged):
    claims, house, _ = judged
    evidence = Desk(house).evidence
    for chain in {f"{c.unit_id}/{c.period}" for _, c in claims}:
        assert evidence.faults(chain) == []
    held = [c for _, c in claims if c.finding.article_id]
    assert all({i.kind for i in house.store.evidence_of(c.id)} >= {"response", "text"} for c in held)
