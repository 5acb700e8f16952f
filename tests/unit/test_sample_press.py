"""The sample press over real HTTP, as a proxy: every page family, charset, 304, robots.txt, held-back pieces, and its truth."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import urllib.robotparser
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from html import unescape
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest

from config.load import load_bureau
from config.sample.press import Press
from config.sample.press.load import houses
from config.sample.press.load import load as load_pieces
from config.sample.truth import incidents
from config.sample.truth import load as load_truth
from model.outlet import Tier
from model.page import PageStatus

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=timezone.utc)      # 12:00 in Shanghai
BUREAU = load_bureau(ROOT / "config/sample/bureau")


def ask(press: Press, url: str, headers: dict[str, str] | None = None, proxy: bool = True) -> tuple[int, http.client.HTTPMessage, bytes]:
    """GET through the press as a proxy (absolute address), or by Host header."""
    connection = http.client.HTTPConnection("127.0.0.1", press.port, timeout=10)
    host, path = re.fullmatch(r"http://([^/]+)(/.*)", url).groups()
    connection.request("GET", url if proxy else path, headers={"Host": host, **(headers or {})})
    answer = connection.getresponse()
    result = answer.status, answer.headers, answer.read()
    connection.close()
    return result


@pytest.fixture(scope="module")
def press():
    """Everything published."""
    with Press(NOW) as running:
        running.publish_all()
        yield running


@pytest.fixture(scope="module")
def truth():
    return load_truth(NOW)


def test_every_expected_page_answers_with_its_title(press, truth):
    charset = {h.host: h.charset for h in houses().values()}
    for page in truth:
        status, _, body = ask(press, page.url)
        assert status == 200, page.url
        text = unescape(body.decode(charset[page.url.split("/")[2]]))
        assert (page.title in text) == (page.status in ("clipped", "unmatched")), page.url


def test_there_is_enough_of_everything(truth):
    assert len(truth) >= 200 and len({p.url for p in truth}) == len(truth)
    assert len({p.family for p in truth}) >= 10
    outlets = {p.outlet for p in truth} - {""}
    assert len(outlets) >= 14
    assert {BUREAU.outlet(o).tier for o in outlets} == set(Tier) - {Tier.UNKNOWN}
    statuses = Counter(p.status for p in truth)
    assert statuses["unmatched"] >= 60 and statuses["gone"] and statuses["blocked"] and statuses["not_article"]
    assert set(statuses) <= {s.value for s in PageStatus}
    assert sum(p.defaced for p in truth) == 1
    assert sum(1 for p in truth if not p.outlet and p.units) >= 1


def test_the_stories_hold_what_the_issue_asks_for(truth):
    stories = defaultdict(list)
    for page in truth:
        stories[page.story].append(page)
    blamed = {p.event for p in truth if "N" in p.opinion.values()}
    assert len(blamed) >= 6 and "" not in blamed
    spread = {i.id: set(i.outlets) for i in incidents(NOW)}
    assert set(spread) == blamed and all(len(i.blamed) == 1 for i in incidents(NOW))
    assert sum(len(outlets) >= 5 for outlets in spread.values()) >= 2
    assert any(BUREAU.outlet(o).tier is Tier.CENTRAL for o in spread["ev1"])
    assert sum(s.startswith("w") for s in stories) >= 15, "alarming but harmless"
    by_url = {p.url: p for p in truth}
    early = [p for p in truth if p.first and p.published < by_url[p.first].published]
    assert early, "a copy dated before its original"
    assert all(p.source != BUREAU.outlet(p.outlet).name for p in early), "which therefore declares its source"
    assert any(not p.first and p.first_outlet in p.source for p in truth), "a first publication that is not held"
    assert any(p.unresolved for p in truth)
    retitled = [s for s in stories.values() if len({p.title for p in s}) > 1]
    assert len(retitled) >= 15


def test_the_bureau_is_read_by_the_strict_loader():
    assert BUREAU.name == "云川市卫生健康委员会" and len(BUREAU.units) >= 12
    assert [u.id for u in BUREAU.units if u.is_bureau] == ["wjw"]
    people = [u.id for u in BUREAU.units if any(a.name == "市人民医院" and a.ambiguous for a in u.aliases)]
    assert len(people) == 2 and len({BUREAU.unit(u).region for u in people}) == 2
    for house in houses().values():
        owner = BUREAU.outlet_of(house.host)
        assert (owner.id if owner else "") == house.outlet, house.host
    assert BUREAU.settings.crawl.proxy.startswith("http://127.0.0.1:")


def test_the_same_pages_by_host_header_and_unknown_addresses(press, truth):
    page = truth[0]
    assert ask(press, page.url, proxy=False)[2] == ask(press, page.url)[2]
    assert ask(press, "http://www.yunchuanwang.example/news/none.html")[0] == 404
    assert ask(press, "http://elsewhere.example/")[0] == 404


def test_charsets_are_as_odd_as_in_the_field(press, truth):
    def pages(outlet):
        return [ask(press, p.url) for p in truth if p.outlet == outlet]

    beyond = 0
    for _, headers, body in pages("dushi"):
        assert "charset" not in headers["Content-Type"] and b"charset=gb2312" in body
        body.decode("gbk")
        try:
            body.decode("gb2312")
        except UnicodeDecodeError:
            beyond += 1
    assert beyond, "no page declared as gb2312 needs GBK"
    for _, _, body in pages("haojiang"):
        assert "版權" in body.decode("big5") and b"charset=big5" in body
    for _, headers, body in pages("ycw"):
        assert "charset" not in headers["Content-Type"] and "云川" in body.decode("utf-8")
    assert all(headers["Content-Type"].endswith("charset=gb2312") for _, headers, _ in pages("wanbao"))


def test_conditional_requests(press, truth):
    for url in (truth[0].url, "http://www.yunchuanwang.example/news/yw/index.html", "http://www.linjiangtv.example/rss/news.xml"):
        _, headers, body = ask(press, url)
        assert body and headers["ETag"] and headers["Last-Modified"]
        status, _, nothing = ask(press, url, {"If-None-Match": headers["ETag"]})
        assert (status, nothing) == (304, b"")
        assert ask(press, url, {"If-Modified-Since": headers["Last-Modified"]})[0] == 304
        assert ask(press, url, {"If-None-Match": '"other"', "If-Modified-Since": headers["Last-Modified"]})[0] == 200


def test_it_notices_requests_at_one_time():
    with Press(NOW, pause_s=0.2) as slow:
        hosts = ["www.yunchuanwang.example", "www.yunchuanwang.example", "www.heyangribao.example"]
        with ThreadPoolExecutor(3) as pool:
            assert [r[0] for r in pool.map(lambda h: ask(slow, f"http://{h}/"), hosts)] == [200] * 3
        ask(slow, "http://www.heyangribao.example/")
        assert slow.busiest == {"www.yunchuanwang.example": 2, "www.heyangribao.example": 1}
        assert slow.seen["http://www.heyangribao.example/"] == 2


def test_robots(press):
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(ask(press, "http://www.linjiangdushi.example/robots.txt")[2].decode().splitlines())
    listing = ask(press, "http://www.linjiangdushi.example/shehui/index.htm")[2].decode("gbk")
    trap = urljoin("http://www.linjiangdushi.example/", re.search(r'href="(/tongji/[^"]+)"', listing, re.I)[1])
    assert not rules.can_fetch("jianbao", trap)
    assert rules.can_fetch("jianbao", "http://www.linjiangdushi.example/shehui/index.htm")
    onward = re.search(rb'href="(/tongji/[^"]+)"', ask(press, trap)[2])[1].decode()
    assert urljoin(trap, onward) != trap
    assert ask(press, "http://www.haojiangchenbao.example/robots.txt")[0] == 404


def walk(press: Press, start: str, charset: str, next_words: str) -> tuple[set[str], int]:
    """All links of a list page and the pages after it; and how many pages there were."""
    found, url, pages = set(), start, 0
    while url:
        text = ask(press, url)[2].decode(charset)
        links = [(urljoin(url, unescape(h)), t) for h, t in re.findall(r'<a\b[^>]*?href="([^"]+)"[^>]*>(.*?)</a>', text, re.I | re.S)]
        found |= {u for u, _ in links}
        url = next((u for u, t in links if re.match(next_words, t)), "")
        pages += 1
    return found, pages


def test_every_article_can_be_found_from_the_sources_of_its_outlet(press, truth):
    missing = {p.url for p in truth}
    deepest = 0
    for outlet in BUREAU.outlets:
        for source in outlet.sources:
            if ".example" not in source.url:
                continue
            charset = next(h.charset for h in houses().values() if f"//{h.host}/" in source.url)
            if source.kind.value in ("feed", "sitemap"):
                body = ask(press, source.url)[2]
                ElementTree.fromstring(body)
                missing -= set(re.findall(r"http://[^<\"]+", unescape(body.decode())))
            elif source.kind.value in ("listing", "wechat"):
                links, pages = walk(press, source.url, charset, "下一[页頁]")
                missing -= links
                deepest = max(deepest, pages)
                assert pages <= source.max_pages, source.url
    assert not missing
    assert deepest > 1, "no list has a next page"


@pytest.mark.parametrize("host", ["epaper.yunchuanribao.example", "epaper.linjiangribao.example"])
def test_an_epaper_has_layouts_pages_and_former_editions(press, truth, host):
    today, missing, seen = f"http://{host}/html/2026-11/21/node_1.htm", {p.url: p for p in truth if f"//{host}/" in p.url}, set()
    queue = [today]
    while queue:
        node = queue.pop()
        seen.add(node)
        text = ask(press, node)[2].decode()
        number = re.search(r'class="ban-now">第(\d+)版', text)[1]
        for href, _ in re.findall(r'<a href="([^"]+)">([^<]*)</a>', text):
            url = urljoin(node, href)
            if "node_" in url and url not in seen:
                queue.append(url)
            if url in missing:
                assert int(missing.pop(url).page_no) == int(number)
    assert not missing
    status, headers, _ = ask(press, f"http://{host}/html/2026-11/22/node_1.htm")
    assert (status, headers["Location"]) == (302, today), "before the press is out, tomorrow's address leads to the newest edition"
    assert ask(press, f"http://{host}/html/2026-01/05/node_1.htm")[0] == 404


def test_wechat_posts_tell_their_time_in_the_script(press, truth):
    posts = [p for p in truth if p.family == "wechat"]
    assert all(re.fullmatch(r"http://mp\.weixin\.example/s\?__biz=.+&mid=\d+&idx=1&sn=\w+", p.url) for p in posts)
    for post in posts:
        text = ask(press, post.url)[2].decode()
        if post.status == "clipped":
            assert int(re.search(r'var ct = "(\d+)"', text)[1]) == post.published.timestamp()
            assert 'id="js_content" style="visibility: hidden' in text and 'id="js_name"' in text
        else:
            assert ("已被发布者删除" in text) == (post.status == "gone") and ("完成验证" in text) == (post.status == "blocked")


def test_special_pages(press, truth):
    defaced = next(p for p in truth if p.defaced)
    assert ask(press, defaced.url)[2].decode().count("casino.example") >= 5
    agency = next(p for p in truth if p.family == "jsonld")
    facts = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', ask(press, agency.url)[2].decode())[1])
    assert facts["headline"] == agency.title and datetime.fromisoformat(facts["datePublished"]) == agency.published
    evening = [p for p in load_pieces(NOW) if p.split]
    assert evening
    for piece in evening:
        first, second = (ask(press, u)[2].decode("gbk") for u in (piece.url, piece.second_url))
        assert piece.paragraphs[-1] in second and piece.paragraphs[-1] not in first and "下一页" in first
    trs = [p.url for p in truth if p.family == "trs"]
    assert all(re.search(r"/\d{6}/t\d{8}_\d+\.html$", u) for u in trs)


def test_held_back_pieces_come_out_and_a_restart_goes_on(tmp_path):
    state = tmp_path / "var" / "press.json"
    listing = "http://www.yunchuanwang.example/news/yw/index.html"
    with Press(NOW, state=state, speed=0) as first:
        waiting = [p for p in load_truth(NOW) if p.held]
        assert 12 <= len(waiting) <= 20 and sorted({p.held for p in waiting}) == [20.0 * k for k in range(1, len(waiting) + 1)]
        assert {ask(first, p.url)[0] for p in waiting} == {404}
        before = ask(first, listing)[1]["ETag"]
        first.publish_all()
        assert {ask(first, p.url)[0] for p in waiting} == {200}
        assert ask(first, listing)[1]["ETag"] != before, "the list has something new"
        assert sum(first.seen[p.url] for p in waiting) == 2 * len(waiting)
    with Press(state=state) as again:
        assert again.now == NOW and again.started == first.started
        assert {p.url for p in again.pieces} == {p.url for p in first.pieces}
    later = Press(NOW, speed=1e9)
    assert len(later.urls()) == len(later.pieces)
    later.close()


@pytest.mark.parametrize("clock", ["2026-11-21T00:03", "2026-03-01T12:00", "2027-01-01T23:58"])
def test_the_press_is_recent_at_any_hour_and_never_of_the_future(clock):
    now = datetime.fromisoformat(clock + "+08:00")
    pieces = load_pieces(now)
    assert all(p.published <= now for p in pieces)
    assert sum(p.published >= now - timedelta(days=11) for p in pieces) >= 0.9 * len(pieces)
    order = {p.id: p.published for p in pieces}
    assert order["s12.0"].date() == now.date() and order["s12.1"] <= order["s12.2"] <= order["s12.3"]
    assert all("{" not in text for p in pieces for text in (p.title, p.byline, p.caption, *p.paragraphs))
    assert len({p.url for p in pieces}) == len(pieces)


def named(text: str) -> tuple[set[str], dict[str, set[str]]]:
    """Unit ids named for certain, and ambiguous names with the ids they may mean; longest name first."""
    owners: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for unit in BUREAU.units:
        owners[unit.name].add((unit.id, False))
        for alias in unit.aliases:
            owners[alias.name].add((unit.id, alias.ambiguous))
    certain, ambiguous = set(), {}
    for name in sorted(owners, key=len, reverse=True):
        if name in text:
            text = text.replace(name, "＃")
            if all(unclear for _, unclear in owners[name]):
                ambiguous[name] = {unit for unit, _ in owners[name]}
            else:
                certain |= {unit for unit, _ in owners[name]}
    return certain, ambiguous


def test_the_truth_agrees_with_the_texts():
    for piece in load_pieces(NOW):
        where, body = piece.id, "\n".join((piece.title, *piece.paragraphs))
        units = set(piece.truth.units)
        assert units <= {u.id for u in BUREAU.units} and set(piece.truth.opinion) == units, where
        assert set(piece.truth.opinion.values()) <= set("NRP"), where
        flat = "\n".join((body, piece.byline, piece.caption)).replace("　", "")
        assert all(name in flat for name in piece.truth.authors + piece.truth.correspondents), where
        if piece.house.family == "big5":
            continue
        certain, ambiguous = named(body)
        assert certain <= units, f"{where}: names {certain - units}"
        assert units <= certain.union(*ambiguous.values()), f"{where}: does not name {units}"
        for name, candidates in ambiguous.items():
            elsewhere = "河阳" in body
            assert candidates & units or name in piece.truth.unresolved or elsewhere, f"{where}: {name}"


def shingles(text: str) -> set[str]:
    plain = re.sub(r"\W|\d", "", text)
    return {plain[i:i + 6] for i in range(len(plain) - 5)}


def test_different_stories_are_different_articles():
    firsts = {}
    for piece in load_pieces(NOW):
        if piece.paragraphs and not piece.story.startswith("b-"):
            firsts.setdefault(piece.story, shingles("".join(piece.paragraphs)))
    ids = sorted(firsts)
    for n, one in enumerate(ids):
        for other in ids[n + 1:]:
            shared = len(firsts[one] & firsts[other]) / min(len(firsts[one]), len(firsts[other]))
            assert shared < 0.15, (one, other, shared)


def test_copies_of_a_story_are_the_same_article():
    originals = {}
    for piece in load_pieces(NOW):
        if not piece.paragraphs or piece.house.family == "big5":
            continue
        here = shingles("".join(piece.paragraphs))
        whole = originals.setdefault(piece.story, here)
        assert len(here & whole) >= 0.7 * min(len(here), len(whole)) and len(here) >= 0.3 * len(whole), piece.id


def test_an_incident_can_break_while_one_watches():
    live = [i for i in incidents(NOW) if i.held]
    assert len(live) == 1 and len(live[0].outlets) >= 5
    held = {p.url: p.held for p in load_truth(NOW)}
    assert [held[u] for u in live[0].urls] == sorted(held[u] for u in live[0].urls), "its copies come out in the order they are dated"


def test_bulletins_differ_in_their_figures():
    days = [p for p in load_pieces(NOW) if re.fullmatch(r"b-flu\d\d", p.story)]
    assert len(days) >= 7
    assert len({tuple(re.findall(r"\d+例", "".join(p.paragraphs))) for p in days}) == len(days)


def test_the_command_serves_until_told_to_stop(tmp_path):
    state = tmp_path / "press.json"
    command = [sys.executable, "-m", "config.sample.press", "--port", "0", "--state", str(state), "--now", "2026-11-21T12:00+08:00"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            port = int(re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())[1])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "http://wjw.yunchuan.gov.example/art/index.html")
            assert connection.getresponse().status == 200
            connection.close()
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert datetime.fromisoformat(json.loads(state.read_text())["now"]) == NOW
