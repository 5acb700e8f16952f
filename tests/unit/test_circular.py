"""The circular, the statement and the annual roll-up: parts make totals, nothing is left to fill in, the files open and say the same."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import load_workbook

from analysis.sums import sums_in, wrong_sums
from dashboards import circular_docx, circular_xlsx, show, statement_docx
from dashboards_office import world
from model.circular import DoesNotLeave, Letter, placeholder
from model.claim import Verdict
from model.credit import Quota
from test_credits import claim, desk_of

LETTER = Letter("云卫办函〔2026〕12号", "各县（区）卫生健康局，市直各医疗卫生单位", ("市委宣传部", "市医改办"), ("请按月完成报送任务。",))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A quarter of fourteen pieces in three classes, five of them shared with a claimant, one award, one veto, tasks not fulfilled; closed."""
    made = world(tmp_path_factory.mktemp("circular"))
    desk = desk_of(made, quotas=(Quota("month", 2, "submitted", {"委机关": 0}, 100),))
    for n in range(14):
        number = made.clip(f"云川市{'人民' if n % 2 else '中'}医院第{n}次义诊", unit=("zy", "yy")[n % 2], outlet=("shi", "sheng", "guojia")[n % 3],
                           age=timedelta(days=n))
        desk.match(number)
        if n % 3 == 0:
            claim(made, Verdict.VERIFIED, number, unit="dq")
    desk.book_claims()
    desk.award("yy", "instruction", "2026Q4", "秘书甲", "市长11月2日批示")
    desk.award("zy", "late", "2026Q4", "秘书甲", "10月信息迟报一次")
    desk.close("2026Q4", "秘书甲", "季度结账", anyway=True)
    return desk


@pytest.fixture(scope="module")
def circular(desk):
    return desk.circular("2026Q4", LETTER)


@pytest.fixture(scope="module")
def paper(circular, tmp_path_factory):
    path = tmp_path_factory.mktemp("docx") / "通报.docx"
    circular_docx.write(circular, path)
    return Document(str(path))


