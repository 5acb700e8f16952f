"""The way of a case: each step has who, when and what; what is out of order is refused and changes nothing."""

from datetime import timedelta

import pytest

from duty_room import Room
from model.alert import WAY, IncidentState, Level
from model.opinion import Label

S = IncidentState


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def walk(room, incident):
    """From 待签收 to 归档; yields the state after each step."""
    desk = room.desk
    deadline = room.clock.now() + timedelta(hours=20)
    for step in (lambda: desk.sign(incident, "值班甲"), lambda: desk.judge(incident, "值班甲", "属实，影响较大"),
                 lambda: desk.assign(incident, "带班乙", ["yy"], ["wjw"], "查明收费情况", deadline),
                 lambda: desk.handle(incident, "医院丙", "yy", "多收 30 元", "已退还"),
                 lambda: desk.answer(incident, "值班甲", "已退还多收费用", "官网", "文字通报", "http://wjw.example/1.html"),
                 lambda: desk.feedback(incident, "委机关", "wjw", "已督促"), lambda: desk.feedback(incident, "医院丙", "yy", "已整改"),
                 lambda: desk.close(incident, "带班乙", "舆情平息"), lambda: desk.file(incident, "值班甲")):
        room.clock.pass_by(minutes=10)
        yield step().state


def test_a_case_walks_the_whole_way(room):
    incident = room.alarm()
    states = list(walk(room, incident))
    assert states == [S.SIGNED, S.SIGNED, S.ASSIGNED, S.HANDLING, S.ANSWERED, S.ANSWERED, S.REPORTED, S.CLOSED, S.FILED]
    assert list(dict.fromkeys([S.OPEN, *states])) == list(WAY)
    case = room.desk.case(incident)
    assert [(a.unit_id, a.role, a.findings, a.measures, a.feedback) for a in case.assignments] == [
        ("yy", "lead", "多收 30 元", "已退还", "已整改"), ("wjw", "assist", "", "", "已督促")]
    answer, = case.answers
    assert (answer.content, answer.channel, answer.way, answer.link) == ("已退还多收费用", "官网", "文字通报", "http://wjw.example/1.html")
    assert (case.closing.text, case.closing.who, case.file_number, case.waiting) == ("舆情平息", "带班乙", "舆情〔2026〕1号", ())
    assert [e.who for e in room.events(incident) if e.what in ("signed", "assigned", "handled", "closed")] == ["值班甲", "带班乙", "医院丙", "带班乙"]


@pytest.mark.parametrize("before, step, said", [
    (0, lambda d, i: d.judge(i, "甲", "x"), "先签收"), (0, lambda d, i: d.assign(i, "甲", ["yy"], [], "x", None), "先签收"),
    (1, lambda d, i: d.assign(i, "甲", ["yy"], [], "x", None), "先写研判意见"), (1, lambda d, i: d.handle(i, "甲", "yy", "x"), "不能填写处置情况"),
    (3, lambda d, i: d.close(i, "甲", "x"), "没有全部反馈"), (3, lambda d, i: d.handle(i, "甲", "zy", "x"), "没有把这件事交办给市中医院"),
    (3, lambda d, i: d.file(i, "甲"), "不能归档"), (9, lambda d, i: d.answer(i, "甲", "x", "x", "x"), "已归档"),
    (9, lambda d, i: d.sign(i, "甲"), "已归档"), (2, lambda d, i: d.judge(i, "甲", "  "), "不能为空"),
    (2, lambda d, i: d.judge(i, "甲", "x", "weather"), "没有“weather”这一类"), (2, lambda d, i: d.assign(i, "甲", [], [], "x", None), "主办单位"),
    (2, lambda d, i: d.assign(i, "甲", ["nobody"], [], "x", None), "没有编号"),
    (2, lambda d, i: d.assign(i, "甲", ["yy"], [], "x", d.clock.now() - timedelta(minutes=1)), "已经过去"),
    (2, lambda d, i: d.answer(i, "甲", "x", "x", "x", "javascript:alert(1)"), "http"), (1, lambda d, i: d.correction(i, "甲", "contacted", "报", "x"), "不能登记更正"),
    (1, lambda d, i: d.set_level(i, "甲", Level.IV, "x"), "已经是"), (0, lambda d, i: d.reopen(i, "甲", "x"), "先签收"), (0, lambda d, i: d.sign(999, "甲"), "没有编号"),
])
def test_what_is_out_of_order_is_refused_with_its_reason_and_changes_nothing(room, before, step, said):
    incident = room.alarm()
    taken = walk(room, incident)
    for _ in range(before):
        next(taken)
    held = room.incident(incident), room.events(incident), room.store.case_clocks(incident)
    with pytest.raises(ValueError, match=said):
        step(room.desk, incident)
    assert (room.incident(incident), room.events(incident), room.store.case_clocks(incident)) == held


def test_signing_twice_changes_nothing_and_keeps_the_first_name(room):
    incident = room.alarm()
    room.desk.sign(incident, "甲")
    assert room.desk.sign(incident, "乙").signed_by == "甲" and len(room.events(incident, "signed")) == 1


