"""Papers of the duty room: every fact is the record's, what it does not hold is a marked blank, parts make totals, patients stay unnamed."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from dashboards import papers, papers_docx, papers_xlsx
from dashboards.cases import chain, spread
from dashboards.papers import BLANK, Grid
from dashboards_office import client_as, world
from docx import Document
from model.story import First, FirstState
from openpyxl import load_workbook

TITLE = "云川市人民医院一起纠纷引关注"


@pytest.fixture
def made(tmp_path):
    made = world(tmp_path)
    made.fill()
    first = made.numbers[TITLE]
    made.clip(f"转：{TITLE}", "云川市人民医院的纠纷引发质疑。", outlet="wang", story=made.story_of(first), age=timedelta(minutes=20), negative=True, source="云川日报")
    made.desk.consider(made.numbers[f"转：{TITLE}"])
    return made


def held(made, number=1):
    return papers.facts(made.store, made.office.bureau(), made.store.incident(number))


def text_of(paper):
    def flat(value):
        return "\n".join(map(flat, value)) if isinstance(value, tuple) else str(value)
    return "\n".join(flat(b.rows) if isinstance(b, Grid) else b.text + getattr(b, "link", "") for b in paper.blocks)


def test_the_quick_report_holds_the_record_and_blanks_for_the_rest(made):
    text = text_of(papers.kuaibao(held(made), made.office.bureau(), made.clock.now()))
    copy = made.store.clipping(made.numbers[TITLE])
    for said in (copy.article.url, "2026年11月21日 9:40（首发已确认）", "收录2家媒体的稿件2篇，其中市级1篇、商业门户1篇", "尚未签收", "采集时间：2026年11月21日 9:52",
                 "患者家属与云川市人民医院的纠纷引发质疑"):
        assert said in text, said
    assert f"五、工作建议\n{BLANK}" in text
    made.desk.sign(1, "甲")
    made.desk.judge(1, "甲", "尽快发布情况说明")
    assert "五、工作建议\n尽快发布情况说明" in text_of(papers.kuaibao(held(made), made.office.bureau(), made.clock.now()))


def test_every_number_of_a_report_is_one_of_the_record(made):
    facts = held(made)
    spoken = re.search(r"稿件(\d+)篇，其中(.+?)。", text_of(papers.zhuanbao(facts, made.office.bureau(), made.clock.now())))
    assert int(spoken[1]) == len(facts.copies) == sum(map(int, re.findall(r"(\d+)篇", spoken[2])))


def test_the_path_names_the_declared_source(made):
    assert "云川在线转载云川日报稿件（来源注明“云川日报”）" in text_of(papers.zhuanbao(held(made), made.office.bureau(), made.clock.now()))


def test_an_unconfirmed_first_publication_is_said_to_be_so(made):
    with made.store.write() as w:
        w.set_first(made.story_of(made.numbers[TITLE]), First(None, FirstState.UNKNOWN, "没有时间"), TITLE, "municipal")
    assert "首发未确认，所列为最早见到的一篇" in text_of(papers.kuaibao(held(made), made.office.bureau(), made.clock.now()))


def test_the_assignment_form_is_blank_before_and_whole_after(made):
    bureau, now = made.office.bureau(), made.clock.now()

    def cells(unit=""):
        return dict(papers.jiaoban(held(made), bureau, now, unit).blocks[0].rows)
    for name in ("编号", "主办单位", "协办单位", "办理要求", "反馈时限", "领导批示", "核查情况", "处置措施", "回应内容", "反馈时间", "办结意见"):
        assert cells()[name] == BLANK, name
    made.desk.sign(1, "甲")
    made.desk.judge(1, "甲", "属实")
    made.desk.instruct(1, "主任", "内部批示")
    made.desk.assign(1, "甲", ["yy"], ["zy"], "核实", now + timedelta(days=1))
    made.desk.handle(1, "乙", "zy", "另一家的核查")
    assert cells()["主办单位"] == "市人民医院" and cells()["反馈时限"] == ("2026年11月22日 10:30",) and "内部批示" in cells()["领导批示"][0]
    own = papers.jiaoban(held(made), bureau, now, "yy")
    assert "另一家的核查" not in text_of(own) and "内部批示" not in text_of(own) and "核实" in text_of(own)


def test_a_day_report_counts_its_day_and_a_quiet_day_says_so(made):
    bureau, now = made.office.bureau(), made.clock.now()
    today = text_of(papers.ribao(made.store, bureau, date(2026, 11, 21), now))
    assert "当日新发现舆情1件（Ⅳ级1件）" in today and "签收0件" in today and TITLE in today
    quiet = text_of(papers.ribao(made.store, bureau, date(2026, 11, 20), now))
    assert "当日未发现新的舆情" in quiet and "二、当日舆情\n无。" in quiet
    made.clock.at += timedelta(days=1)
    later = text_of(papers.ribao(made.store, bureau, date(2026, 11, 22), made.clock.now()))
    assert "三、此前未办结（现状）" in later and TITLE in later


def test_a_word_file_keeps_the_national_layout_and_its_blanks(made):
    body = papers_docx.write(papers.jiaoban(held(made), made.office.bureau(), made.clock.now()))
    document = Document(io.BytesIO(body))
    section = document.sections[0]
    assert [round(m.mm) for m in (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin, section.page_width)] == [37, 28, 35, 26, 210]
    rows = {r.cells[0].text: r.cells[1].text for r in document.tables[0].rows}
    assert rows["主办单位"] == BLANK and document.paragraphs[1].text == "舆情交办单" and document.paragraphs[1].style.name == "Title"
    heads = [p.text for p in Document(io.BytesIO(papers_docx.write(papers.zhuanbao(held(made), made.office.bureau(), made.clock.now())))).paragraphs
             if p.style.name == "Heading 1"]
    assert heads == ["一、事件概况", "二、传播情况及路径", "三、主要观点", "四、处置和回应", "五、工作建议", "六、稿件清单"]


def test_patients_are_not_named_in_what_leaves(made):
    number = made.alarm("云川市人民医院患者家属的纠纷", "患者张三丰（男，35岁）与云川市人民医院的纠纷引发质疑，电话13812345678。", age=timedelta(minutes=5))
    client = client_as(made, "duty")
    for path in (f"/incidents/{number}/papers/kuaibao", f"/incidents/{number}/papers/zhuanbao", f"/incidents/{number}/papers/jiaoban", "/papers/day"):
        text = client.get(path).text
        assert "引发质疑" in text and "张三丰" not in text and "13812345678" not in text, path


def test_the_ledger_has_a_row_a_case_and_formulas_stay_text(made):
    made.alarm("=1+1纠纷", "云川市人民医院的纠纷引发质疑。", age=timedelta(minutes=5))
    incidents = sorted(made.store.incidents((), 50), key=lambda i: i.id)
    body = papers_xlsx.write(made.store, made.office.bureau(), incidents, "2026-01-01", "2026-11-21")
    sheet = load_workbook(io.BytesIO(body))["舆情台账"]
    rows = list(sheet.iter_rows())
    assert [c.value for c in rows[0]] == list(papers_xlsx.HEADS) and len(rows) == 3
    first = dict(zip(papers_xlsx.HEADS, (c.value for c in rows[1])))
    assert (first["序号"], first["编号"], first["事件"], first["媒体数"], first["稿件数"]) == (1, 1, TITLE, 2, 2)
    assert not first["签收人"] and first["首发链接"].startswith("http://shi.example/")
    assert rows[2][2].value == "=1+1纠纷" and rows[2][2].data_type == "s" and rows[2][2].quotePrefix


def test_copies_that_name_each_other_are_still_all_in_the_chain(made):
    facts = held(made)
    a, b = facts.copies
    names = replace(a, article=replace(a.article, source=b.outlet_name), edge=None), replace(b, article=replace(b.article, source=a.outlet_name), edge=None)
    loose = [replace(c, story=None) for c in names]
    for copies in (names, loose):
        assert {link.clipping.id for link in chain(copies)} == {a.id, b.id}
    assert chain([]) == [] and spread([]) is None
