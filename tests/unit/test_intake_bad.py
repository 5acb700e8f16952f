"""Bad forms and bad zips: each has its own clear error, none costs memory or time, nothing is half-accepted."""

from __future__ import annotations

import io
import random
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook

from model.claim import FormRow
from pipelines import intake
from pipelines.intake.grid import Unreadable
from pipelines.intake.materials import looked, match
from test_intake_forms import HEAD, ROW, saved, xlsx
from xls_file import ole, workbook


def rezipped(data: bytes, **parts: bytes) -> bytes:
    """The same zip with parts added or replaced (`__` stands for `/`, `_dot_` for `.`)."""
    target = io.BytesIO()
    new = {k.replace("__", "/").replace("_dot_", "."): v for k, v in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in old.namelist():
            if name not in new:
                out.writestr(name, old.read(name))
        for name, body in new.items():
            out.writestr(name, body)
    return target.getvalue()


def zipped(files: dict[str, bytes], encrypted: bool = False) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, body in files.items():
            out.writestr(name, body)
    data = bytearray(target.getvalue())
    if encrypted:
        at = data.rfind(b"PK\x01\x02")
        data[at + 8] |= 1
        data[6] |= 1
    return bytes(data)


GOOD = xlsx(HEAD, ROW)
SHEET = zipfile.ZipFile(io.BytesIO(GOOD)).read("xl/worksheets/sheet1.xml")
BOMB = SHEET.replace(b"<sheetData>", b"<sheetData>" + b'<row r="9"><c r="A9"/></row>' * 2_000_000)
ENTITY = SHEET.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet', 1)


def formula() -> bytes:
    return xlsx(HEAD, [1, '=CONCATENATE("市一院","义诊")', "2026年11月5日", "云川日报", "http://a.example/1"])


def tall() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(4000):
        sheet.append(["x"])
    return saved(book)


BAD = {
    "empty": (b"", "空的"),
    "blank": (b"  \n ", "空的"),
    "wrong sheet": (xlsx(["姓名", "电话"], ["张三", "1"]), "没有找到表头"),
    "no rows": (xlsx(HEAD), "没有填报的稿件"),
    "macros": (rezipped(GOOD, xl__vbaProject_dot_bin=b"\0" * 100), "宏"),
    "macro sheet": (rezipped(GOOD, xl__macrosheets__sheet1_dot_xml=b"<a/>"), "宏"),
    "formula cells": (formula(), "公式"),
    "formula link": (xlsx(HEAD, [*ROW[:4], "=A1"]), "公式"),
    "50 MB": (b"PK\x03\x04" + b"\0" * 50_000_000, "50 MB"),
    "zip bomb": (rezipped(GOOD, xl__worksheets__sheet1_dot_xml=BOMB), "过大|压缩炸弹"),
    "picture bomb": (rezipped(GOOD, xl__media__a_dot_png=b"\0" * 70_000_000), "压缩炸弹"),
    "entities": (rezipped(GOOD, xl__worksheets__sheet1_dot_xml=ENTITY), "实体"),
    "path in a zip name": (rezipped(GOOD, **{".." + "__.." + "__etc__passwd": b"x"}), "路径"),
    "password xlsx": (ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "密码"),
    "password xls": (workbook([HEAD, ROW], encrypted=True), "密码"),
    "xls with macros": (ole({"Workbook": b"x", "_VBA_PROJECT": b"y"}), "宏"),
    "old Word": (ole({"WordDocument": b"x"}), "doc"),
    "broken xls": (ole({"Workbook": b"\x09\x08\x10\x00broken" * 50}), "读不出"),
    "broken zip": (GOOD[:-40], "损坏"),
    "cut zip": (GOOD[:2000], "损坏"),
    "html named xls": (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
    "pdf": (b"%PDF-1.7 x", "PDF"),
    "picture": (b"\x89PNG\r\n", "图片"),
    "program": (b"MZ\x90\0", "程序"),
    "rar": (b"Rar!\x1a\x07", "RAR"),
    "plain zip": (zipped({"a.txt": b"x"}), "压缩包"),
    "encrypted zip": (zipped({"xl/workbook.xml": b"x"}, encrypted=True), "密码"),
    "too many rows": (tall(), "行"),
    "binary": (bytes(range(256)) * 50, "文本表格"),
    "word without table": (rezipped(zipped({"[Content_Types].xml": b"x"}), word__document_dot_xml=b"<x/>"), "读不出|没有表格"),
    "placeholder title": (xlsx(HEAD, [1, "XX医院举行XX活动", *ROW[2:]]), "占位符"),
    "placeholder day": (xlsx(HEAD, [*ROW[:2], "20**年3月5日", *ROW[3:]]), "占位符"),
    "placeholder outlet": (xlsx(HEAD, [*ROW[:3], "XX日报", ROW[4]]), "占位符"),
    "no title": (xlsx(HEAD, [1, None, *ROW[2:]]), "没有填稿件标题"),
    "no day": (xlsx(HEAD, [*ROW[:2], None, *ROW[3:]]), "没有填发布时间"),
    "no outlet": (xlsx(HEAD, [*ROW[:3], None, ROW[4]]), "没有填发布媒体"),
    "error value": (xlsx(HEAD, [1, "#REF!", *ROW[2:]]), "出错值"),
}


@pytest.mark.parametrize("data, why", BAD.values(), ids=BAD)
def test_each_bad_form_has_its_clear_error_and_is_taken_in_no_part(data, why):
    import re
    form = intake.read(data, "表.xlsx", "2026Q4")
    assert form.problems and any(re.search(why, str(p)) for p in form.problems), [str(p) for p in form.problems]


def test_a_fault_names_its_row_and_column_and_what_stood_there():
    form = intake.read(xlsx(["季报表"], HEAD, ROW, [2, "另一篇稿件", "2026年2月30日", "云川网", None]), "", "2026Q4")
    assert [(p.row, p.column, p.value) for p in form.problems] == [(4, "发布时间（C列）", "2026年2月30日")]


@pytest.mark.parametrize("name", ["zip bomb", "picture bomb", "50 MB", "entities"])
def test_bombs_cost_no_memory(name):
    data = BAD[name][0]
    tracemalloc.start()
    intake.read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000


ROWS = [FormRow("1", "市一院义诊队走进翠湾小区", "2026-11-05", "云川日报"), FormRow("2", "市一院完成首例手术", "2026-11-06", "云川网", ("http://a.example/2",)),
        FormRow("3", "血透中心零感染", "2026-11-07", "云川电视台")]
JPG = b"\xff\xd8\xff\xe0 picture"


def matched(files: dict[str, bytes] | bytes):
    with looked(files if isinstance(files, bytes) else zipped(files)) as (archive, entries):
        return match(archive, entries, ROWS)


@pytest.mark.parametrize(
    "name, row",
    [
        ("1+市一院义诊队走进翠湾小区.jpg", 0),
        ("01、市一院义诊队走进翠湾小区.pdf", 0),
        ("2市一院完成首例手术.png", 1),
        ("3.mp4", 2),
        ("血透中心零感染.mp3", 2),
        ("佐证/3+血透中心零感染/第一段.mp4", 2),
        ("1+市一院义诊队走进翠湾小区(2).jpg", 0),
        ("1＋市一院义诊队.jpg", 0),
    ],
)
def test_materials_find_their_rows(name, row):
    found = matched({name: JPG})
    assert not found.problems and [m.row for m in found.materials] == [row]


def test_names_in_gbk_are_read():
    name = "1+市一院义诊队走进翠湾小区.jpg".encode("gbk")
    data = zipped({"x" * len(name): JPG}).replace(b"x" * len(name), name)
    found = matched(data)
    assert not found.problems and found.materials[0].row == 0 and found.materials[0].name == "1+市一院义诊队走进翠湾小区.jpg"


@pytest.mark.parametrize(
    "files, why",
    [
        ({"9+没有的.jpg": JPG}, "没有序号9"),
        ({"随手拍.jpg": JPG}, "看不出"),
        ({"1+血透中心零感染.jpg": JPG}, "对不上"),
        ({"1+市一院.exe": b"MZ"}, "不接收"),
        ({"1+市一院义诊队走进翠湾小区.jpg": b"MZ\x90"}, "程序"),
        ({"1+市一院义诊队走进翠湾小区.html": b"<x>"}, "不接收"),
        ({"__MACOSX/x": b""}, "没有佐证材料"),
    ],
)
def test_materials_that_do_not_fit_are_told(files, why):
    assert why in " ".join(map(str, matched(files).problems))


@pytest.mark.parametrize(
    "files, why",
    [
        ({"../1.jpg": JPG}, "路径"),
        ({"/etc/1.jpg": JPG}, "路径"),
        ({"C:/1.jpg": JPG}, "路径"),
        ({"a/../../1.jpg": JPG}, "路径"),
        ({"1.jpg": b"\0" * 60_000_000}, "压缩比|压缩炸弹"),
        ({f"{n}.jpg": b"" for n in range(1200)}, "上限"),
    ],
)
def test_hostile_zips_are_refused_before_anything_is_read(files, why):
    with pytest.raises(Unreadable, match=why):
        matched(files)


def test_a_password_and_a_link_in_a_zip_are_refused():
    with pytest.raises(Unreadable, match="密码"):
        matched(zipped({"1.jpg": JPG}, encrypted=True))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        info = zipfile.ZipInfo("1.jpg")
        info.external_attr = 0o120777 << 16
        out.writestr(info, "/etc/passwd")
    with pytest.raises(Unreadable, match="链接"):
        matched(target.getvalue())


def test_damaged_files_of_every_kind_end_in_a_told_problem_never_in_an_error():
    rng = random.Random(20261121)
    samples = [
        GOOD,
        workbook([HEAD, ROW]),
        "\n".join(",".join(map(str, r)) for r in (HEAD, ROW)).encode(),
        rezipped(GOOD, xl__media__a_dot_png=b"\x89PNG" * 50),
    ]
    for _ in range(300):
        data = bytearray(rng.choice(samples))
        for _ in range(rng.choice((1, 3, 20))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.2:
            del data[rng.randrange(len(data)):]
        form = intake.read(bytes(data), "季报表.xlsx", "2026Q4")
        assert form.rows or form.problems
