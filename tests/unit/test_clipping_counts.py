"""Search on the page: what was looked for is marked where it stands; the hits are counted in groups that narrow the search by a click."""

from datetime import timedelta

import pytest
from dashboards.excerpt import excerpt, marked
from dashboards_office import client_as, world
from model.search import Query
from selectolax.lexbor import LexborHTMLParser as HTMLParser


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("counts"))
    made.fill()
    return made


def shown(runs):
    return "".join(f"[{r.text}]" if r.kind else r.text for r in runs)


@pytest.mark.parametrize("text, marks, said", [
    ("市人民医院开夜间门诊", ("夜间门诊", "门诊"), "市人民医院开[夜间门诊]"), ("Covid检测", ("COVID",), "[Covid]检测"), ("没有", ("医院",), "没有"),
    ("<b>.*</b>", (".*",), "<b>[.*]</b>"), ("无词", (), "无词")])
def test_what_was_looked_for_is_marked_as_printed(text, marks, said):
    assert shown(marked(text, marks)) == said


def test_a_line_is_taken_about_the_first_place():
    text = "前文" * 100 + "夜间门诊开放" + "后文" * 100
    line = shown(excerpt(text, ("夜间门诊",)))
    assert line.startswith("…前文") and line.endswith("…") and "[夜间门诊]" in line and len(line) < 130
    assert shown(excerpt("短文", ("没有",))) == "短文"
    assert shown(excerpt("多  空\n白", ())) == "多 空 白"


def test_hits_are_marked_on_the_page(made):
    made.clip("<script>alert(1)</script>云川市人民医院夜间门诊又一则", age=timedelta(hours=5))
    page = client_as(made, "duty").get("/clippings", params={"q": "夜间门诊 人民医院"})
    found = [m.text() for m in HTMLParser(page.text).css("mark.m-found")]
    assert {"夜间门诊", "人民医院"} <= set(found) and "<script>alert(1)" not in page.text


def test_hits_are_counted_in_groups_that_narrow(made):
    client = client_as(made, "duty")
    tree = HTMLParser(client.get("/clippings/counts", params={"q": "门诊"}).text)
    total = made.store.search(Query("门诊")).total
    assert total > 2 and tree.css_first(".count").text() == str(total)
    groups = {d.css_first("h3").text(): {r.css_first("th").text(): int(r.css_first("td").text()) for r in d.css("tr")} for d in tree.css(".counts > div")}
    assert set(groups) == {"层级", "研判", "媒体", "单位"} and sum(groups["层级"].values()) == sum(groups["研判"].values()) == sum(groups["媒体"].values()) == total
    for link in tree.css(".counts a"):
        row = link.parent.parent
        narrowed = HTMLParser(client.get(link.attributes["href"]).text).css_first(".result b").text()
        assert narrowed == row.css_first("td").text(), link.attributes["href"]
    mine = HTMLParser(client_as(made, "unit").get("/clippings/counts").text)
    assert "单位" not in [h.text() for h in mine.css("h3")] and mine.css_first(".count").text() == str(made.store.search(Query(units=("yy",))).total)
    assert client.get("/clippings/counts", params={"q": "找不到的词语组合"}).text.strip() == ""
