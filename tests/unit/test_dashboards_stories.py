"""The pages of stories: tree, table and spread say the same; two copies side by side; who may merge, split and decide names."""

import json
import re
from datetime import timedelta

import pytest
from dashboards_office import client_as, token_on, world
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from story_room import LINES, OTHER, Press
from test_dashboards_pages import FORMULA, SCRIPT, sound

OURS = ("云川市人民医院今天开诊。", *LINES)


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    press = Press(tmp_path_factory.mktemp("stories"))
    press.first = press.publish("夜间门诊开诊", OURS, outlet="shi", ago_h=9)
    press.second = press.publish("上班族看病更方便", OURS[:4], outlet="wang", source="云川日报", ago_h=6)
    press.third = press.publish("夜间门诊开诊", OURS, outlet="sheng", source="云川在线", ago_h=3)
    press.other = press.publish("无偿献血体检", ("云川市人民医院配合采血。", *OTHER), outlet="guojia", number=5)
    press.open = press.publish("市一院便民措施", ("市一院推出便民措施。", "全院各科室统一了预约口径，患者凭身份证即可取号。" * 3), outlet="guojia", number=6)
    return press


def seen(press, path, role="secretariat"):
    return sound(client_as(press.world, role).get(path), path)


def test_the_tree_draws_what_the_table_tells(press):
    tree = seen(press, f"/clippings/{press.third}")
    drawn = [(a.attributes["href"], a.text().strip()) for a in tree.css("svg.tree a")]
    assert drawn == [(f"/clippings/{n}", name) for n, name in ((press.first, "云川日报"), (press.second, "云川在线"), (press.third, "江南日报"))]
    rows = [[c.text(strip=True) for c in r.css("td")] for r in tree.css("table.chain tbody tr")]
    assert [(r[0], r[4]) for r in rows] == [("1", "首发已确认"), ("2", "1 云川日报"), ("3", "2 云川在线")]
    assert [r[1][-5:] for r in rows] == ["01:30", "04:30", "07:30"]
    assert "注明来源“云川日报”" in rows[1][5] and "归入本组：转载" in rows[1][5] and "标题不同，删去" in rows[1][6]
    assert rows[2][3] == "夜间门诊开诊本篇" and len(tree.css("svg.tree path.took")) == 2
    across = [float(c.attributes["cx"]) for c in tree.css("svg.tree circle")]
    assert across == sorted(across) and tree.css_first("svg.tree circle").attributes["class"] == "dot first"


def test_the_chart_and_its_table_are_the_same_numbers(press):
    tree = seen(press, f"/clippings/{press.first}")
    data = json.loads(tree.css_first("[data-chart]").attributes["data-chart"])
    table = tree.css_first("table.spread")
    assert [th.text() for th in table.css("thead th")][1:-1] == [s["name"] for s in data["series"]]
    for k, row in enumerate(table.css("tbody tr")):
        *numbers, total = [int(c.text() or 0) for c in row.css("td")]
        assert row.css_first("th").text() == data["axis"][k] and numbers == [s["data"][k] for s in data["series"]] and total == sum(numbers)
    assert len(table.css("tbody tr")) == 7 and table.css("tfoot td")[-1].text() == "3"      # 01 to 07 o'clock, the empty hours too


def test_two_copies_stand_side_by_side_with_their_differences_marked(press):
    tree = seen(press, f"/clippings/{press.first}/compare?with={press.second}")
    left, right = tree.css("article.text")
    assert [m.text() for m in left.css(".body mark.d-only")] == [LINES[3].rstrip("。")] and not right.css(".body mark.d-only")
    assert "".join(p.text() for p in right.css(".body p")) == "".join(OURS[:4])
    assert left.css("h2 mark") and "标题不同，删去" in tree.css_first("h1").text()
    assert tree.css_first("form[action='/stories/split']") and not tree.css("form[action='/stories/merge']")


@pytest.mark.parametrize("typed", ["{n}", "第{n}篇", "http://host/clippings/{n}?x=1#story", " /clippings/{n} "])
def test_another_copy_is_found_by_number_or_address(press, typed):
    tree = seen(press, f"/clippings/{press.first}/compare?with=" + typed.format(n=press.other).replace("#", "%23").replace("?", "%3F"))
    assert "两篇现在是不同的稿件" in tree.text() and tree.css_first("form[action='/stories/merge'] input[name=b]").attributes["value"] == str(press.other)