def test_an_untrue_report_is_contacted_asked_and_corrected_in_order(room):
    incident = room.alarm()
    room.desk.sign(incident, "甲")
    room.desk.untrue(incident, "甲", "当日无此患者")
    with pytest.raises(ValueError, match="登记联系情况"):
        room.desk.correction(incident, "甲", "asked", "云川晚报", "要求更正")
    for step in ("contacted", "asked", "obtained"):
        held = room.desk.correction(incident, "甲", step, "云川晚报", "编辑部", "http://x.example/" if step == "obtained" else "")
    assert (held.state, held.kind) == (S.UNTRUE, "untrue")
    assert [(c.label, c.link) for c in room.desk.case(incident).corrections] == [("已联系媒体", ""), ("已要求更正", ""), ("已更正", "http://x.example/")]
    assert room.desk.close(incident, "甲", "已更正").state is S.CLOSED


def test_a_unit_given_the_case_again_reports_again(room):
    incident = room.alarm()
    taken = walk(room, incident)
    for _ in range(7):
        next(taken)
    held = room.desk.assign(incident, "甲", ["yy"], [], "再查", None)
    assert held.state is S.ASSIGNED and room.desk.case(incident).waiting == ("yy",)


def test_assigned_units_find_the_case_among_theirs(room):
    incident = room.alarm()
    taken = walk(room, incident)
    for _ in range(3):
        next(taken)
    assert [i.id for i in room.store.incidents(unit_id="wjw")] == [incident] and room.store.incidents(unit_id="zy") == []
    assert room.incident(incident).assigned == ("yy", "wjw") and room.incident(incident).units == ("yy",)


def test_the_desk_says_what_may_be_done(room):
    incident = room.alarm()
    assert set(room.desk.may(room.incident(incident), room.desk.case(incident))) >= {"sign", "false_alarm", "merge"}
    room.desk.sign(incident, "甲")
    may = room.desk.may(room.incident(incident), room.desk.case(incident))
    assert "judge" in may and "assign" not in may and "sign" not in may


def test_a_case_opened_by_hand_takes_its_pieces_along(room):
    piece = room.clip("风险提示", label=Label.RISK)
    held = room.desk.open_by_hand("甲", "群众来电反映排队", ["yy"], Level.III, "电话记录", [piece])
    assert (held.level, held.articles, held.units, held.state) == (Level.III, 1, ("yy",), S.OPEN) and room.rings(held.id) == [["opened"]]
    assert room.desk.consider(piece) == held.id
    with pytest.raises(ValueError, match="已在事件"):
        room.desk.open_by_hand("甲", "再开", [], Level.IV, "重复", [piece])


def test_a_case_without_any_piece_may_be_opened(room):
    held = room.desk.open_by_hand("甲", "来信", [], Level.IV, "来信")
    assert held.articles == 0 and room.rings(held.id) == [["opened"]]


def test_merging_moves_the_stories_and_links_the_cases(room):
    a, b = room.alarm(), room.alarm("另一篇", outlet="wang", tier="provincial", unit="zy")
    held = room.desk.merge(b, a, "甲", "同一件事")
    assert (held.id, held.articles, held.outlets, set(held.units)) == (a, 2, 2, {"yy", "zy"})
    assert (room.incident(b).state, room.incident(b).merged_into, room.incident(b).stories) == (S.MERGED, a, ())
    assert {c.state.value for c in room.store.case_clocks(b)} == {"void"}
    room.spread(a, 1)
    with pytest.raises(ValueError, match="不存在或已经办结"):
        room.desk.merge(a, b, "甲", "x")


def test_splitting_makes_a_case_of_its_own_and_keeps_the_rest(room):
    room.alike |= {"患者质疑收费", "停车难"}
    incident = room.alarm()
    room.alarm("停车难", outlet="wang")
    first, second = room.incident(incident).stories
    made = room.desk.split(incident, [second], "甲", "不是一件事")
    assert (made.stories, made.title, made.previous, made.articles) == ((second,), "停车难", incident, 1)
    assert (room.incident(incident).stories, room.incident(incident).articles) == ((first,), 1)
    with pytest.raises(ValueError, match="全部稿件"):
        room.desk.split(incident, [first], "甲", "x")
    with pytest.raises(ValueError, match="不在该事件中"):
        room.desk.split(incident, [second], "甲", "x")


def test_a_closed_case_is_taken_up_again_as_a_linked_one(room):
    old = room.alarm()
    room.desk.sign(old, "甲")
    room.desk.close(old, "甲", "平息")
    new = room.desk.reopen(old, "乙", "家属再次发声")
    assert new.previous == old and new.state is S.OPEN and new.articles == 1 and room.rings(new.id) == [["back"]]
    with pytest.raises(ValueError, match="已在事件"):
        room.desk.reopen(old, "乙", "再来")


def test_a_false_alarm_strikes_its_clocks(room):
    incident = room.alarm()
    assert room.desk.false_alarm(incident, "甲", "同名医院").state is S.FALSE_ALARM
    assert [c.state.value for c in room.store.case_clocks(incident)] == ["void"]


def test_file_numbers_go_on_by_year(room):
    numbers = []
    for title in ("一", "二"):
        incident = room.alarm(title)
        room.desk.sign(incident, "甲")
        room.desk.close(incident, "甲", "x")
        room.desk.file(incident, "甲")
        numbers.append(room.desk.case(incident).file_number)
    assert numbers == ["舆情〔2026〕1号", "舆情〔2026〕2号"]