@pytest.fixture(scope="module")
def book(circular, tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "通报.xlsx"
    circular_xlsx.write(circular, path)
    return load_workbook(path)


def words(document):
    return "\n".join([p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells])


def rows(table):
    return [[c.text for c in r.cells] for r in table.rows]


def test_the_numbers_of_the_quarter(circular):
    assert circular.faults() == [] and (circular.total, circular.shared, circular.submitted) == (14, 5, 5)
    assert [(c.name, c.pieces) for c in circular.classes] == [("中央媒体", 4), ("省级媒体", 5), ("市级媒体", 5)]
    assert circular.sentence() == "共刊登14篇，其中中央媒体4篇、省级媒体5篇、市级媒体5篇。"
    lines = {u.unit_id: u for u in circular.units}
    assert (lines["yy"].rank, lines["zy"].rank, lines["zy"].vetoed) == (1, 0, True) and len(circular.high) == 9
    assert all(u.cents == u.piece_cents + u.other_cents for u in circular.units)


def test_every_sum_in_the_paper_holds(paper):
    held = sums_in(words(paper))
    assert len(held) >= 1 and wrong_sums(words(paper)) == []


def test_the_paper_has_its_parts_in_order_and_its_copies_at_the_foot(circular, paper):
    assert [p.text for p in paper.paragraphs if p.style.name == "Heading 1"] == ["一、报送情况", "二、采用情况", "三、得分和排名", "四、未完成任务的单位", "五、有关要求"]
    text = words(paper)
    for said in ("云卫办函〔2026〕12号", "各县（区）卫生健康局，市直各医疗卫生单位：", "抄送：市委宣传部，市医改办。", "请按月完成报送任务。", circular.sentence(),
                 "关于2026年第四季度\n宣传信息报送和采用情况的通报", "2026年10月1日至2026年12月31日", "没有报送的单位：市人民医院、市中医院。", "2026年11月21日印发"):
        assert said in text, said
    assert "送审稿" not in text and "未结账" not in text
    assert rows(paper.tables[-1])[0][0].startswith("抄送")


def test_the_paper_has_the_layout_of_the_standard(paper):
    section = paper.sections[0]
    assert [round(x / Mm(1)) for x in (section.page_width, section.page_height, section.top_margin, section.left_margin, section.bottom_margin,
                                       section.right_margin)] == [210, 297, 37, 28, 35, 26]
    fonts = {name: paper.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Title", "Heading 1", "Heading 2", "Normal")}
    assert fonts == {"Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312", "Normal": "仿宋_GB2312"}
    assert paper.styles["Normal"].paragraph_format.line_spacing == Pt(28) and paper.styles["版记"].font.size == Pt(14)


def test_the_paper_ranks_within_groups_and_names_who_is_under_quota(circular, paper):
    ranking = [r for t in paper.tables if rows(t)[0][0] == "名次" for r in rows(t)[1:]]
    assert ranking == [["否决" if u.vetoed else str(u.rank), u.label, str(u.adopted), show.points(u.piece_cents), show.points(u.other_cents), show.points(u.cents)]
                       for u in circular.units]
    short = next(rows(t)[1:] for t in paper.tables if rows(t)[0][0] == "单位")
    assert len(short) == len(circular.shortfalls) == 8 and ["市人民医院", "2026年10月", "报送", "2", "0", "-2.00"] in short


def test_the_book_says_the_same_and_holds_the_adoption_table(circular, book):
    assert book.sheetnames == ["通报", "排名", "采用表", "采用清单", "任务", "人员", "加减分"]
    table = [[c.value for c in r] for r in book["采用表"].iter_rows()]
    assert table[0] == ["媒体", "类别", *(u.label for u in circular.units), "篇数"] and table[-1][-1] == circular.total
    for column in range(2, len(table[0])):
        assert sum(r[column] for r in table[1:-1]) == table[-1][column]
    listed = [[c.value for c in r] for r in book["采用清单"].iter_rows(min_row=2)]
    assert len(listed) == circular.total and round(sum(r[8] for r in listed) * 100) == sum(u.piece_cents for u in circular.units)
    assert next(r for r in book["通报"].iter_rows(values_only=True) if r[0] == "状态")[1] == "正式"


def test_a_paper_that_does_not_add_up_is_not_written(circular, tmp_path):
    for broken, said in ((replace(circular, total=13), "各类别篇数：总数 13，分项合计 14"), (replace(circular, submitted=6), "各单位报送"),
                         (replace(circular, units=circular.units[1:]), "各单位采用"), (replace(circular, items=circular.items[1:]), "采用清单"),
                         (replace(circular, units=tuple(replace(u, cents=u.cents + 1) for u in circular.units)), "得分")):
        for write, name in ((circular_docx.write, "a.docx"), (circular_xlsx.write, "a.xlsx")):
            with pytest.raises(DoesNotLeave, match=said):
                write(broken, tmp_path / name)
            assert not (tmp_path / name).exists()


@pytest.mark.parametrize("text", ["云卫办函〔20**〕X号", "XX市卫生健康委", "共报送X篇", "××医院", "联系人（　）", "电话____", "待填"])
def test_no_placeholder_leaves_the_house(circular, tmp_path, text):
    assert placeholder(text)
    for letter in (Letter(number=text), Letter(to=text), Letter(copies_to=(text,)), Letter(demands=(text,))):
        with pytest.raises(DoesNotLeave, match="未填"):
            circular_docx.write(replace(circular, letter=letter), tmp_path / "a.docx")


@pytest.mark.parametrize("text", ["云卫办函〔2026〕12号", "各县（区）卫生健康局", "DRG/DIP付费改革", "CT×2台", "第X光室", "3×4"])
def test_ordinary_words_are_no_placeholders(text):
    assert placeholder(text) == ""


def test_a_draft_says_so(desk, tmp_path):
    circular_docx.write(desk.circular("2026Q4"), tmp_path / "a.docx")
    assert "（送审稿）" in words(Document(str(tmp_path / "a.docx")))
    circular_docx.write(desk.circular("2026Q3", LETTER), tmp_path / "b.docx")
    text = words(Document(str(tmp_path / "b.docx")))
    assert "（送审稿）" in text and "尚未结账" in text and "共刊登0篇。" in text


def test_a_statement_explains_every_point(desk, tmp_path):
    made = desk.statement("yy", "2026Q4")
    assert made.faults() == [] and sum(r.cents for r in made.rows) == made.line.cents
    statement_docx.write(made, tmp_path / "a.docx")
    circular_xlsx.write_statement(made, tmp_path / "a.xlsx")
    document = Document(str(tmp_path / "a.docx"))
    table = rows(document.tables[0])
    assert [r[2] for r in table[1:-1]] == [re.sub(r"\s+", " ", r.arithmetic) for r in made.rows] and table[-1][3] == show.points(made.line.cents)
    assert "在“市直医院”2个单位中列第1名" in words(document)
    sheet = load_workbook(tmp_path / "a.xlsx")["对账单"]
    assert round(sum(r[5] for r in sheet.iter_rows(min_row=2, max_row=sheet.max_row - 1, values_only=True)) * 100) == made.line.cents
    with pytest.raises(DoesNotLeave):
        statement_docx.write(replace(made, rows=made.rows[1:]), tmp_path / "b.docx")


def test_the_year_is_the_sum_of_its_periods(desk, tmp_path):
    made = desk.annual("2026")
    statement_docx.write_annual(made, tmp_path / "a.docx")
    circular_xlsx.write_annual(made, tmp_path / "a.xlsx")
    sheet = [list(r) for r in load_workbook(tmp_path / "a.xlsx")["年度汇总"].iter_rows(min_row=2, values_only=True)]
    assert all(round(sum(r[3:7]) * 100) == round(r[7] * 100) for r in sheet) and len(sheet) == 3
    assert "尚未结账：2026年第一季度、2026年第二季度、2026年第三季度。" in words(Document(str(tmp_path / "a.docx")))
    with pytest.raises(DoesNotLeave):
        circular_xlsx.write_annual(replace(made, lines=tuple(replace(line, cents=1) for line in made.lines)), tmp_path / "b.xlsx")


@pytest.mark.parametrize("sign", list("=+-@＝＋"))
def test_a_title_that_looks_like_a_formula_stays_text(circular, tmp_path, sign):
    title = f"{sign}HYPERLINK(\"http://evil.example\")"
    items = (replace(circular.items[0], title=title, outlet=title, people=title), *circular.items[1:])
    circular_xlsx.write(replace(circular, items=items), tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["采用清单"]
    assert all(sheet.cell(2, column).data_type == "s" and sheet.cell(2, column).quotePrefix for column in (2, 3, 8))
    assert not [c for r in sheet.iter_rows() for c in r if c.data_type == "f"]