@pytest.mark.parametrize("typed", ["", "0", "999999", "abc", "9" * 40, "{first}", "http://x/[", "%00"])
def test_what_is_no_other_clipping_is_said_so(press, typed):
    answer = client_as(press.world, "secretariat").get(f"/clippings/{press.first}/compare?with={typed.format(first=press.first)}")
    assert answer.status_code == 404 and ("没有找到" in answer.text or "请选择另一篇" in answer.text)


def test_merge_and_split_on_the_pages_leave_their_audit(tmp_path):
    press = Press(tmp_path)
    a = press.publish("夜间门诊开诊", OURS, outlet="shi")
    b = press.publish("无偿献血体检", ("云川市人民医院配合采血。", *OTHER), outlet="guojia", number=5)
    client = client_as(press.world, "duty")
    page = client.get(f"/clippings/{a}/compare?with={b}")
    done = client.post("/stories/merge", data={"csrf": token_on(page), "a": a, "b": b})
    assert done.status_code == 200 and "人工合并（舆情值班甲）" in done.text and press.story(a) == {a, b}
    assert client.post("/stories/merge", data={"csrf": token_on(page), "a": a, "b": b}).status_code == 409
    none = client.post("/stories/split", data={"csrf": token_on(page), "page_of": a})
    assert none.status_code == 409 and "请先勾选" in none.text
    assert client.post("/stories/split", data={"csrf": token_on(page), "page_of": a, "article": [b]}).url.path == f"/clippings/{b}"
    assert press.story(a) == {a}
    rows = [(who, what, target, result) for _, who, what, target, result, _ in press.store.audit_rows(10) if what.startswith("story")]
    assert sorted(rows) == sorted([("duty", "story_merge", f"{a}+{b}", "ok"), ("duty", "story_merge", f"{a}+{b}", "refused"),
                                   ("duty", "story_split", "", "refused"), ("duty", "story_split", f"{b}", "ok")])


@pytest.mark.parametrize("role", ["reader", "unit"])
def test_only_the_office_merges_splits_and_decides_names(press, role):
    client = client_as(press.world, role)
    token = token_on(client.get("/password"))
    assert client.post("/stories/merge", data={"csrf": token, "a": press.first, "b": press.other}).status_code == 403
    assert client.post("/stories/split", data={"csrf": token, "page_of": press.first, "article": press.first}).status_code == 403
    assert client.post("/names", data={"csrf": token, "article": press.open, "surface": "市一院", "choice": "unit:yy"}).status_code == 403
    assert client.get("/names").status_code == 403
    page = client.get(f"/clippings/{press.first}").text
    assert "拆成另一稿" not in page and 'href="/names"' not in page
    assert press.story(press.first) == {press.first, press.second, press.third} and press.store.unresolved_count() == 1


def test_a_liaison_compares_only_what_they_may_read(press):
    client = client_as(press.world, "unit")
    assert client.get(f"/clippings/{press.first}/compare?with={press.second}").status_code == 200
    assert client.get(f"/clippings/{press.open}/compare?with={press.first}").status_code == 404
    hidden = client.get(f"/clippings/{press.first}/compare?with={press.open}")
    assert hidden.status_code == 404 and "便民" not in hidden.text


def test_the_queue_of_names_and_a_choice_on_the_page(tmp_path):
    press = Press(tmp_path)
    number = press.publish("市一院便民措施", ("市一院推出便民措施。", "全院各科室统一了预约口径，患者凭身份证即可取号。" * 3))
    client = client_as(press.world, "secretariat")
    page = client.get("/names")
    assert [b.text() for b in HTMLParser(page.text).css(".names button")] == ["市人民医院", "高平医院", "不是本单位", "确定"]
    data = {"csrf": token_on(page), "article": number, "surface": "市一院", "seen": 0, "copies": "1"}
    for wrong in ({"choice": "other"}, {"choice": ""}, {"choice": "unit:"}):
        answer = client.post("/names", data={**data, **wrong})
        assert answer.status_code == 400 and "请先选择一家单位" in answer.text
    assert client.post("/names", data={**data, "choice": "unit:nobody"}).status_code == 409
    done = client.post("/names", data={**data, "choice": "other", "unit": "gp"})
    assert done.status_code == 200 and "没有待定的名称" in done.text and press.store.clipping(number).unit_ids == ("gp",)
    late = client_as(press.world, "duty").post("/names", data={**data, "csrf": token_on(client_as(press.world, "duty").get("/names")), "choice": "none"})
    assert late.status_code == 409 and "已由秘书处甲定为高平医院" in late.text
    assert "市一院”由秘书处甲于 2026-11-21 10:30 定为：高平医院" in client.get(f"/clippings/{number}").text
    results = [(who, target, result) for _, who, what, target, result, _ in press.store.audit_rows(10) if what == "name_decided"]
    assert results == [("duty", f"{number} 市一院", "refused"), ("secretariat", f"{number} 市一院", "gp，1篇"), ("secretariat", f"{number} 市一院", "refused")]


