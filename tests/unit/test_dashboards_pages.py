"""Every page renders: with no data, with a full week, with titles of 120 characters, and with a script in every text field."""

import re
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from dashboards_office import PASSWORD, StillClock, client_as, outlet, world
from model.article import Article, Dateline
from model.errors import Problem
from model.outlet import Tier
from model.page import Page
from model.unit import Alias, Unit
from selectolax.lexbor import LexborHTMLParser as HTMLParser

LISTS = ["/", "/incidents", "/incidents?state=all", "/incidents?state=closed&unit=yy", "/clippings", "/clippings?q=门诊",
    "/clippings?rank=class:city",
         "/clippings?rank=tier:central&label=N&since=2026-11-01&until=2026-11-21&firsts=1", "/outlets", "/outlets?health=failing", "/units",
         "/units?span=year", "/units/yy", "/credits", "/credits?period=2026Q3", "/credits?unit=zy", "/digest", "/digest/2026-W46",
         "/settings",
         "/settings/outlets", "/settings/units", "/settings/words", "/settings/rules", "/settings/schemes", "/settings/channels",
         "/settings/users",
         "/settings/audit", "/password", "/names", "/incidents/new", "/wall", "/duty", "/duty/handover", "/duty/zero", "/duty/log", "/duty/channels", "/watches",
         "/papers/day", "/papers/day?day=2026-11-20"]
PARTS = ["/today/incidents", "/today/newest", "/today/needs", "/today/numbers", "/incidents/rows", "/wall/board"]
SCRIPT = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"
FORMULA = "=HYPERLINK(\"http://evil.example\",\"点我\")"


def sound(answer, path):
    """200, a whole page in Chinese, nothing that runs but our own files, nothing that leads to a script."""
    assert answer.status_code == 200, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
    tree = HTMLParser(answer.text)
    for node in tree.css("script"):
        assert node.attributes.get("src", "").startswith("/static/") and not node.text(), f"{path}: {node.html}"
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert not name.lower().startswith("on"), f"{path}: {node.html[:200]}"
            assert name.lower() != "style", f"{path} has an inline style, which the policy forbids: {node.html[:200]}"
            if name in ("href", "src", "action"):
                assert re.match(r"(/|#|https?://)", value or ""), f"{path}: {name}={value}"
    return tree


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return client_as(world(tmp_path_factory.mktemp("empty")), "admin")


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("full"), problems=[Problem("units.yaml", 12, "未知的键 alais", "写成 aliases")])
    made.fill()
    return made, client_as(made, "admin")


@pytest.mark.parametrize("path", LISTS + PARTS)
def test_a_page_without_data_renders_and_says_what_to_do(empty, path):
    sound(empty.get(path), path)


def test_a_bureau_without_anything_renders(tmp_path):
    bare = client_as(world(tmp_path, units=(), outlets=(), schemes=(), channels=(), levels=(), office=""), "admin")
    for path in LISTS:
        if "yy" not in path:
            sound(bare.get(path), path)
    assert "outlets.yaml" in bare.get("/outlets").text
    assert "units.yaml" in bare.get("/units").text


@pytest.mark.parametrize("path", LISTS + PARTS)
def test_a_page_of_a_full_week_renders(full, path):
    sound(full[1].get(path), path)


def test_one_clipping_tells_text_reasons_and_the_saved_page(full):
    made, client = full
    number = made.numbers["云川市人民医院一起纠纷引关注"]
    tree = sound(client.get(f"/clippings/{number}"), "clipping")
    assert [m.text() for m in tree.css("h1 mark.m-unit, h1 mark.m-word")] == ["云川市人民医院", "纠纷"]
    reasons = tree.css_first(".reasons").text()
    for said in ("强词“纠纷”与单位同句，没有反转", "医疗纠纷", "全称", "来源就是本媒体", "meta:pubdate", "首发已确认", "市人民医院、全文"):
        assert said in reasons
    link = tree.css_first("a[target=_blank]")
    assert link.attributes["rel"] == "noopener noreferrer nofollow" and link.attributes["href"].startswith("http://shi.example/")
    assert tree.css_first("iframe").attributes["sandbox"] == ""


