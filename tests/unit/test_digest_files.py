"""The digest's forms, opened again: every number is the store's in each of them, every title is there, and outside text stays text."""

import io
import re
import subprocess
import zipfile
from collections import Counter
from dataclasses import replace

import pytest
from dashboards import digest as numbers
from dashboards import digest_docx, digest_pdf, digest_xlsx, mail, pdf, show
from dashboards.digest_paper import as_of, rank_rows, standing
from dashboards.pictures import pictures
from dashboards.weeks import span_at, week_of
from dashboards_office import NOW, client_as, world
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser as HTMLParser


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


def of_docx(document):
    return ([[[c.text for c in r.cells] for r in t.rows] for t in document.tables], "\n".join(p.text for p in document.paragraphs))


def of_html(text):
    tree = HTMLParser(text)
    grids = [[[c.text().strip() for c in r.css("th, td")] for r in t.css("tr")] for t in tree.css("table") if t.css_first("th")]
    return grids, tree.body.text()


@pytest.fixture(scope="module", params=["docx", "mail", "page"])
def shown(request, made, digest, paper):
    """(name, tables as rows of text, all text) of each form that is read by people."""
    if request.param == "docx":
        return request.param, *of_docx(paper[1])
    text = mail.html(digest, "http://test") if request.param == "mail" else client_as(made, "reader").get("/digest").text
    return request.param, *of_html(text)


def starting(grids, head):
    return next(g for g in grids if g[0][0] == head)


def test_every_number_of_every_form_is_the_store_s(made, shown):
    """Counted here from the store's own rows, not taken from the digest."""
    _, grids, text = shown
    store, (since, until) = made.store, week_of(NOW)
    ours = [c for c in store.clippings_between(since, until) if c.outlet_id != "own"]
    before = [c for c in store.clippings_between(*week_of(since - (until - since) / 2)) if c.outlet_id != "own"]
    firsts = sum(c.is_first for c in ours)
    names = {"guojia": "中央媒体", "sheng": "省级媒体", "shi": "市级媒体"}
    pieces, of_class = Counter(names.get(c.outlet_id, "其他") for c in ours), Counter(names.get(c.outlet_id, "其他") for c in ours if c.is_first)
    past = Counter(names.get(c.outlet_id, "其他") for c in before)
    wanted = [[n, pieces[n], f"{pieces[n] * 100 / len(ours):.1f}%", of_class[n], pieces[n] - of_class[n], past[n]] for n in ("中央媒体", "省级媒体", "市级媒体", "其他")]
    wanted.append(["合计", len(ours), "100.0%", firsts, len(ours) - firsts, len(before)])
    assert starting(grids, "类别")[1:] == [[str(v) for v in row] for row in wanted]
    incidents = store.incidents_between(since, until)
    for said in (f"稿件{len(ours)}篇", f"上期{len(before)}篇", f"首发{firsts}篇、转载{len(ours) - firsts}篇", f"舆情事件{len(incidents)}起", "自有平台发布1篇",
                 f"负面稿件{sum(any(j.label.value == 'N' for j in c.judgements) for c in ours)}篇", "应读媒体2家，本期起读到1家"):
        assert said in text, said
    assert [r[3:5] for r in starting(grids, "等级")[1:]] == [[str(i.outlets), str(i.articles)] for i in incidents]
    cents, counts = Counter(), Counter()
    for row in store.ledger_between(since, until):
        cents[row.unit_id] += row.cents
        counts[row.unit_id] += 1 if row.corrects is None else -1
    ranks = starting(grids, "分组")[1:]
    labels = {u.id: u.label for u in made.office.bureau().units}
    assert {r[3]: (int(r[4]), r[5]) for r in ranks} == {labels[u]: (counts[u], f"{c / 100:.2f}") for u, c in cents.items() if c}
    assert [r[0] for r in starting(grids, "平台")[1:]] == ["云川市人民医院公众号", "合计"] and starting(grids, "平台")[-1][1] == "1"
    assert starting(grids, "媒体")[1][0] == "云川在线"