def test_an_unknown_first_publication_is_plain_to_see(tmp_path):
    press = Press(tmp_path)
    for outlet in ("shi", "sheng"):                         # both taken over, neither says from where
        number = press.publish("夜间门诊开诊", ("（原标题：医院开夜诊）", *OURS), outlet=outlet, source=" ", ago_h=6)
    story = press.store.clipping(number).story
    tree = seen(press, f"/clippings/{number}")
    assert story.first.state.label == "首发未确认" and tree.css_first("#story .standing-unknown").text() == "首发未确认"
    assert story.first.reason in tree.css_first("#story .standing").text() and not tree.css("svg.tree .dot.first")


def test_a_first_publication_that_is_not_held_stands_at_the_head_of_the_tree(tmp_path):
    press = Press(tmp_path)
    for outlet, hours in (("shi", 5), ("wang", 3)):
        number = press.publish("夜间门诊开诊", OURS, outlet=outlet, source="健康时报", ago_h=hours)
    tree = seen(press, f"/clippings/{number}")
    assert "《健康时报》" in tree.css_first("svg.tree").text() and "本库未收录" in tree.css_first("svg.tree").text()
    assert len(tree.css("svg.tree path.took")) == 2 and len(tree.css("svg.tree .dot.absent")) == 1


@pytest.mark.parametrize("poison", [SCRIPT, FORMULA])
def test_hostile_text_stays_text_in_tree_table_and_comparison(tmp_path, poison):
    made = world(tmp_path)
    first = made.clip(f"甲{poison}", f"云川市人民医院{poison}\n正文第一段说的是夜间门诊的安排{poison}", outlet=poison, source=poison)
    made.clip(f"乙{poison}", f"云川市人民医院{poison}\n正文第一段说的是夜间门诊的安排", outlet="wang", story=made.story_of(first), source=poison,
              reposted_from=poison, original_title=poison)
    made.clip(f"丙{poison}", f"云川市人民医院{poison}又有安排", unit="", unresolved="云川市人民医院", url="javascript:alert(1)")
    client = client_as(made, "admin")
    for path in (f"/clippings/{first}", f"/clippings/{first}/compare?with=2", f"/clippings/{first}/compare?with={poison}", "/names"):
        answer = client.get(path)
        if answer.status_code == 200:
            assert not sound(answer, path).css("img"), path
        assert "<img" not in answer.text and "<script>alert" not in answer.text


def test_fifty_copies_with_long_titles_are_all_there(tmp_path):
    made = world(tmp_path)
    first = made.clip("云川市人民医院" + "长" * 113, age=timedelta(hours=60))
    for number in range(1, 120):
        made.clip(f"第{number}篇" + "长" * 110, outlet=("wang", "sheng", "guojia")[number % 3], story=made.story_of(first), source="云川日报",
                  age=timedelta(hours=60, minutes=-30 * number), precision="day" if number % 10 == 0 else "minute")
    tree = sound(client_as(made, "duty").get(f"/clippings/{first}"), "many")
    assert len(tree.css("table.chain tbody tr")) == 120 and tree.css("table.spread tfoot td")[-1].text() == "120"
    assert len(tree.css("svg.tree circle")) == 80 and "其余 40 篇见下表" in tree.text()
    width, height = map(float, tree.css_first("svg.tree").attributes["viewBox"].split()[2:])
    for dot in tree.css("svg.tree circle"):
        assert 0 < float(dot.attributes["cx"]) < width and 0 < float(dot.attributes["cy"]) < height
    assert all(0 <= float(t.attributes["x"]) <= width for t in tree.css("svg.tree text"))


def test_times_of_the_axis_are_round_and_of_shanghai(press):
    words = [t.text() for t in seen(press, f"/clippings/{press.first}").css("svg.tree text.when[text-anchor=middle]")]
    assert words and all(re.fullmatch(r"11-21 \d\d:00", w) for w in words)