def test_a_repost_names_its_edge_and_first_publication(full):
    made, client = full
    text = client.get(f"/clippings/{made.numbers['江南云川：夜间门诊进医院']}").text
    assert "正文 97% 相同" in text and f"/clippings/{made.numbers['云川市人民医院开设夜间门诊']}" in text and "共 3 篇" in text


def test_the_saved_page_is_shown_without_anything_that_runs(full):
    made, client = full
    answer = client.get(f"/archive/{made.numbers['云川市人民医院开设夜间门诊']}")
    assert answer.status_code == 200 and "<title>云川市人民医院开设夜间门诊</title>" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "sandbox;" in policy and "default-src 'none'" in policy and "script" not in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_saved_page_that_cannot_be_read_is_said_so(tmp_path):
    made = world(tmp_path)
    number = made.clip("存档会丢的一篇云川市人民医院稿件")
    for file in (tmp_path / "archive").rglob("*.warc.gz"):
        file.write_bytes(b"")
    answer = client_as(made, "admin").get(f"/archive/{number}")
    assert answer.status_code == 200 and "无法读取" in answer.text


def test_search_finds_by_words_unit_outlet_class_and_day(full):
    made, client = full

    def titles(query):
        return {a.text() for a in HTMLParser(client.get(f"/clippings?{query}").text).css("li.clip h3 a")}

    assert "云川市中医院义诊走进东桥社区" in titles("q=义诊") and len(titles("q=义诊")) == 1
    assert titles("unit=zy") == {"云川市中医院义诊走进东桥社区"}
    assert titles("outlet=sheng") == {"江南云川：夜间门诊进医院"}
    assert titles("rank=class:central") == {"云川市中医院义诊走进东桥社区"}
    assert titles("rank=class:central&outlet=shi") == set()
    assert titles("rank=tier:own") == {"公众号：本院门诊安排"}
    assert titles("label=N") == {"云川市人民医院一起纠纷引关注"}
    assert titles("until=2026-11-15") == {"上周的一篇旧稿"}
    assert "某自媒体谈夜间门诊" in titles("rank=class:other")
    assert "看不懂" in client.get("/clippings?since=昨天").text


def test_a_result_list_is_turned_page_by_page(tmp_path):
    made = world(tmp_path)
    for number in range(45):
        made.clip(f"云川市人民医院第{number}号稿件", age=timedelta(hours=number + 1))
    client, seen = client_as(made, "reader"), []
    for number in (1, 2, 3):
        seen += [a.text() for a in HTMLParser(client.get(f"/clippings?unit=yy&page={number}").text).css("li.clip h3 a")]
    assert seen == [f"云川市人民医院第{n}号稿件" for n in range(45)]
    assert "共 <b>45</b> 篇" in client.get("/clippings?page=99999999").text


def test_the_numbers_of_today_are_the_store_s(full):
    made, client = full
    tree = HTMLParser(client.get("/").text)
    tiles = {d.css_first("dt").text(): int(d.css_first("dd").text()) for d in tree.css(".tiles > div")}
    assert tiles == {"剪报": 7, "首发": 5, "转载": 2, "负面": 1, "舆情事件": 1}
    assert [h.text() for h in tree.css(".incident h3")] == ["云川市人民医院一起纠纷引关注"]
    assert "对方暂停服务（503）" in tree.text() and "“云川市人民医院”" in tree.text()


def test_units_and_ranking_show_the_store_s_numbers(full):
    made, client = full
    row = next(r for r in HTMLParser(client.get("/units?span=quarter").text).css("tbody tr") if "市人民医院" in r.text())
    assert [int(c.text()) for c in row.css("td.n")] == [6, 4, 2, 1]
    ranking = HTMLParser(client.get("/credits").text).css_first("table.ranking")
    rows = [[c.text() for c in r.css("td")] for r in ranking.css("tr") if r.css("td")]
    assert ["1", "市中医院", "1", "", "", "1", "10.00"] in rows and ["2", "市人民医院", "", "", "1", "1", "3.00"] in rows
    assert "市级媒体 3.00 × 1 = 3.00" in client.get("/credits?unit=yy").text


def test_settings_never_show_a_secret_but_where_it_is(full, monkeypatch):
    monkeypatch.setenv("JIANBAO_TEST_WECOM", "wecom://very-secret-key")
    text = full[1].get("/settings/channels").text
    assert "JIANBAO_TEST_WECOM" in text and "very-secret-key" not in text
    overview = full[1].get("/settings").text
    assert "units.yaml" in overview and "未知的键 alais" in overview and "写成 aliases" in overview


