"""Forms as units really send them: moved, merged and renamed headings, every kind of file, dates and links of every shape."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.hyperlink import Hyperlink

from model.claim import FormRow, period
from pipelines import intake
from pipelines.intake import forms
from pipelines.intake.dates import read_day
from pipelines.intake.links import read_links
from xls_file import workbook

HEAD = ["序号", "稿件标题", "发布时间", "发布媒体", "发布网址（链接）"]
ROW = [1, "市一院义诊队走进翠湾小区", "2026年11月5日", "云川日报", "http://www.yunchuanribao.example/a/1.html"]
ROW2 = [2, "市一院完成首例手术", "2026.11.6", "云川网", "http://www.yunchuanwang.example/a/2.html"]
Q4 = period("2026Q4")


def xlsx(*rows: list, merged: tuple[str, ...] = (), name: str = "Sheet1", more: dict[str, list[list]] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    for title, lines in (more or {}).items():
        other = book.create_sheet(title)
        for line in lines:
            other.append(line)
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def good(form) -> list[FormRow]:
    assert not form.problems, [str(p) for p in form.problems]
    return list(form.rows)


EXPECTED = [("市一院义诊队走进翠湾小区", "2026-11-05", "云川日报", (ROW[4],)), ("市一院完成首例手术", "2026-11-06", "云川网", (ROW2[4],))]


def told(rows: list[FormRow]) -> list[tuple]:
    return [(r.title, r.day, r.outlet, r.urls) for r in rows]


@pytest.mark.parametrize(
    "data",
    [
        xlsx(HEAD, ROW, ROW2),
        xlsx(
            ["2026年第四季度医改宣传工作季报表"],
            ["填报单位：云川市第一人民医院", None, None, "填报时间：2026年12月30日"],
            HEAD,
            ROW,
            ROW2,
            merged=("A1:E1", "A2:C2"),
        ),
        xlsx([], [], [None, None, *HEAD], [None, None, *ROW], [None, None, *ROW2]),
        xlsx(
            ["编号", "媒体名称", "新闻题目", "链接地址", "刊发日期"],
            [1, ROW[3], ROW[1], ROW[4], ROW[2]],
            [2, ROW2[3], ROW2[1], ROW2[4], ROW2[2]],
        ),
        xlsx(
            ["序号", "稿件标题", "发布情况", None, None],
            [None, None, "发布时间", "发布媒体", "网址"],
            ROW,
            ROW2,
            merged=("A1:A2", "B1:B2", "C1:E1"),
        ),
        xlsx(
            HEAD,
            ["例", "示例标题", "2026年1月1日", "人民日报", "http://example.example/1"],
            ROW,
            ROW2,
            [],
            ["合计", 2],
            ["填表人：张三", None, "审核人：李四"],
        ),
        xlsx(HEAD, ["一、市级媒体"], ROW, ["二、新媒体"], ROW2, ["注：1.一行填一篇。"], merged=("A2:E2", "A4:E4", "A6:E6")),
        xlsx(HEAD, ROW, HEAD, ROW2),
        xlsx(["填表说明"], name="说明", more={"季报表": [HEAD, ROW, ROW2], "空表": [HEAD]}),
        xlsx(HEAD, ROW, ROW2, [3], [4], [5]),
        "\n".join(",".join(map(str, r)) for r in (HEAD, ROW, ROW2)).encode("utf-8-sig"),
        "\n".join(",".join(map(str, r)) for r in (HEAD, ROW, ROW2)).encode("gb18030"),
        "\n".join("\t".join(map(str, r)) for r in (HEAD, ROW, ROW2)).encode("utf-16"),
        "\n".join(";".join(f'"{v}"' for v in r) for r in (HEAD, ROW, ROW2)).encode(),
        workbook([HEAD, ROW, [2, ROW2[1], 46332, ROW2[3], ROW2[4]]]),
        workbook([["季报表", "", "", "", ""], HEAD, ROW, ROW2], [(0, 0, 0, 4)]),
    ],
    ids=[
        "plain",
        "title row",
        "moved",
        "renamed and reordered",
        "two rows of headings",
        "example, total and footer",
        "sections and note",
        "headings again",
        "other sheet first",
        "empty numbered lines",
        "csv utf-8",
        "csv gbk",
        "tabs utf-16",
        "semicolons",
        "xls with a date number",
        "xls with a merged title",
    ],
)
def test_the_same_two_rows_are_read_from_every_shape(data):
    assert told(good(intake.read(data, "季报表", "2026Q4"))) == EXPECTED


def test_a_word_table_is_read_with_the_unit_above_it():
    document = Document()
    document.add_paragraph("填报单位：云川市第一人民医院        填报时间：2026年12月30日")
    table = document.add_table(rows=0, cols=5)
    for row in (HEAD, ROW, ROW2):
        for cell, value in zip(table.add_row().cells, row):
            cell.text = str(value)
    target = io.BytesIO()
    document.save(target)
    form = intake.read(target.getvalue(), "季报表.docx")
    assert told(good(form)) == EXPECTED and form.unit == "云川市第一人民医院" and form.filled_on == "2026-12-30" and form.period == "2026Q4"


def test_unit_period_and_rows_of_the_sheet_are_told():
    form = intake.read(xlsx(["2026年第三季度季报表"], ["填报单位：市中医院 "], HEAD, ROW), "表.xlsx")
    assert (form.unit, form.period, form.rows[0].sheet_row) == ("市中医院", "2026Q3", 4)


def test_a_merged_outlet_counts_for_each_of_its_rows():
    rows = good(
        intake.read(
            xlsx(HEAD, ROW, [2, "另一篇稿件的标题", "2026年11月7日", None, "http://www.yunchuanribao.example/a/3.html"], merged=("D2:D3",)),
            "",
            "2026Q4",
        )
    )
    assert [r.outlet for r in rows] == ["云川日报", "云川日报"]


def test_dates_of_the_spreadsheet_and_hyperlinks_behind_words_are_read():
    book = Workbook()
    sheet = book.active
    for row in (
        HEAD,
        [1, "标题一号", datetime(2026, 11, 5), "云川日报", "点击查看"],
        [2, "标题二号", 46332, "云川网", '=HYPERLINK("http://www.yunchuanwang.example/2","链接")'],
    ):
        sheet.append(row)
    sheet["E2"].hyperlink = Hyperlink(ref="E2", target="http://www.yunchuanribao.example/a/1.html")
    rows = good(intake.read(saved(book), "", "2026Q4"))
    assert [(r.day, r.urls) for r in rows] == [
        ("2026-11-05", ("http://www.yunchuanribao.example/a/1.html",)),
        ("2026-11-06", ("http://www.yunchuanwang.example/2",)),
    ]


def test_a_total_that_does_not_fit_and_another_form_in_the_book_are_remarked():
    form = intake.read(xlsx(HEAD, ROW, ["合计", "5篇"], more={"十月": [HEAD, ROW2]}), "", "2026Q4")
    assert len(good(form)) == 1 and any("合计是 5" in r for r in form.remarks) and any("十月" in r for r in form.remarks)


def test_rows_typed_on_the_page_are_read_as_strictly():
    form = intake.typed([{"title": "标题一号", "day": "11月5日", "outlet": "云川日报", "link": "www.yunchuanribao.example/1.html"}], "2026Q4")
    assert told(good(form)) == [("标题一号", "2026-11-05", "云川日报", ("http://www.yunchuanribao.example/1.html",))]
    assert intake.typed([{"title": "", "day": "昨天", "outlet": "云川日报"}], "2026Q4").problems


def test_blank_and_filled_forms_are_read_back():
    rows = [
        FormRow("1", "=cmd|' /C calc'!A0", "2026-11-05", "@云川日报", ("http://www.yunchuanribao.example/1.html",)),
        FormRow("2", "普通标题", "2026-11-06", "云川网"),
    ]
    data = forms.filled("云川市第一人民医院", Q4, rows)
    form = intake.read(data, "季报表.xlsx")
    assert [r.title for r in good(form)] == ["=cmd|' /C calc'!A0", "普通标题"] and form.unit == "云川市第一人民医院" and form.period == "2026Q4"
    sheet = load_workbook(io.BytesIO(data))["季报表"]
    assert sheet["B4"].data_type == "s" and sheet["B4"].quotePrefix and sheet["D4"].quotePrefix
    assert "没有填报的稿件" in str(intake.read(forms.blank("云川市第一人民医院", Q4), "空表.xlsx").problems[0])


@pytest.mark.parametrize(
    "value, day",
    [
        ("2026年3月5日", "2026-03-05"),
        ("2026.3.5", "2026-03-05"),
        ("2026/3/5", "2026-03-05"),
        ("2026-03-05 08:30", "2026-03-05"),
        ("26.3.5", "2026-03-05"),
        ("11月5日", "2026-11-05"),
        ("11.5", "2026-11-05"),
        ("20261105", "2026-11-05"),
        (20261105, "2026-11-05"),
        (46332, "2026-11-06"),
        (46332.75, "2026-11-06"),
        ("46332", "2026-11-06"),
        ("二〇二六年十一月二十三日", "2026-11-23"),
        ("十二月五日", "2026-12-05"),
        ("２０２６年１１月５日", "2026-11-05"),
        ("2026年11月5日第3版", "2026-11-05"),
        ("25/11/2026", "2026-11-25"),
        (date(2026, 11, 5), "2026-11-05"),
        (11.12, "2026-11-12"),
    ],
)
def test_days_of_every_shape(value, day):
    assert read_day(value, Q4).isoformat() == day


def test_a_day_without_year_after_the_period_was_the_year_before():
    assert read_day("12月28日", period("2026Q1")).isoformat() == "2025-12-28"
    assert read_day(44870, Q4, epoch_1904=True).isoformat() == "2026-11-06"


@pytest.mark.parametrize(
    "value, why",
    [
        ("", "没有填"),
        ("2026年XX月", "占位"),
        ("20**年3月5日", "占位"),
        ("2026年3月", "没有日"),
        ("2026年2月30日", "没有 2026年2月30日"),
        ("3/5/2026", "分不清"),
        (3.1, "分不清"),
        ("2026年3月5日-7日", "不止一个"),
        ("3月5日、3月6日", "不止一个"),
        ("昨天", "看不出"),
        ("1926年3月5日", "日期不合理"),
        ("abc", "看不出"),
        (5, "分不清"),
    ],
)
def test_days_that_cannot_be_read_say_why(value, why):
    with pytest.raises(ValueError, match=why):
        read_day(value, Q4)


A, B = "http://www.a.example/2026/c_1.html", "http://www.b.example/2.html"


@pytest.mark.parametrize(
    "text, urls",
    [
        (A, (A,)),
        (f" {A} ", (A,)),
        ("http：／／www．a．example／2026／c_1.html", (A,)),
        ("http：//www.a.example/2026/c_1.html", (A,)),
        ("ｈｔｔｐ://www.a.example/2026/c_1.html", (A,)),
        ("http://www.a.example/ 2026/ c_1.html", (A,)),
        ("http://www.a.example/2026/\nc_1.html", (A,)),
        ("www.a.example/2026/c_1.html", (A,)),
        ("http:/www.a.example/2026/c_1.html", (A,)),
        ("htttp://www.a.example/2026/c_1.html", (A,)),
        ("http;//www.a.example/2026/c_1.html", (A,)),
        (f"{A}。", (A,)),
        (f"链接：{A}（云川网）", (A,)),
        (f"{A}\n{B}", (A, B)),
        (f"{A}；{B}", (A, B)),
        (f"{A}{B}", (A, B)),
        (f"{A} {A}", (A,)),
        (f"人民网：{A} 新华网：{B}", (A, B)),
        (
            "https://mp.weixin.qq.com/s?__biz=Mz==&amp;mid=2&amp;idx=1&amp;sn=ab",
            ("https://mp.weixin.qq.com/s?__biz=Mz==&mid=2&idx=1&sn=ab",),
        ),
        ("http://mp.weixin.qq.com/s?src=11&timestamp=1&signature=a", ("http://mp.weixin.qq.com/s?src=11&timestamp=1&signature=a",)),
        ("【市一院义诊】https://m.toutiao.example/is/iAbC/ - 今日头条", ("https://m.toutiao.example/is/iAbC/",)),
        ("http://t.cn/A6abcd", ("http://t.cn/A6abcd",)),
        ("无", ()),
        ("/", ()),
        ("——", ()),
        ("纸质版", ()),
        ("见附件", ()),
        ("", ()),
        ("\u200bhttp://www.a.example/2026/c_1.html\ufeff", (A,)),
        ("ftp://www.a.example/1", ("ftp://www.a.example/1",)),
        ("javascript:alert(1)", ("javascript:alert(1)",)),
        ("file:///etc/passwd", ("file:///etc/passwd",)),
    ],
)
def test_links_of_every_shape(text, urls):
    assert read_links(text).urls == urls


def test_what_stands_beside_an_address_is_kept_and_a_cut_address_is_mended():
    assert read_links("纸质版").note == "纸质版" and read_links("无").note == ""
    assert read_links("http://www.a.example/2026…", A).urls == (A,)
