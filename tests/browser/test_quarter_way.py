"""A whole quarter in the browser, from a unit's upload to the circular: verified, decided with keys, credited, closed, ranked, downloaded, packed."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from docx import Document

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

from claims_press import Fixed, hold, sample_house  # noqa: E402
from dashboards_office import PASSWORD, serve  # noqa: E402

from app import credits  # noqa: E402
from app.claims import Desk  # noqa: E402
from app.serve import office  # noqa: E402
from config.sample.press import Press  # noqa: E402
from config.sample.truth import load as truth  # noqa: E402
from dashboards.accounts import hash_password  # noqa: E402
from model.claim import FormRow, Verdict, period  # noqa: E402
from model.user import Role, User  # noqa: E402
from pipelines.intake import forms  # noqa: E402

SPAN = period("2026Q4")


@pytest.fixture(scope="module")
def quarter(tmp_path_factory):
    with Press(Fixed().now()) as press:
        press.publish_all()
        house = sample_house(tmp_path_factory.mktemp("whole") / "bureau", press)
        hold(house, press, [e.url for e in truth(press.now) if e.status == "clipped" and e.id.startswith(("s01", "s02"))])
        for user in (User(0, "yiyuan", "市一院联络员", Role.UNIT, "syy"), User(0, "mishu", "秘书处", Role.SECRETARIAT)):
            house.store.save_user(user, hash_password(PASSWORD))
        pieces = {e.id: e for e in truth(press.now)}
        yield SimpleNamespace(house=house, pieces=pieces, address=serve(SimpleNamespace(office=office(house))))
        house.close()


@pytest.fixture
def enter(visiting, quarter):
    return lambda name: visiting(quarter.address, name)


def rows(quarter) -> list[FormRow]:
    """Five rows of the unit: two that hold, one with a wrong day, one repost, one broadcast without a link."""
    names = {o.id: o.name for o in quarter.house.bureau().outlets}

    def row(number: int, key: str, day: str = "") -> FormRow:
        e = quarter.pieces[key]
        return FormRow(str(number), e.title, day or e.published.date().isoformat(), names[e.outlet], (e.url,))

    return [row(1, "s01.0"), row(2, "s16.0"), row(3, "p05.0", "2026-11-09"), row(4, "s01.2"),
            FormRow("5", "市一院急救知识走进直播间", "2026-11-10", "云川人民广播电台")]


def numbers(document, heading: str) -> list[list[str]]:
    """The cells of the table of a circular whose first row holds `heading`."""
    table = next(t for t in document.tables if heading in [c.text for c in t.rows[0].cells])
    return [[c.text for c in r.cells] for r in table.rows]


def test_from_upload_to_circular(quarter, enter, tmp_path):
    house, desk = quarter.house, Desk(quarter.house)
    form = tmp_path / "季报表.xlsx"
    form.write_bytes(forms.filled("云川市第一人民医院", SPAN, rows(quarter)))
    sound = io.BytesIO()
    with zipfile.ZipFile(sound, "w") as archive:
        archive.writestr("5+市一院急救知识走进直播间.mp3", b"ID3 sound of the broadcast")
    (tmp_path / "佐证.zip").write_bytes(sound.getvalue())

    unit = enter("yiyuan")                                            # the unit hands in
    unit.get_by_label("季报表（xlsx").set_input_files(form)
    unit.get_by_label("佐证材料压缩包").set_input_files(tmp_path / "佐证.zip")
    unit.get_by_role("button", name="提交", exact=True).click()
    unit.wait_for_url(re.compile(r"/claims/submissions/\d+$"))
    assert desk.verify_new() == 1                                     # what the timed job does within seconds
    unit.reload()
    assert [unit.locator("table.data tbody tr").nth(n).locator("td").nth(4).inner_text().split()[0] for n in range(5)] \
        == ["核实", "核实", "存疑", "驳回", "存疑"]

    secretary = enter("mishu")                                        # the secretariat decides what is left, with keys
    secretary.goto("/claims/review")
    assert "还有 2 条" in secretary.locator("h1").inner_text() and "相差" in secretary.text_content("main")
    secretary.locator("main h2").first.click()
    secretary.keyboard.press("1")
    secretary.wait_for_url(re.compile(r"review\?after="))
    assert "急救知识走进直播间" in secretary.text_content("main") and "市一院急救知识走进直播间.mp3" in secretary.text_content("main")
    secretary.keyboard.press("r")
    secretary.keyboard.type("已听录音")
    secretary.locator("main h2").first.click()
    secretary.keyboard.press("1")
    secretary.get_by_text("没有等待核定的申报").wait_for()
    standing = [c.standing for c in house.store.claims(unit_id="syy")]
    assert standing == [Verdict.VERIFIED, Verdict.VERIFIED, Verdict.VERIFIED, Verdict.REJECTED, Verdict.VERIFIED]

    credits.desk(house).book_claims()                                 # what the timed job does within a minute
    unit.goto("/credits/unit/syy?period=2026Q4")
    assert "云川市第一人民医院援藏医疗队带回一份沉甸甸的答卷" in unit.text_content("main")
    # 云川日报 6 + 临江日报 10 + 云川网 6; the station is in no list of outlets and earns nothing by itself
    assert house.store.ledger(unit_id="syy", period="2026Q4", limit=100) and {r.kind for r in house.store.ledger(period="2026Q4", limit=100)} == {"piece"}
    earned = {r.class_id: r.cents for r in house.store.ledger(unit_id="syy", period="2026Q4", limit=100)}
    assert sum(r.cents for r in house.store.ledger(unit_id="syy", period="2026Q4", limit=100)) == 2200 and earned["provincial"] == 1000

    secretary.goto("/credits/periods")                                # the period is closed before its end: only when said so
    held = secretary.locator("section.panel", has_text="2026年第四季度").first
    held.get_by_role("button", name="结账", exact=True).click()
    secretary.get_by_role("alert").filter(has_text="还没有结束").wait_for()
    held = secretary.locator("section.panel", has_text="2026年第四季度").first
    held.get_by_label("有未办事项也结账").check()
    held.get_by_label("备注").fill("试结")
    held.get_by_role("button", name="结账", exact=True).click()
    secretary.locator("section.panel", has_text="2026年第四季度").first.get_by_text("已结账").wait_for()
    assert not house.store.period_state("2026Q4").open

    secretary.goto("/credits?period=2026Q4")                          # the ranking
    line = secretary.locator("tr", has_text="市一院").first.inner_text()
    total = sum(r.cents for r in house.store.ledger(unit_id="syy", period="2026Q4", limit=100))
    assert f"{total / 100:g}" in line.replace(".00", "")

    secretary.goto("/credits/circular?period=2026Q4")                 # the circular, as a file
    secretary.get_by_label("文号").fill("云卫办函〔2026〕18号")
    secretary.get_by_label("主送").fill("各有关单位")
    secretary.get_by_label("抄送").fill("市政府办公室、市医改办")
    with secretary.expect_download() as coming:
        secretary.get_by_role("button", name="下载 Word").click()
    paper = tmp_path / "circular.docx"
    coming.value.save_as(paper)
    document = Document(str(paper))
    said = "\n".join(p.text for p in document.paragraphs)
    assert "云卫办函〔2026〕18号" in said and "抄送" in said + "\n".join(c.text for t in document.tables for r in t.rows for c in r.cells)
    assert "共收到报送5条" in said.replace(" ", "") and "共刊登3篇" in said.replace(" ", ""), said
    mine = next(r for r in numbers(document, "报送") if "市一院" in r)
    assert mine[-3:] == ["5", "4", "3"], mine
    ranked = next(r for r in numbers(document, "名次") if "市一院" in r)
    assert ranked[0] == "1" and f"{total / 100:g}" in [c.replace(".00", "") for c in ranked]

    packed = desk.pack("syy", "2026Q4", tmp_path / "packs")           # and the evidence of it all
    assert desk.check_pack(packed.path).wrong == () and packed.items >= 9
