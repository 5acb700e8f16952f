"""头版头条, 报眼 and 整版 off the layout page, however it is drawn, and on into the article with the reason."""

from datetime import date

import pytest
from extract_pages import BODY, html, page, paragraphs
from layout_pages import BASE, DRAWN, LIST, TITLES
from layout_pages import page as layout_page

from crawlers.spiders.epaper import read_layout
from model.layout import Box, places
from pipelines.extract import read

TODAY, SITE = date(2026, 11, 21), ("qlrb.example",)


def positions(text: str, leaf: str = "node_1.htm") -> dict[int, str]:
    layout = read_layout(text, BASE + leaf, SITE, TODAY)
    return {int(url.rsplit("_", 1)[1][:3]): hint.get("position", "") for url, hint in layout.links.items()}


@pytest.mark.parametrize("system", DRAWN)
def test_every_system_tells_lead_and_ear(system):
    text = layout_page(DRAWN[system]())
    assert positions(text) == {101: "报眼", 102: "头版头条", 103: "头版", 104: "头版", 105: "头版"}
    lead = read_layout(text, BASE + "node_1.htm", SITE, TODAY).links[BASE + "content_102.htm"]
    assert lead["position_from"] == "layout:map" and lead["position_why"].startswith("版面图：报头下第一行最大的一篇")
    assert set(positions(text.replace("第01版</title>", "第02版</title>"), "node_2.htm").values()) == {""}, "an inner page has no 头条 of the paper"


@pytest.mark.parametrize("system", DRAWN)
def test_what_no_list_names_is_found_by_its_box(system):
    assert set(positions(layout_page(DRAWN[system](), ""))) == set(TITLES)


def test_an_ordered_list_alone_gives_its_first_entry_and_says_so():
    text = layout_page("")
    assert positions(text) == {102: "头版头条", 103: "头版", 104: "头版", 105: "头版", 101: "头版"}
    lead = read_layout(text, BASE + "node_1.htm", SITE, TODAY).links[BASE + "content_102.htm"]
    assert (lead["position_from"], lead["position_why"]) == ("layout:order", "头版目录 5 条中的第一条，版面没有坐标，按目录次序推定")


def test_a_list_that_begins_with_contents_is_led_by_the_first_article():
    text = layout_page("", LIST.replace("<ul class='list'>", "<ul class='list'><li><a href='content_100.htm'>今日导读</a></li>"))
    assert positions(text)[102] == "头版头条" and positions(text)[100] == "头版"


def boxes(**spots: tuple[float, float, float, float]) -> list[Box]:
    return [Box(name, *(v / 100 for v in spot)) for name, spot in spots.items()]


def named(found: list[Box], number: str = "1", **titles: str) -> dict[str, str]:
    return {target: place.name for target, place in places(found, number, titles).items()}


@pytest.mark.parametrize("found, want", [
    # masthead over the whole width: nothing stands beside it
    (boxes(a=(5, 20, 95, 50), b=(5, 52, 50, 95), c=(52, 52, 95, 95)), {"a": "头版头条"}),
    # two in the first row: the larger one
    (boxes(a=(5, 20, 35, 50), b=(37, 20, 95, 50), c=(5, 52, 95, 95)), {"b": "头版头条"}),
    # two alike: the left one
    (boxes(b=(51, 20, 96, 50), a=(5, 20, 50, 50), c=(5, 52, 95, 70)), {"a": "头版头条"}),
    # a picture below the first row does not lead, unless the row is a mere strip
    (boxes(a=(5, 20, 95, 45), picture=(5, 47, 95, 95)), {"a": "头版头条"}),
    (boxes(strip=(5, 18, 95, 24), a=(5, 26, 95, 62), c=(5, 64, 95, 95)), {"a": "头版头条"}),
    # a column down the right side is no ear, nor is a piece with another at its left
    (boxes(column=(70, 2, 96, 95), a=(5, 20, 68, 50), b=(5, 52, 68, 95)), {"a": "头版头条"}),
    (boxes(left=(5, 2, 45, 18), right=(55, 2, 95, 18), a=(5, 20, 95, 60)), {"a": "头版头条"}),
    # one piece fills the front page
    (boxes(a=(3, 15, 97, 97)), {"a": "头版头条"}),
])
def test_front_pages(found, want):
    assert named(found) == want


def test_furniture_is_no_piece():
    found = boxes(guide=(60, 2, 96, 16), a=(5, 20, 95, 50), b=(5, 52, 95, 95))
    assert named(found, guide="今日导读") == {"a": "头版头条"}
    assert named(found, guide="医保新政下月实施") == {"guide": "报眼", "a": "头版头条"}


def test_a_piece_that_fills_an_inner_page():
    assert named(boxes(a=(3, 8, 97, 97)), "5") == {"a": "整版"}
    assert named(boxes(a=(3, 8, 97, 60), b=(3, 62, 97, 97)), "5") == {}


ARTICLE = html(
    "<title>青林日报</title>",
    "{drawn}<div>青林日报 2026年11月21日　第{number}版：要闻</div>{list}<h1>{title}</h1><div id='ozoom'>" + paragraphs(*BODY) + "</div>",
)


def article(drawn: str = "", number: str = "01", n: int = 102, **hint: str):
    text = ARTICLE.replace("{drawn}", drawn).replace("{number}", number).replace("{list}", LIST).replace("{title}", TITLES[n])
    return read(page(text, f"{BASE}content_{n}.htm", hint=hint))


@pytest.mark.parametrize("system", DRAWN)
def test_an_article_page_that_shows_its_layout_tells_its_own_place(system):
    lead = article(DRAWN[system]())
    assert (lead.page_no, lead.position, lead.signals["position"].origin) == ("01", "头版头条", "layout:map")
    assert "占版面" in lead.signals["position"].detail
    assert (article(DRAWN[system](), n=101).position, article(DRAWN[system](), n=103).position) == ("报眼", "")
    assert article(DRAWN[system](), "02").position == ""


def test_what_the_crawler_read_off_the_layout_reaches_the_article_with_its_reason():
    hint = read_layout(layout_page(DRAWN["polygons"]()), BASE + "node_1.htm", SITE, TODAY).links[BASE + "content_101.htm"]
    ear = article(n=101, **hint)
    assert (ear.page_no, ear.page_name, ear.position) == ("1", "要闻", "报眼")
    assert ear.signals["position"].origin == "layout:map" and ear.signals["position"].detail.startswith("版面图：报头右侧")
    first = article(position="头版头条", position_from="layout:order", position_why="按目录次序推定")
    assert first.signals["position"].score == 0.5
    assert article(DRAWN["percents"](), position="头版").position == "头版头条", "a named place beats 头版"
