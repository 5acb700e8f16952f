"""The claims desk from handing in to the pack: nothing half-accepted, rivals, materials, later tries, later looks, what the crawl missed.
"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from app.claims import Desk
from app.cli import app
from app.verify import write_problems, write_report
from claims_press import NOW, Fixed, hold, sample_house
from config.sample.press import Press
from config.sample.truth import load as truth
from model.claim import FormRow, PageState, Verdict, period
from pipelines import packs, pictures
from pipelines.intake import forms
from pipelines.reconcile import reconciliation

ROOT = Path(__file__).resolve().parents[2]
PIECES = {e.id: e for e in truth(NOW)}


@pytest.fixture
def desk(tmp_path):
    with Press(NOW) as press:
        press.publish_all()
        house = sample_house(tmp_path / "bureau", press, Fixed())
        house.press = press
        yield Desk(house, processes=1)
        house.close()


def typed(desk, *ids: str, **fields: str) -> list[dict[str, str]]:
    names = {o.id: o.name for o in desk.house.bureau().outlets}
    return [
        {"title": PIECES[i].title, "day": PIECES[i].published.date().isoformat(), "outlet": names[PIECES[i].outlet], "link": PIECES[i].url}
        | fields
        for i in ids
    ]


def handed(desk, unit: str, rows: list[dict[str, str]]) -> list:
    return desk.verify(desk.hand_in(unit, "2026Q4", desk.read_typed(rows, "2026Q4"), "联络员"))


def test_a_form_with_problems_is_taken_in_no_part(desk):
    rows = [*typed(desk, "s01.0"), {"title": "", "day": "昨天", "outlet": "云川日报"}]
    with pytest.raises(ValueError, match="没有受理"):
        desk.hand_in("syy", "2026Q4", desk.read_typed(rows, "2026Q4"), "联络员")
    assert desk.house.store.submissions() == [] and desk.house.store.claims() == []
    with pytest.raises(ValueError, match="没有编号"):
        desk.hand_in("nobody", "2026Q4", desk.read_typed(rows[:1], "2026Q4"), "联络员")


def test_two_units_that_claim_one_piece_are_both_asked(desk):
    first, = handed(desk, "zyy", typed(desk, "s02.0"))
    assert first.standing is Verdict.VERIFIED
    second, = handed(desk, "wjw", typed(desk, "s02.0"))
    first = desk.house.store.claim(first.id)
    assert (first.standing, second.standing) == (Verdict.DOUBTFUL, Verdict.DOUBTFUL) and "也申报" in first.finding.question
    desk.withdraw(second.id, "联络员", "报重了")
    desk.decide(first.id, Verdict.VERIFIED, "秘书", "")
    third, = handed(desk, "wjw", typed(desk, "s02.0"))
    assert third.standing is Verdict.DOUBTFUL and desk.house.store.claim(first.id).standing is Verdict.VERIFIED


def test_a_piece_claimed_in_an_earlier_form_of_the_period_is_refused_unless_that_is_replaced(desk):
    store = desk.house.store
    handed(desk, "syy", typed(desk, "s01.0"))
    again, = handed(desk, "syy", typed(desk, "s01.0"))
    assert again.standing is Verdict.REJECTED and "另一次填报" in again.finding.reasons[0]
    submission = desk.hand_in(
        "syy", "2026Q4", desk.read_typed(typed(desk, "s01.0", note="改"), "2026Q4"), "联络员", replaces=store.submissions("syy")[-1].id
    )
    assert store.claims(unit_id="syy", standing=("verified",)) == []
    assert desk.verify(submission)[0].standing is Verdict.VERIFIED
    assert [s.counts for s in store.submissions("syy")][0] == {"verified": 1}


def test_decisions_answers_and_their_record(desk):
    claim, = handed(desk, "fby", [{"title": "产科故事", "day": "2026-11-02", "outlet": "云川电视台", "link": "无"}])
    assert claim.standing is Verdict.DOUBTFUL and claim.finding.question
    desk.answer(claim.id, "联络员", "附上视频，请看第3分钟")
    with pytest.raises(ValueError, match="理由"):
        desk.decide(claim.id, Verdict.REJECTED, "秘书", " ")
    with pytest.raises(ValueError, match="只能"):
        desk.decide(claim.id, Verdict.PENDING, "秘书", "x")
    assert desk.decide(claim.id, Verdict.VERIFIED, "秘书", "已看视频").standing is Verdict.VERIFIED
    desk.verify(claim.submission_id)
    assert desk.house.store.claim(claim.id).standing is Verdict.VERIFIED, "a person's decision is not undone by looking again"
    assert [e.what for e in desk.house.store.claim_events(claim.id)] == ["handed_in", "checked", "answered", "decided"]
    assert desk.house.store.claim_counts("2026Q4") == {"fby": {"verified": 1}}


def test_what_was_handed_in_is_verified_by_the_timed_job_once(desk):
    submission = desk.hand_in("syy", "2026Q4", desk.read_typed(typed(desk, "s01.0"), "2026Q4"), "联络员")
    assert desk.verify_new() == 1 and desk.house.store.claims(submission)[0].standing is Verdict.VERIFIED
    assert desk.verify_new() == 0
    begun = desk.hand_in("zyy", "2026Q4", desk.read_typed(typed(desk, "w11.0"), "2026Q4"), "联络员")
    desk.house.store.put_value(f"claims:verifying:{begun}", NOW.isoformat())
    assert desk.verify_new() == 0, "another process is at it"
    desk.house.clock.at += timedelta(minutes=11)
    assert desk.verify_new() == 1, "and is taken to have died after a while"


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name, body in files.items():
            out.writestr(name, body)
    return target.getvalue()


def test_materials_are_kept_with_their_rows_or_not_at_all_and_are_packed(desk, tmp_path):
    rows = [*typed(desk, "s01.0"), {"number": "2", "title": "广播里的援藏故事", "day": "2026-11-02", "outlet": "云川人民广播电台"}]
    submission = handed(desk, "syy", rows)[0].submission_id
    assert desk.attach(submission, zipped({"2+广播里的援藏故事.mp3": b"ID3 sound", "9+没有.mp3": b"ID3"}), "联络员")
    assert not [i for i in desk.house.store.evidence_chain("syy/2026Q4") if i.kind == "material"]
    assert (
        desk.attach(
            submission, zipped({"2+广播里的援藏故事.mp3": b"ID3 sound", "1+" + rows[0]["title"] + ".jpg": b"\xff\xd8\xff scan"}), "联络员"
        )
        == []
    )
    assert desk.attach(submission, b"not a zip", "联络员")
    packed = desk.pack("syy", "2026Q4", tmp_path / "out")
    with zipfile.ZipFile(packed.path) as archive:
        assert archive.read("2+广播里的援藏故事/2+广播里的援藏故事.mp3") == b"ID3 sound"
        raw = archive.read("1+云川市第一人民医院援藏医疗队带回一份沉甸甸的答卷/网页原始数据.warc.gz")
    (tmp_path / "one.warc.gz").write_bytes(raw)
    from pipelines.archive_pages import iterate
    page, = iterate([tmp_path / "one.warc.gz"])
    assert page.url == PIECES["s01.0"].url and "援藏".encode() in page.body
    heard, sound = io.BytesIO(), next(i for i in desk.house.store.evidence_chain("syy/2026Q4") if i.media_type == "audio/mpeg")
    assert desk.copy_evidence(sound.claim_id, sound.seq, heard) == sound and heard.getvalue() == b"ID3 sound"
    with pytest.raises(ValueError):
        desk.copy_evidence(sound.claim_id, 99, heard)
    assert desk.check_pack(packed.path).wrong == () and packs.check(packed.path).count == packed.items == 4


def test_the_filled_form_holds_what_was_found_and_is_verified_as_it_stands(desk):
    hold(
        desk.house,
        desk.house.press,
        [e.url for e in PIECES.values() if e.status == "clipped" and e.id.startswith(("s01", "s16", "p05", "e601"))],
    )
    form = desk.read_form(desk.filled_form("syy", "2026Q4"), "季报表.xlsx", "2026Q4")
    assert not form.problems and {r.title for r in form.rows} >= {PIECES["s01.0"].title, PIECES["s16.0"].title, PIECES["p05.0"].title}
    assert PIECES["e601.0"].title not in {r.title for r in form.rows}, "blame is not offered"
    claims = desk.verify(desk.hand_in("syy", "2026Q4", form, "联络员"))
    assert {c.standing for c in claims} == {Verdict.VERIFIED}, [c.finding.reasons for c in claims if c.standing is not Verdict.VERIFIED]
    assert "没有填报的稿件" in str(desk.read_form(desk.blank_form("syy", "2026Q4"), "空表.xlsx", "2026Q4").problems[0])


def test_a_dead_link_is_tried_again_and_then_left_to_a_person(desk):
    press = desk.house.press
    held = press.site.pieces.pop(PIECES["p08.0"].url)
    claim, other = handed(
        desk,
        "bsyy",
        [
            *typed(desk, "p08.0"),
            {"title": "另一篇没有的稿件", "day": "2026-11-02", "outlet": "白沙融媒", "link": "http://www.baisharongmei.example/none.shtml"},
        ],
    )
    assert claim.standing is other.standing is Verdict.PENDING and claim.finding.retry_at > NOW
    tried, = desk.house.store.evidence_of(other.id)
    assert (tried.kind, tried.url, tried.seen_at, tried.meta["status"]) == ("attempt", other.row.urls[0], NOW, "404") and "404" in tried.meta["outcome"]
    assert desk.again() == 0
    press.site.pieces[held.url] = held
    for _ in range(4):
        desk.house.clock.at += timedelta(days=4)
        desk.again()
    store = desk.house.store
    assert store.claim(claim.id).standing is Verdict.VERIFIED
    assert store.claim(other.id).standing is Verdict.DOUBTFUL and "多次" in store.claim(other.id).finding.question
    assert len(store.evidence_of(other.id)) == 4 and desk.evidence.faults("bsyy/2026Q4") == [], "every attempt stands in the chain"


def test_a_page_that_is_no_article_leaves_its_raw_answer(desk):
    url = "http://www.yunchuanwang.example/news/yw/index.html"
    claim, = handed(desk, "syy", [{"title": "市一院义诊", "day": "2026-11-02", "outlet": "云川网", "link": url}])
    assert claim.standing is Verdict.REJECTED
    assert [(i.kind, i.meta["status"]) for i in desk.house.store.evidence_of(claim.id)] == [("response", "200"), ("attempt", "200")]
    assert desk.evidence.faults("syy/2026Q4") == []


@pytest.mark.skipif(not pictures.browser(), reason="NO BROWSER: no page was drawn; install chromium or set JIANBAO_CHROMIUM")
def test_credited_pages_are_drawn_once_from_what_was_captured(desk):
    good, bad = handed(desk, "syy", typed(desk, "s01.0", "s01.2"))
    desk.house.press.site.pieces.clear()               # what is drawn is what was captured: the sites may be gone
    assert desk.picture() == 1 and desk.picture() == 0
    drawn, = (i for i in desk.house.store.evidence_of(good.id) if i.kind == "pdf")
    held = io.BytesIO()
    desk.copy_evidence(good.id, drawn.seq, held)
    assert held.getvalue().startswith(b"%PDF") and drawn.meta["made_from"] == desk.house.store.clipping(good.finding.article_id).ref.sha256
    assert desk.evidence.faults("syy/2026Q4") == []
    assert not [i for i in desk.house.store.evidence_of(bad.id) if i.kind == "pdf"]


def test_credited_pages_are_looked_at_again(desk):
    press = desk.house.press
    claims = handed(desk, "syy", typed(desk, "s01.0", "s16.0", "p05.0"))
    assert {c.standing for c in claims} == {Verdict.VERIFIED}
    assert desk.look_again() == []
    edited = press.site.pieces[PIECES["p05.0"].url]
    press.site.pieces[edited.url] = replace(edited, paragraphs=("编者按：本文已作更正。", *edited.paragraphs[:1], "更正后的内容与原先不同，义诊改在下月举行，地点另行通知。"))
    del press.site.pieces[PIECES["s16.0"].url]
    changed = {c.url: c.state for c in desk.look_again()}
    assert changed == {PIECES["p05.0"].url: PageState.EDITED, PIECES["s16.0"].url: PageState.DELETED}
    assert {r.state for r in desk.house.store.rechecks(unit_id="syy")} == {PageState.SAME, PageState.EDITED, PageState.DELETED}


def test_claims_are_reconciled_with_what_the_crawl_found(desk):
    hold(desk.house, desk.house.press, [PIECES[i].url for i in ("s01.0", "s16.0", "w12.0")])
    claims = handed(desk, "syy", [*typed(desk, "s01.0", "p05.0"), {"title": "没有的稿件一篇", "day": "2026-11-02", "outlet": "云川电视台"}])
    laid = reconciliation(desk.house.store, "2026Q4")
    mine = {state: [r for r in laid.rows if r.unit_id == "syy" and r.state == state] for state in ("both", "claimed", "found")}
    assert [r.claim_id for r in mine["both"]] == [claims[0].id] and {r.claim_id for r in mine["claimed"]} == {claims[1].id, claims[2].id}
    assert {r.title for r in mine["found"]} == {PIECES["s16.0"].title, PIECES["w12.0"].title}
    assert laid.recall("syy") == (1, 2), "a page that only the claim led us to was missed by the crawl"
    assert laid.recall("zyy") == (0, 0)


def test_signs_of_formulas_stay_text_in_the_reports(desk, tmp_path):
    rows = [{"title": f"{sign}cmd|' /C calc'!A0", "day": "2026-11-02", "outlet": f"{sign}云川日报"} for sign in "=+-@＝＋－＠"]
    write_report(desk.house, handed(desk, "syy", rows), tmp_path)
    write_problems(desk.read_typed([r | {"day": "=昨天"} for r in rows], "2026Q4"), tmp_path)
    for name in ("核对结果.xlsx", "填报问题.xlsx"):
        cells = [c for sheet in load_workbook(tmp_path / name) for line in sheet for c in line if isinstance(c.value, str)]
        dangerous = [c for c in cells if c.value.startswith(tuple("=+-@＝＋－＠"))]
        assert len(dangerous) >= 8 and all(c.data_type == "s" and c.quotePrefix for c in dangerous)


def run(*command: str):
    return CliRunner().invoke(app, list(command))


def test_the_command_line_from_form_to_pack(tmp_path):
    with Press() as press:
        press.publish_all()
        folder = tmp_path / "bureau"
        house = sample_house(folder, press)
        names = {o.id: o.name for o in house.bureau().outlets}
        house.close()
        pieces = [e for e in truth(press.now) if e.status == "clipped" and e.outlet and "syy" in e.units and "N" not in e.opinion.values()]
        more = [e for e in truth(press.now) if e.status == "clipped" and e.outlet and e.units and "syy" not in e.units][:14]
        rows = [
            FormRow(str(n), e.title, e.published.date().isoformat(), names[e.outlet], (e.url,)) for n, e in enumerate([*pieces, *more], 1)
        ]
        day = pieces[0].published.date()
        span = period(f"{day.year}Q{(day.month - 1) // 3 + 1}")
        form, bad, at = tmp_path / "form.xlsx", tmp_path / "bad.csv", ("--bureau", str(folder))
        form.write_bytes(forms.filled("云川市第一人民医院", span, rows))
        command = ["verify", str(form), "--unit", "syy", "--out", str(tmp_path / "out"), "--period", span.id, *at]
        first = subprocess.run(
            [sys.executable, "-m", "app.cli", *command], cwd=ROOT, capture_output=True, text=True, timeout=180
        )  # with its two processes
        assert first.returncode == 0, first.stderr[-2000:]
        assert run(*command).exit_code == 0, "the same form again is verified again, not handed in twice"
        sheet = load_workbook(tmp_path / "out" / "核对结果.xlsx")["核对结果"]
        assert sheet.max_row == len(rows) + 1 and {c.value for c in sheet["F"][1:]} >= {"核实", "驳回"}
        assert len((tmp_path / "out" / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()) == len(rows)
        wrong = run("verify", str(form), "--unit", "zyy", "--out", str(tmp_path / "out2"), *at)
        assert wrong.exit_code == 1 and "填报单位" in wrong.output
        bad.write_text("序号,稿件标题,发布时间,发布媒体,网址\n1,XX医院开展活动,20**年3月5日,云川日报,无\n", encoding="utf-8")
        refused = run("verify", str(bad), "--unit", "syy", "--out", str(tmp_path / "out3"), *at)
        assert refused.exit_code == 1 and refused.output.count("占位符") == 2 and (tmp_path / "out3" / "填报问题.xlsx").exists()
        assert run("verify", str(form), "--unit", "没有的单位", "--out", str(tmp_path / "out4"), *at).exit_code == 1
        assert run("evidence", "pack", "--unit", "云川市第一人民医院", "--period", span.id, "--out", str(tmp_path), *at).exit_code == 0
        pack, = tmp_path.glob("*.zip")
        assert run("evidence", "verify", str(pack), *at).exit_code == 0
        with zipfile.ZipFile(pack, "a") as archive:
            archive.writestr("99+添上的/图.jpg", b"x")
        altered = run("evidence", "verify", str(pack), "--offline")
        assert altered.exit_code == 1 and "多出" in altered.output