def test_titles_of_120_characters_render_whole(tmp_path):
    made, title = world(tmp_path), "云川市人民医院" + "长" * 113
    incident = made.alarm(title)
    number = made.numbers[title]
    made.credit(number, "yy", "city", "市级媒体", 300)
    client = client_as(made, "admin")
    for path in [*LISTS, *PARTS, f"/incidents/{incident}", f"/clippings/{number}"]:
        sound(client.get(path), path)
    for path in ("/", "/incidents", f"/incidents/{incident}", "/clippings", "/units/yy", "/credits", "/digest"):
        assert title in HTMLParser(client.get(path).text).css_first("main").text(), path


@pytest.mark.parametrize("poison", [SCRIPT, FORMULA])
def test_hostile_text_in_every_field_stays_text(tmp_path, poison):
    made = world(
        tmp_path, outlets=(outlet("shi", f"云川{poison}", Tier.MUNICIPAL),), name=f"云川{poison}", office=poison,
        units=(Unit("yy", f"云川市人民医院{poison}", poison, (Alias(poison),), group=poison),), problems=[Problem(poison, 1, poison, poison)])
    texts = {f.name: poison for f in fields(Article) if f.type == "str" and f.name not in ("url", "canonical", "title", "text",
        "precision")}
    number = made.clip(f"纠纷{poison}", f"云川市人民医院的纠纷{poison}\n{poison}", negative=True, url="javascript:alert(1)",
                       **{**texts, "injected": (poison,), "dateline": Dateline(poison, poison, poison, poison)})
    made.clip(f"别家{poison}", f"云川市人民医院{poison}", outlet=poison, url="http://nobody.example/1")
    incident = made.desk.consider(number)
    made.desk.note(incident, poison, poison)
    made.credit(number, "yy", poison, poison, 300)
    page = Page(f"http://shi.example/{poison}", made.clock.now(), b"x")
    ref = made.office.archive.append(page)
    made.office.archive.flush()
    made.store.enqueue([(page, ref)], made.clock.now())
    made.store.record_sent(poison, "k", False, poison, made.clock.now())
    made.store.audit(poison, poison, poison, poison, made.clock.now(), poison)
    client = client_as(made, "admin")
    for path in [*LISTS, *PARTS, f"/incidents/{incident}", f"/incidents/{incident}/record", f"/clippings/{number}",
        f"/clippings?q={poison}",
                 f"/incidents?unit={poison}", f"/credits?unit={poison}&period={poison}"]:
        tree = sound(client.get(path), path)
        assert not tree.css("img"), path
    assert "原网址不可点击" in client.get(f"/clippings/{number}").text


def test_what_is_not_there_is_a_calm_404(full):
    for path in ("/nothing", "/clippings/999999", "/clippings/abc", "/incidents/999999", "/units/nobody", "/digest/2026-W99",
        "/digest/9999-W01",
                 "/digest/2026-W60/docx", "/settings/nothing", "/archive/999999"):
        answer = full[1].get(path)
        assert answer.status_code == 404 and "没有这一页" in answer.text, path


def test_the_policy_keeps_its_word_for_every_asset_used(full):
    made, client = full
    for path in ("/", "/units", "/digest"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy and "default-src 'self'" in policy
        for node in HTMLParser(answer.text).css("script[src], link[href]"):
            source = node.attributes.get("src") or node.attributes["href"]
            assert client.get(source).status_code == 200, source


def test_a_clock_that_runs_out_is_shown_as_late(tmp_path):
    clock = StillClock()
    made = world(tmp_path, clock=clock)
    made.alarm("云川市人民医院的纠纷")
    clock.at += timedelta(hours=5)
    tree = HTMLParser(client_as(made, "duty").get("/").text)
    assert "已超时" in tree.css_first(".due.late").text()


def test_an_article_without_time_says_so(tmp_path):
    made = world(tmp_path)
    number = made.clip("没有时间的云川市人民医院稿件", published=None, precision="")
    assert "时间未注明" in client_as(made, "reader").get(f"/clippings/{number}").text
    assert PASSWORD not in client_as(made, "reader").get("/").text
    assert replace(made.store.clipping(number).article).published is None
