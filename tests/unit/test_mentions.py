"""Mentions: offsets into what was printed, roles of the byline, dates of names, bad input."""

import pytest

from analysis.mentions import Names
from model.article import Person
from model.region import Region
from model.unit import Alias, Unit

CITY = Region("临江省", "云川市")
UNITS = (
    Unit("wjw", "云川市卫生健康委员会", "市卫健委", (Alias("云川市健康促进局", since="2027-01-01"),), CITY, "commission"),
    Unit("yy1", "云川市第一人民医院", "市一院", (), CITY),
    Unit("sq", "石泉市人民医院", "", (Alias("市人民医院", True),), Region("临江省", "云川市", "石泉市")),
    Unit("yc", "云川市人民医院", "", (Alias("市人民医院", True),), CITY),
)
NAMES = Names(UNITS, {"云川": ("云川路",)})


def test_offsets_point_into_the_original():
    title, text = "市​一院开诊", "雲川市第一人民醫院昨日开诊。"
    for m in NAMES.find(title, text, outlet_region=CITY):
        assert (title + "\n" + text)[m.start:m.end] == m.surface
    assert [m.unit_id for m in NAMES.find(title, text, outlet_region=CITY)] == ["yy1", "yy1"]


def test_an_unresolved_name_keeps_its_candidates_and_is_never_guessed():
    (m,) = NAMES.find("", "市人民医院新楼启用。")
    assert (m.unit_id, m.certain, set(m.candidates)) == ("", False, {"sq", "yc"})
    assert "待人工确认" in m.how


def test_the_original_outlet_decides_not_the_reposter():
    text = "市人民医院新楼启用。"
    assert NAMES.find("", text, outlet_region=CITY)[0].unit_id == "yc"
    assert NAMES.find("", text, outlet_region=CITY, source_region=Region("临江省", "云川市", "石泉市"))[0].unit_id == "sq"
    assert NAMES.find("", text, outlet_region=CITY, source_region=Region())[0].unit_id == ""


def test_the_column_tells_where_nothing_better_does():
    assert NAMES.find("", "市人民医院新楼启用。", column="石泉新闻")[0].unit_id == "sq"


@pytest.mark.parametrize("text, role", [
    ("（通讯员 市一院 李四）", "correspondent"), ("（云川市第一人民医院供稿）", "contributed"), ("供稿：云川市第一人民医院", "contributed"),
    ("云川市第一人民医院宣传科供图", "contributed"), ("云川市第一人民医院昨天开诊", "mentioned"),
])
def test_role(text, role):
    assert NAMES.find("", text, outlet_region=CITY)[0].role == role


def test_a_unit_named_only_in_the_byline():
    (m,) = NAMES.find("义诊进乡村", "昨天，义诊队来到山前村。", bylines=(Person("李四", "correspondent", "云川市第一人民医院"),))
    assert (m.unit_id, m.role, m.start, m.end) == ("yy1", "correspondent", 0, 0)
    assert NAMES.find("", "义诊", bylines=(Person("张三", "reporter", "云川市第一人民医院"),)) == ()


def test_a_name_is_no_name_before_its_day():
    assert NAMES.find("", "云川市健康促进局发文", day="2026-11-21") == ()
    assert NAMES.find("", "云川市健康促进局发文", day="2027-02-01")[0].unit_id == "wjw"


@pytest.mark.parametrize("title, text", [("", ""), ("市一院" * 70_000, ""), ("", "1234567890" * 500), ("", "​" * 5000), ("", "市一院\n" * 3000), ("\n\n", "\x00市一院\x00")])
def test_bad_input_is_harmless(title, text):
    whole = title + "\n" + text
    for m in NAMES.find(title, text, outlet_region=CITY):
        assert 0 <= m.start <= m.end <= len(whole)


def test_no_units_no_mentions():
    assert Names(()).find("市一院", "云川市第一人民医院") == ()
