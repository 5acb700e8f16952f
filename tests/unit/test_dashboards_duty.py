"""The duty desk's pages: a case through all its steps by three kinds of people, who sees what, who looked; roster, channels, watches."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from dashboards_office import client_as, token_on, world
from model.alert import ChannelConfig, ClockState, IncidentState, Level
from model.duty import ClockRule, DutyRules, Person, Shift, Watch
from model.outlet import Tier
from selectolax.lexbor import LexborHTMLParser as HTMLParser

RULES = DutyRules(
    people=(Person("zhang", "张三", user="duty"), Person("li", "李四", user="admin"), Person("wang", "王主任", leads=True)),
    clocks=(ClockRule("answer", "舆情回应", 2880, "answered"), ClockRule("report", "报告领导", 60, "report")),
    watches=(Watch("yz", "夜间门诊政策", ("夜间门诊",), "2026-11-10", "2026-11-25", ("yy",)),
             Watch("old", "旧政策", ("义诊",), "2026-10-01", "2026-10-31")))


@pytest.fixture
def made(tmp_path):
    made = world(tmp_path, duty=RULES, channels=(ChannelConfig("duty", "webhook", url_env="JIANBAO_TEST_NOWHERE"),))
    made.fill()
    return made


def post(client, path, **data):
    return client.post(path, data={"csrf": token_on(client.get("/password")), **data})


def case_text(client, number=1):
    return HTMLParser(client.get(f"/incidents/{number}").text).css_first("main").text()


def test_a_case_goes_the_whole_way_by_desk_leader_and_unit(made):
    duty, leader, unit = (client_as(made, name) for name in ("duty", "reader", "unit"))
    assert post(duty, "/incidents/1/judge", text="属实").status_code == 409              # not signed for yet
    post(duty, "/incidents/1/sign")
    assert post(duty, "/incidents/1/assign", lead="yy", text="核实").status_code == 409  # not judged yet
    post(duty, "/incidents/1/judge", text="反映的纠纷基本属实", kind="emergency")
    post(leader, "/incidents/1/instruct", text="请妥善处置")
    post(duty, "/incidents/1/report_up", text="电话报告分管领导")
    answer = post(duty, "/incidents/1/assign", lead="yy", assist="zy", text="核实并反馈", deadline="2026-11-22T18:00")
    assert answer.status_code == 200
    assert "尚未反馈" in case_text(unit) and "核实并反馈" in case_text(unit)
    post(unit, "/incidents/1/handle", text="双方已沟通", measures="成立专班", unit="zy")       # whatever unit is typed, it is the visitor's own
    post(duty, "/incidents/1/answer", text="情况说明全文", channel="官方网站", way="情况说明", link="http://wjw.example/1.html")
    assert post(duty, "/incidents/1/close", text="完毕").status_code == 409              # two units have not reported back
    post(unit, "/incidents/1/feedback", text="已办好")
    assert made.store.incident(1).state is IncidentState.ANSWERED
    post(duty, "/incidents/1/feedback", unit="zy", text="协助完成")
    assert made.store.incident(1).state is IncidentState.REPORTED
    post(duty, "/incidents/1/close", text="家属表示谅解")
    post(duty, "/incidents/1/file")
    assert made.store.incident(1).state is IncidentState.FILED
    case = made.desk.case(1)
    lead = case.assignments[0]
    assert (lead.unit_id, lead.findings, lead.measures, lead.reported_by) == ("yy", "双方已沟通", "成立专班", "单位联络员甲")
    assert lead.deadline.isoformat() == "2026-11-22T10:00:00+00:00"
    assert case.file_number == "舆情〔2026〕1号" and case.instructions[0].who == "领导/阅览甲"
    tree = HTMLParser(duty.get("/incidents/1").text)
    assert [li.attributes.get("class") for li in tree.css(".steps li")] == ["done"] * 8
    text = tree.css_first("main").text()
    for said in ("请妥善处置", "电话报告分管领导", "情况说明全文", "舆情〔2026〕1号", "✓ 按时", "家属表示谅解"):
        assert said in text
    assert {c.state for c in made.store.case_clocks(1)} == {ClockState.MET}


def test_a_refusal_keeps_what_was_typed_and_says_why(made):
    duty = client_as(made, "duty")
    post(duty, "/incidents/1/sign")
    post(duty, "/incidents/1/judge", text="属实")
    answer = post(duty, "/incidents/1/assign", lead="yy", text="我写的要求", deadline="2026-11-20T08:00")
    assert answer.status_code == 409 and "办理时限已经过去" in answer.text and "我写的要求" in answer.text
    answer = post(duty, "/incidents/1/assign", lead="yy", text="要求", deadline="明天")
    assert answer.status_code == 409 and "时间看不懂" in answer.text
    assert post(duty, "/incidents/1/set_level", level="9", text="x").status_code == 409
    answer = post(duty, "/incidents/1/answer", text="内容", channel="网站", way="说明", link="javascript:alert(1)")
    assert answer.status_code == 409 and "http://" in answer.text


def test_untrue_reports_levels_titles_and_cases_joined_and_parted(made):
    duty = client_as(made, "duty")
    post(duty, "/incidents/1/sign")
    post(duty, "/incidents/1/untrue", text="病历与报道不符")
    assert post(duty, "/incidents/1/correction", stage="asked", outlet="云川日报", text="x").status_code == 409
    for stage in ("contacted", "asked", "obtained"):
        post(duty, "/incidents/1/correction", stage=stage, outlet="云川日报", text="编辑部已受理")
    post(duty, "/incidents/1/set_level", level="2", text="关注度高")
    post(duty, "/incidents/1/rename", text="某患者纠纷不实报道")
    held = made.store.incident(1)
    assert held.level is Level.II and held.title == "某患者纠纷不实报道" and "已更正" in case_text(duty)
    other = made.alarm("云川市中医院的纠纷", unit="zy")
    answer = post(duty, f"/incidents/{other}/merge", into="1", text="同一件事")
    assert answer.url.path == "/incidents/1" and made.store.incident(other).state is IncidentState.MERGED
    story = made.store.incident(1).stories[-1]
    answer = post(duty, "/incidents/1/split", story=str(story), text="又不是一件")
    new = int(answer.url.path.rsplit("/", 1)[1])
    assert new not in (1, other) and made.store.incident(new).stories == (story,)
    assert "关联事件" in answer.text


def test_a_case_is_opened_by_hand_and_taken_up_again(made):
    duty = client_as(made, "duty")
    number = made.numbers["云川市人民医院开设夜间门诊"]
    assert "云川市人民医院开设夜间门诊" in duty.get(f"/incidents/new?article={number}").text
    assert post(duty, "/incidents/new", title="人工发现的", level="3", unit="yy", text="", articles=str(number)).status_code == 409
    answer = post(duty, "/incidents/new", title="人工发现的", level="3", unit="yy", text="电话反映", articles=str(number), kind="leak")
    new = int(answer.url.path.rsplit("/", 1)[1])
    held = made.store.incident(new)
    assert held.level is Level.III and held.kind == "leak" and held.articles == 3
    post(duty, f"/incidents/{new}/false-alarm", text="打错了")
    again = post(duty, f"/incidents/{new}/reopen", text="又有反映")
    assert made.store.incident(int(again.url.path.rsplit("/", 1)[1])).previous == new


STEPS = ("judge", "assign", "handle", "feedback", "answer", "correction", "split", "untrue", "report_up", "conference", "file",
         "set_level", "rename", "merge",
         "reopen", "instruct")


@pytest.mark.parametrize("role, may", [("secretariat", ()), ("reader", ("instruct",)), ("unit", ("handle", "feedback"))])
def test_each_step_is_refused_to_those_it_is_not_for(made, role, may):
    client, before = client_as(made, role), made.store.incident(1)
    for step in STEPS:
        assert (post(client, f"/incidents/1/{step}", text="x").status_code == 403) == (step not in may), step
    assert made.store.incident(1).state is before.state
    assert post(client, "/incidents/new", title="x").status_code == 403


def test_a_unit_sees_its_own_cases_alone_and_of_them_no_inner_words(made):
    duty, unit = client_as(made, "duty"), client_as(made, "unit")
    other = made.alarm("云川市中医院的纠纷", "云川市中医院的纠纷引发质疑。", unit="zy")
    listed = unit.get("/incidents?state=all&unit=zy").text
    assert "云川市人民医院一起纠纷引关注" in listed and "云川市中医院的纠纷" not in listed
    assert "云川市中医院的纠纷" not in unit.get("/incidents/rows?state=all&unit=zy", headers={"hx-request": "true"}).text
    for path in ("", "/record", "/record?seen=x", "/papers/jiaoban", "/papers/jiaoban/docx", "/papers/kuaibao", "/papers/zhuanbao/docx"):
        assert unit.get(f"/incidents/{other}{path}").status_code == 404, path
    assert unit.get(f"/stories/{made.store.incident(other).stories[0]}").status_code == 404
    assert post(unit, f"/incidents/{other}/feedback", text="x").status_code == 404
    assert ("unit", "incident_view", str(other), "refused") in {row[1:5] for row in made.store.audit_rows(50)}
    for path in ("/wall", "/wall/board", "/duty", "/duty/handover", "/duty/log", "/duty/channels", "/duty/channels/edit", "/watches",
                 "/watches/yz",
                 "/watches/new", "/papers/day", "/papers/day/docx", "/papers/ledger", "/incidents/new"):
        assert unit.get(path).status_code == 403, path
    post(duty, f"/incidents/{other}/sign")
    post(duty, f"/incidents/{other}/judge", text="内部研判意见")
    post(duty, f"/incidents/{other}/note", text="内部备注")
    post(duty, f"/incidents/{other}/assign", lead="zy", assist="yy", text="协助核实")
    post(duty, f"/incidents/{other}/handle", unit="zy", text="另一单位的核查")
    text = case_text(unit, other)                     # it is theirs now: they were asked to help
    assert "协助核实" in text
    for hidden in ("内部研判意见", "内部备注", "另一单位的核查"):
        assert hidden not in text and hidden in case_text(duty, other)
    assert "填报处置" in text and unit.get(f"/incidents/{other}/papers/jiaoban").status_code == 200
    assert unit.get(f"/incidents/{other}/papers/zhuanbao").status_code == 403


def test_a_liaison_without_a_unit_sees_no_case(made):
    held = made.store.user("unit")[0]
    made.store.save_user(replace(held, unit_id=""), None)
    client = client_as(made, "unit")
    assert "云川市人民医院一起纠纷引关注" not in client.get("/incidents?state=all").text and client.get("/incidents/1").status_code == 404
    assert post(client, "/incidents/1/feedback", text="x").status_code == 403


def test_every_look_at_a_case_is_written_down_and_the_page_s_own_refreshes_are_not(made):
    def looks():
        return sum(row[1:4] == ("reader", "incident_view", "1") for row in made.store.audit_rows(200))
    client = client_as(made, "reader")
    page = client.get("/incidents/1")
    assert looks() == 1
    address = HTMLParser(page.text).css_first("#record").attributes["hx-get"]
    client.get(address)
    assert looks() == 1
    client.get("/incidents/1/record")
    client.get("/incidents/1/record?seen=中文")
    assert looks() == 3
    client.get("/incidents/1/papers/kuaibao")
    client.get("/incidents/1/papers/kuaibao/docx")
    assert sum(row[2] == "paper_kuaibao" for row in made.store.audit_rows(200)) == 2


def test_the_case_shows_its_sentences_its_chain_and_its_spread(made):
    first = made.numbers["云川市人民医院一起纠纷引关注"]
    made.clip("转：云川市人民医院一起纠纷引关注", "云川市人民医院的纠纷引发质疑。", outlet="wang", story=made.story_of(first), age=timedelta(minutes=20), negative=True)
    tree = HTMLParser(client_as(made, "duty").get("/incidents/1").text)
    assert [m.text() for m in tree.css("blockquote mark.m-word")][:1] == ["纠纷"]
    assert [d.attributes["class"] for d in tree.css("td.depth")] == ["depth depth-0", "depth depth-1"]
    assert "同稿于 云川日报：正文 97% 相同" in tree.css_first(".depth-1").text()
    chart = json.loads(tree.css_first("[data-chart]").attributes["data-chart"])
    assert chart["axis"][-1] == "10:10"
    assert {s["name"]: sum(s["data"]) for s in chart["series"]} == {Tier.MUNICIPAL.label: 1, Tier.PORTAL.label: 1}


def test_the_wall_shows_what_is_open_who_sits_and_what_is_silent(made):
    roster = made.office.roster
    now = made.clock.now()
    roster.put([Shift(0, now - timedelta(hours=2), now + timedelta(hours=22), "wang", ("zhang",))], "x")
    made.store.record_channel("duty", False, "连不上", True, now)
    tree = HTMLParser(client_as(made, "reader").get("/wall").text)
    assert [c.css_first("h2").text() for c in tree.css(".wall-card")] == ["云川市人民医院一起纠纷引关注"]
    text = tree.css_first("main").text()
    for said in ("Ⅳ", "王主任", "张三", "duty 不通", "503", "待签收"):
        assert said in text
    assert tree.css_first("[data-count]").attributes["data-count"].startswith("2026-11-21T")
    assert tree.css_first("[data-ring]").attributes["data-ring"] != "0"


def test_each_ring_says_why_on_the_case_the_wall_and_the_stream(made):
    title, story = "云川市人民医院一起纠纷引关注", made.story_of(made.numbers["云川市人民医院一起纠纷引关注"])
    made.clock.at += timedelta(minutes=6)
    for n in range(4):
        made.clip(f"转{n}：{title}", "云川市人民医院的纠纷引发质疑。", outlet=f"o{n}", story=story, negative=True)
        made.desk.consider(made.numbers[f"转{n}：{title}"])
    duty = client_as(made, "duty")
    text = case_text(duty)
    assert "传播达到5家媒体" in text and "等级由Ⅳ升为Ⅲ" in text and "媒体数5≥5，主题医疗纠纷在列" in text
    assert "传播达到5家媒体" in HTMLParser(duty.get("/wall").text).css_first(".wall-card .wall-why").text()
    ring = next(e for e in reversed(made.store.incident_events(1)) if e.what == "ring")
    assert ring.data["reasons"] == ["level", "spread"] and made.store.last_rings([1])[1] == ring


def test_the_countdown_names_what_is_due_and_what_is_late_is_told(made):
    duty, unit = client_as(made, "duty"), client_as(made, "unit")
    assert "签收时限" in duty.get("/incidents").text
    post(duty, "/incidents/1/sign")
    assert all("报告领导时限" in duty.get(path).text for path in ("/incidents", "/wall", "/incidents/1"))
    made.clock.at += timedelta(hours=2)
    made.desk.tick()
    made.sessions.clear()                       # nobody stays logged in for so long without a click
    duty, unit = client_as(made, "duty"), client_as(made, "unit")
    for path in ("/incidents", "/wall"):
        text = duty.get(path).text
        assert "舆情回应时限" in text and "已过时限：报告领导" in text, path
    assert "报告领导" not in unit.get("/incidents").text and "data-due" not in unit.get("/incidents").text, "the desk's own clocks are not the unit's"
    post(duty, "/incidents/1/judge", text="属实")
    post(duty, "/incidents/1/assign", lead="yy", text="核实", deadline="2026-11-23T18:00")
    assert "反馈（市人民医院）时限" in unit.get("/incidents").text and "反馈（市人民医院）时限" in unit.get("/incidents/1").text


def sheet(rows):
    book = openpyxl.Workbook()
    for row in [("日期", "带班领导", "值班员"), *rows]:
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def upload(client, body):
    return client.post("/duty/sheet", data={"csrf": token_on(client.get("/duty"))}, files={"sheet": ("值班.xlsx", body)})


def test_the_roster_is_brought_in_changed_and_swapped_with_consent(made):
    duty, other = client_as(made, "duty"), client_as(made, "admin")
    blank = openpyxl.load_workbook(io.BytesIO(duty.get("/duty/blank").content)).active
    assert blank.cell(1, 1).value == "日期" and blank.cell(2, 1).value == "2026-11-21"
    bad = upload(duty, sheet([("2026-11-22", "王主任", "张三"), ("哪天", "王主任", "李四")]))
    assert bad.status_code == 400 and "第 3 行" in bad.text and not made.store.shifts(made.clock.now(), made.clock.now() + timedelta(days=9))
    assert upload(duty, sheet([("2026-11-22", "王主任", "张三"), ("2026-11-23", "王主任", "李四")])).status_code == 200
    first, second = made.store.shifts(made.clock.now(), made.clock.now() + timedelta(days=9))
    post(duty, "/duty/edit", shift=str(second.id), leader="王主任", officers="李四、赵六")
    assert made.store.shift(second.id).officers == ("李四", "赵六")
    assert post(duty, "/duty/swap", shift=str(first.id), other="李四", other_shift=str(second.id), text="").status_code == 409
    post(duty, "/duty/swap", shift=str(first.id), other="李四", other_shift=str(second.id), text="家里有事")
    swap = made.store.swaps()[0]
    assert post(duty, "/duty/swap/answer", swap=str(swap.id), agreed="1").status_code == 409       # not by who asked
    assert "同意" in other.get("/duty").text
    post(other, "/duty/swap/answer", swap=str(swap.id), agreed="1")
    named = made.office.roster.named
    assert [named(o) for o in made.store.shift(first.id).officers] == ["李四"]
    assert "张三" in [named(o) for o in made.store.shift(second.id).officers]


def test_a_hand_over_is_signed_by_two(made):
    duty, other = client_as(made, "duty"), client_as(made, "admin")
    assert "云川市人民医院一起纠纷引关注" in duty.get("/duty/handover").text
    post(duty, "/duty/handover/give", text="盯住评论区")
    note = made.store.handovers(1)[0]
    assert note.open_incidents == (1,) and note.added == "盯住评论区"
    assert post(duty, "/duty/handover/take", handover=str(note.id)).status_code == 409
    assert "我接班" not in duty.get("/duty/handover").text and "我接班" in other.get("/duty/handover").text
    post(other, "/duty/handover/take", handover=str(note.id))
    assert made.store.handover(note.id).taken_by == "li"


def test_zero_reports_are_taken_on_quiet_days_only(made):
    duty = client_as(made, "duty")
    assert post(duty, "/duty/zero", day="2026-11-21").status_code == 409          # a case was opened today
    post(duty, "/duty/zero", day="2026-11-15", text="平稳")
    told = made.store.zero_reports("2026-11-01", "2026-11-30")
    assert [(r.day, r.who, r.incidents) for r in told] == [("2026-11-15", "zhang", 0)]
    assert "平稳" in duty.get("/duty/zero").text
    post(duty, "/duty/log", text="接市民来电一次")
    assert "接市民来电一次" in duty.get("/duty/log").text


def test_a_channel_is_tried_from_the_page_and_no_secret_shows(made, monkeypatch):
    monkeypatch.setenv("JIANBAO_TEST_NOWHERE", "http://127.0.0.1:9/very-secret-key")
    duty = client_as(made, "duty")
    answer = post(duty, "/duty/channels/test", channel="duty")
    assert "没有送到" in answer.text and "very-secret-key" not in answer.text and "✗ 不通" in answer.text
    assert post(duty, "/duty/channels/test", channel="nobody").status_code == 400
    assert post(duty, "/duty/channels/again", task="77").status_code == 409
    assert post(client_as(made, "reader"), "/duty/channels/test", channel="duty").status_code == 403


def test_a_watch_shows_its_pieces_and_its_lines(made):
    client = client_as(made, "reader")
    listed = HTMLParser(client.get("/watches").text)
    assert [h.text().split()[-1] for h in listed.css("section h2")] == ["监测中", "已结束"]
    made.office.watches.daily()
    page = HTMLParser(client.get("/watches/yz").text)
    tiles = {d.css_first("dt").text(): d.css_first("dd").text() for d in page.css(".tiles > div")}
    assert tiles["稿件"] == "3" and tiles["负面"] == "0"
    assert page.css(".line-of-time li") and client.get("/watches/nothing").status_code == 404
    assert "结束报告" in client.get("/watches/old").text