def test_every_form_lists_every_piece_with_all_its_fields(digest, shown):
    name, grids, text = shown
    text = re.sub(r"\s+", "", text + "".join(c for g in grids for r in g for c in r))
    for item in (*digest.items, *digest.own_items):
        for said in (item.title, item.outlet, show.digest_day(item.published, item.precision), "记者张三", "通讯员李四", standing(item), item.url, *item.units):
            assert re.sub(r"\s+", "", said) in text, (name, said)
    if name != "mail":
        listed = [r[1].split("\n")[0] for g in grids if g[0][0] == "序号" for r in g[1:]]
        assert [r.startswith(t) for r, t in zip(sorted(listed), sorted(i.title for i in (*digest.items, *digest.own_items)))] == [True] * len(listed)


def test_the_pdf_says_what_the_paper_says(digest, paper, tmp_path):
    digest_pdf.write(digest, tmp_path / "a.pdf")
    data = (tmp_path / "a.pdf").read_bytes()
    assert data.startswith(b"%PDF-") and b"FontFile" in data
    try:
        text = subprocess.run(["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip("pdftotext is not on this machine")
    plain = re.sub(r"\s+", "", text)
    for words in [p.text for p in paper[1].paragraphs if p.text] + [str(c) for r in rank_rows(digest) for c in r]:
        assert re.sub(r"\s+", "", words) in plain, words


def test_the_paper_has_the_layout_of_the_standard(paper):
    path, document = paper
    section = document.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(length / Mm(1)) for length in lengths] == [210, 297, 37, 28, 35, 26]
    fonts = {name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Title", "Heading 1", "Heading 2", "Normal")}
    assert fonts == {"Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312", "Normal": "仿宋_GB2312"}
    assert document.styles["Title"].font.size == Pt(22) and document.styles["Normal"].font.size == Pt(16)
    assert document.styles["Normal"].paragraph_format.line_spacing == Pt(28)
    assert {p.style.name for p in document.paragraphs} >= {"Title", "Heading 1", "Heading 2", "正文段", "期号", "图名"}
    with zipfile.ZipFile(path) as packed:
        table = packed.read("word/fontTable.xml").decode()
        assert "仿宋_GB2312" in table and "altName" in table and " PAGE " in packed.read("word/footer1.xml").decode()


def test_the_paper_s_tables_are_not_cut_and_its_pictures_are_crisp(paper):
    _, document = paper
    for table in document.tables:
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert len(document.inline_shapes) == 4
    for shape, part in zip(document.inline_shapes, (p for p in document.part.package.iter_parts() if str(p.partname).endswith(".png"))):
        assert part.image.px_width / (shape.width / Mm(25.4)) > 290
        assert shape._inline.docPr.get("descr")


def test_two_tables_never_touch(paper):
    kinds = [e.tag for e in paper[1].element.body]
    assert not any(a == b == qn("w:tbl") for a, b in zip(kinds, kinds[1:]))


def test_the_book_shows_every_number_as_a_number(digest, book):
    overview = [[c.value for c in r] for r in book["总览"].iter_rows()]
    named = {r[0]: r[1] for r in overview if r[0]}
    assert (named["稿件合计"], named["上期合计"], named["首发"], named["转载"], named["自有平台（另计）"], named["舆情事件"], named["负面稿件"]) == (
        digest.total, digest.previous_total, digest.firsts, digest.reposts, digest.own_total, len(digest.incidents), digest.negative)
    names = {c.name for c in digest.classes}
    assert [[r[0], r[1], *r[3:]] for r in overview if r[0] in names] == [[c.name, c.pieces, c.firsts, c.reposts, c.previous] for c in digest.classes]
    assert [overview[-1][n] for n in (0, 1, 3, 4, 5)] == ["合计", digest.total, digest.firsts, digest.reposts, digest.previous_total]
    assert named["止"] == "2026年11月22日"
    standings = [[c.value for c in r] for r in book["积分"].iter_rows(min_row=2)]
    assert [[r[0], r[1], *r[3:]] for r in standings] == [[s.group, s.rank, digest.unit_names[s.unit_id], s.pieces, s.cents / 100] for s in digest.standings]
    bins = [[c.value for c in r] for r in book["走势"].iter_rows(min_row=2)]
    assert sum(r[-1] for r in bins) == digest.total and len(bins) == 7 and all(sum(r[1:-1]) == r[-1] for r in bins)


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
    digest_xlsx.write(replace(digest, items=items, office=title, lead=title), tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    sheet = book["稿件"]
    for column in (3, 4, 7, 13, 15):
        cell = sheet.cell(2, column)
        assert cell.data_type == "s" and cell.value == title.lstrip("\r") and bool(cell.quotePrefix) == (sign != "\r"), column      # a carriage return is not kept
    assert not [c for s in book for r in s.iter_rows() for c in r if c.data_type == "f"]
    assert sheet.cell(2, 15).hyperlink is None


def test_control_characters_and_scripts_break_no_form(digest, tmp_path):
    title = "\x00\x08\ud800坏字符<script>alert(1)</script>\ufffe&amp;#sys.inputs $x$ " + "长" * 120
    items = (replace(digest.items[0], title=title, outlet=title, units=(title,), authors=(title,)), *digest.items[1:])
    bad = replace(digest, items=items, office=title, bureau=title, lead=title, notes={items[0].article_id: title})
    for write, suffix in ((digest_docx.write, "docx"), (digest_xlsx.write, "xlsx"), (digest_pdf.write, "pdf")):
        write(bad, tmp_path / f"a.{suffix}")
    said = "坏字符<script>alert(1)</script>&amp;#sys.inputs $x$ "
    assert said in load_workbook(tmp_path / "a.xlsx")["稿件"].cell(2, 3).value
    text = "\n".join(c.text for t in Document(str(tmp_path / "a.docx")).tables for r in t.rows for c in r.cells)
    assert said + "长" * 120 in text
    page = mail.html(bad, "http://test")
    assert "<script" not in page and "&lt;script&gt;alert(1)" in page


def test_without_a_chinese_font_nothing_is_drawn_in_boxes(digest, tmp_path):
    assert "fonts-noto-cjk" in pdf.no_chinese_font(bare=True) and pdf.no_chinese_font() == ""
    with pytest.raises(pdf.NoChineseFont, match="没有中文字体"):
        pdf.pngs([pictures(digest)[0].svg], bare=True)


def test_a_mail_is_one_plain_column(digest):
    page = mail.html(digest, "http://test")
    tree = HTMLParser(page)
    assert not tree.css("script, img, link, style, form, iframe") and not re.search(r"\b(flex|grid|position:)", page)
    assert tree.css_first("meta[name=viewport]") and all(a.attributes["href"].startswith("http://test/") for a in tree.css("a"))
    assert len(page.encode()) < 100_000
    assert not HTMLParser(mail.html(digest)).css("a")


def test_a_robot_s_message_is_short_and_whole(digest):
    assert f"稿件{digest.total}篇" in mail.text(digest) and as_of(digest) in mail.text(digest)
    assert len(mail.text(replace(digest, events=digest.events * 5), 400).encode()) <= 403


def test_all_files_are_handed_out_with_a_readable_name(made, tmp_path):
    client = client_as(made, "reader")
    for form, suffix, mark in (("docx", "docx", b"PK"), ("xlsx", "xlsx", b"PK"), ("pdf", "pdf", b"%P"), ("booklet", "pdf", b"%P"), ("mail", "html", b"<!")):
        answer = client.get(f"/digest/2026-W47/{form}")
        assert answer.status_code == 200 and answer.content[:2] == mark, form
        assert f"digest-2026-W47.{suffix}" in answer.headers["content-disposition"]
    assert Document(io.BytesIO(client.get("/digest/2026-W47/docx").content)).tables
    assert client.get("/digest/2026-W47/preview").headers["content-disposition"].startswith("inline")


def test_an_empty_span_makes_every_form(tmp_path):
    made = world(tmp_path)
    desk = made.office.digests
    for kind in ("week", "month", "year"):
        for form in ("docx", "pdf", "xlsx", "mail", "booklet"):
            assert desk.file(span_at(kind, NOW), form)[2], (kind, form)
