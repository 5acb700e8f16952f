"""The digest's files, opened again: every number and every title is there, and outside text stays text."""

import zipfile
from dataclasses import replace

import pytest
from dashboards import digest as numbers
from dashboards import digest_docx, digest_xlsx, show
from dashboards.weeks import week_of
from dashboards_office import NOW, client_as, world
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import load_workbook


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("files"))
    made.fill()
    return made


@pytest.fixture(scope="module")
def digest(made):
    return numbers.build(made.store, made.office.bureau(), *week_of(NOW), NOW)


@pytest.fixture(scope="module")
def paper(digest, tmp_path_factory):
    path = tmp_path_factory.mktemp("docx") / "digest.docx"
    digest_docx.write(digest, path)
    return path, Document(str(path))


@pytest.fixture(scope="module")
def book(digest, tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "digest.xlsx"
    digest_xlsx.write(digest, path)
    return load_workbook(path)


def rows(table):
    return [[c.text for c in r.cells] for r in table.rows]


def test_the_paper_shows_every_number(digest, paper):
    tables = [rows(t) for t in paper[1].tables]
    assert tables[0][1:] == [*[[c.name, str(c.pieces), str(c.firsts), str(c.reposts)] for c in digest.classes],
                             ["合计", str(digest.total), str(digest.firsts), str(digest.reposts)]]
    text = "\n".join(p.text for p in paper[1].paragraphs)
    for said in (digest.number, f"稿件{digest.total}篇", f"上期{digest.previous_total}篇", f"首发{digest.firsts}篇", f"转载{digest.reposts}篇",
                 f"自有平台发布{digest.own_total}篇", f"舆情事件{len(digest.incidents)}起", "应读媒体2家，本期起读到1家", "云川在线", "2026年11月16日至2026年11月22日"):
        assert said in text, said


def test_the_paper_lists_every_piece_once_in_its_class(digest, paper):
    listed = [r[1] for t in paper[1].tables if t.rows[0].cells[0].text == "序号" for r in rows(t)[1:]]
    assert sorted(listed) == sorted(i.title for i in (*digest.items, *digest.own_items))
    standings = next(rows(t) for t in paper[1].tables if t.rows[0].cells[0].text == "分组")
    assert standings[1:] == [[s.group, str(s.rank), digest.unit_names[s.unit_id], str(s.pieces), show.points(s.cents)]
                             for s in digest.standings if s.pieces]


def test_the_paper_has_the_layout_of_the_standard(paper):
    path, document = paper
    section = document.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin, section.bottom_margin,
        section.right_margin)
    assert [round(length / Mm(1)) for length in lengths] == [210, 297, 37, 28, 35, 26]
    fonts = {name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Title", "Heading 1", "Heading 2", "Normal")}
    assert fonts == {"Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312", "Normal": "仿宋_GB2312"}
    assert document.styles["Title"].font.size == Pt(22) and document.styles["Normal"].font.size == Pt(16)
    assert document.styles["Normal"].paragraph_format.line_spacing == Pt(28)
    assert {p.style.name for p in document.paragraphs} >= {"Title", "Heading 1", "Heading 2", "正文段", "期号"}
    with zipfile.ZipFile(path) as packed:
        table = packed.read("word/fontTable.xml").decode()
        assert "仿宋_GB2312" in table and "altName" in table and " PAGE " in packed.read("word/footer1.xml").decode()


def test_the_book_shows_every_number_as_a_number(digest, book):
    overview = [[c.value for c in r] for r in book["总览"].iter_rows()]
    named = {r[0]: r[1] for r in overview if r[0]}
    assert (named["稿件合计"], named["上期合计"], named["自有平台（另计）"], named["舆情事件"]) == (
        digest.total, digest.previous_total, digest.own_total, len(digest.incidents))
    names = {c.name for c in digest.classes}
    assert [r for r in overview if r[0] in names] == [[c.name, c.pieces, c.firsts, c.reposts] for c in digest.classes]
    assert overview[-1] == ["合计", digest.total, digest.firsts, digest.reposts]
    assert named["止"] == "2026年11月22日"
    standings = [[c.value for c in r] for r in book["积分"].iter_rows(min_row=2)]
    assert standings == [[s.group, s.rank, digest.unit_names[s.unit_id], s.pieces, s.cents / 100] for s in digest.standings]


def test_the_book_lists_every_piece(digest, book):
    listed = [[c.value for c in r] for r in book["稿件"].iter_rows(min_row=2)]
    assert [r[2] for r in listed] == [i.title for i in (*digest.items, *digest.own_items)]
    assert [r[8] for r in listed] == [i.copies for i in (*digest.items, *digest.own_items)]
    assert [r[1] for r in listed].count("自有平台") == digest.own_total
    pieces = {c.name: c.pieces for c in digest.classes}
    assert {name: [r[1] for r in listed].count(name) for name in pieces} == pieces


@pytest.mark.parametrize("sign", list("=+-@\t\r＝＋－＠"))
def test_a_title_that_looks_like_a_formula_stays_text(digest, tmp_path, sign):
    title = f"{sign}HYPERLINK(\"http://evil.example\",\"点我\")"
    items = (replace(digest.items[0], title=title, outlet=title, units=(title,), authors=(title,), url=title), *digest.items[1:])
    digest_xlsx.write(replace(digest, items=items, office=title), tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["稿件"]
    for column in (3, 4, 7, 12, 14):
        cell = sheet.cell(2, column)
        assert cell.data_type == "s" and cell.value.replace("_x000D_", "\r") == title and cell.quotePrefix, column
    assert not [c for r in sheet.iter_rows() for c in r if c.data_type == "f"]
    assert sheet.cell(2, 14).hyperlink is None


def test_control_characters_and_scripts_break_neither_file(digest, tmp_path):
    title = "\x00\x08\ud800坏字符<script>alert(1)</script>\ufffe&amp;" + "长" * 120
    items = (replace(digest.items[0], title=title, outlet=title), *digest.items[1:])
    digest_docx.write(replace(digest, items=items, office=title, bureau=title), tmp_path / "a.docx")
    digest_xlsx.write(replace(digest, items=items, office=title, bureau=title), tmp_path / "a.xlsx")
    assert "坏字符<script>alert(1)</script>&amp;" in load_workbook(tmp_path / "a.xlsx")["稿件"].cell(2, 3).value
    text = "\n".join(c.text for t in Document(str(tmp_path / "a.docx")).tables for r in t.rows for c in r.cells)
    assert "坏字符<script>alert(1)</script>&amp;" + "长" * 120 in text


def test_both_files_are_handed_out_with_a_readable_name(made, tmp_path):
    client = client_as(made, "reader")
    for suffix in ("docx", "xlsx"):
        answer = client.get(f"/digest/2026-W47/{suffix}")
        assert answer.status_code == 200 and answer.content[:2] == b"PK"
        assert f"digest-2026-W47.{suffix}" in answer.headers["content-disposition"]
        (tmp_path / f"a.{suffix}").write_bytes(answer.content)
    assert Document(str(tmp_path / "a.docx")).tables and load_workbook(tmp_path / "a.xlsx").sheetnames == ["总览", "稿件", "舆情", "积分", "采集"]


def test_page_and_files_show_the_same_numbers(made, digest):
    text = client_as(made, "reader").get("/digest").text
    for total in digest.classes:
        row = "".join(f'<td class="n">{n}</td>' for n in (total.pieces, total.firsts, total.reposts))
        assert f"<td>{total.name}</td>{row}" in text
    assert f'<td class="n">{digest.total}</td><td class="n">{digest.firsts}</td><td class="n">{digest.reposts}</td>' in text
