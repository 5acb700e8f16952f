"""Merging and splitting stories by hand: at once, and against every re-run; credits, alerts and incidents follow."""

import pytest
from dashboards_office import NOW
from model.story import FirstState
from story_room import LINES, OTHER, Press

OURS = ("云川市人民医院今天开诊。", *LINES)
ELSE = ("云川市人民医院配合完成采血。", *OTHER)
LATE = ("患者家属质疑云川市人民医院延误抢救，致其父亲死亡，称多次要求会诊都被医生拒绝。", "家属要求封存病历，讨要说法，院方至今没有回应。")
DEAR = ("多名患者投诉云川市人民医院乱收费，同一项检查被重复收取三次费用。", "患者要求退费遭收费处推诿，质疑医院管理混乱，医保部门介入调查。")


@pytest.fixture
def press(tmp_path):
    return Press(tmp_path)


@pytest.fixture
def two(press):
    """Two stories of two and three copies."""
    a = [press.publish("夜间门诊开诊", OURS, outlet=o, ago_h=h) for o, h in (("shi", 9), ("wang", 6))]
    b = [press.publish("无偿献血体检", ELSE, outlet=o, ago_h=h, number=2) for o, h in (("sheng", 8), ("guojia", 5), ("wang", 2))]
    assert press.story(a[0]) == set(a) and press.story(b[0]) == set(b)
    return a, b


def desk(press):
    return press.world.office.stories


def keys(press):
    return {t.key for t in press.store.take_tasks(("alert", "credit"), 100, press.clock.now())}


def test_a_merge_makes_one_story_and_judges_it_anew(press, two):
    a, b = two
    desk(press).merge(a[0], b[1], "李四")
    assert press.story(a[0]) == {*a, *b}
    story = press.store.clipping(b[0]).story
    assert (story.copies, story.highest_tier) == (5, "central") and story.first.state is FirstState.PROBABLE
    assert "人工合并（李四）" in press.store.clipping(b[1]).edge.reason
    assert sum(c.is_first for c in press.store.story_copies(story.id)) == 1


@pytest.mark.parametrize("mine, yours", [(0, 0), (1, 0), (1, 2)])
def test_a_merge_is_kept_against_re_runs_whichever_copies_were_named(press, two, mine, yours):
    a, b = two
    desk(press).merge(a[mine], b[yours], "李四")
    for _ in range(2):
        press.rerun()
        assert press.story(a[0]) == {*a, *b}


def test_a_split_is_kept_against_re_runs(press, two):
    a, b = two
    assert desk(press).split([b[2]], "李四") == press.store.clipping(b[2]).story.id
    for _ in range(2):
        assert press.story(b[2]) == {b[2]} and press.story(b[0]) == set(b[:2])
        press.rerun()
    assert press.store.clipping(b[0]).story.copies == 2


def test_several_are_split_off_together(press, two):
    _, b = two
    desk(press).split([b[2], b[0]], "李四")
    for _ in range(2):
        assert press.story(b[0]) == {b[0], b[2]} and press.story(b[1]) == {b[1]}
        press.rerun()


def test_a_split_after_a_merge_and_a_merge_after_a_split(press, two):
    a, b = two
    desk(press).merge(a[0], b[0], "李四")
    desk(press).split(b, "王五")
    press.rerun()
    assert press.story(a[0]) == set(a) and press.story(b[0]) == set(b)
    desk(press).merge(b[0], a[0], "李四")
    press.rerun()
    assert press.story(a[0]) == {*a, *b}


def test_a_copy_that_comes_later_joins_one_of_the_parts_and_does_not_bridge_them(press, two):
    _, b = two
    desk(press).split([b[0]], "李四")
    late = press.publish("无偿献血体检", ELSE, outlet="shi", number=9, ago_h=1)
    assert press.story(b[0]) != press.story(b[1]) and late in press.story(b[0]) | press.story(b[1])


def test_credits_and_alerts_are_looked_at_anew(press, two):
    a, b = two
    stories = press.store.clipping(a[0]).story.id, press.store.clipping(b[0]).story.id
    for task in press.store.take_tasks(("alert", "credit"), 100, press.clock.now()):
        press.store.task_done(task.id, press.clock.now())
    desk(press).merge(a[0], b[0], "李四")
    assert keys(press) == {f"alert:{a[0]}", f"credit:{stories[0]}", f"credit:{stories[1]}"}


def test_an_incident_follows_its_story_into_the_other(press, two):
    a, _ = two
    bad = press.publish("家属质疑云川市人民医院延误抢救致患者死亡", (*LATE, *LINES[:1]), outlet="sheng", number=7)
    incident = press.world.desk.consider(bad)
    desk(press).merge(a[0], bad, "李四")
    assert press.store.incident(incident).stories == (press.store.clipping(a[0]).story.id,)


def test_two_open_incidents_are_first_made_one(press):
    first = press.publish("家属质疑云川市人民医院延误抢救致患者死亡", (*LATE, *OTHER), outlet="sheng", number=7)
    second = press.publish("患者投诉云川市人民医院重复收费还推诿", (*DEAR, *LINES), outlet="shi", number=8)
    numbers = press.world.desk.consider(first), press.world.desk.consider(second)
    assert len(set(numbers)) == 2
    with pytest.raises(ValueError, match=f"事件 {numbers[0]} 和 {numbers[1]}，请先在“舆情”页并案"):
        desk(press).merge(first, second, "李四")
    assert press.story(first) == {first}


def test_what_cannot_be_done_is_refused(press, two):
    a, b = two
    for act, why in ((lambda: desk(press).merge(a[0], a[1], "x"), "已经是同一稿件"), (lambda: desk(press).merge(a[0], 99, "x"), "没有这一篇"),
                     (lambda: desk(press).split([], "x"), "请先勾选"), (lambda: desk(press).split(a, "x"), "不能把全部"),
                     (lambda: desk(press).split([a[0], b[0]], "x"), "已不在同一稿件组")):
        with pytest.raises(ValueError, match=why):
            act()
    assert press.story(a[0]) == set(a) and press.story(b[0]) == set(b)


def test_the_chain_tells_who_took_it_from_whom_and_what_was_changed(press):
    first = press.publish("夜间门诊开诊", OURS, outlet="shi", ago_h=9)
    second = press.publish("上班族看病更方便", OURS[:4], outlet="wang", source="云川日报", ago_h=6)
    third = press.publish("夜间门诊开诊", OURS, outlet="sheng", source="云川在线", ago_h=3)
    steps = {s.child: s for s in desk(press).chain(press.store.clipping(first).story.id)}
    assert [steps[n].parent for n in (first, second, third)] == [None, first, second]
    assert "注明来源“云川日报”" in steps[second].reason and steps[first].reason.startswith("首发：")
    assert "标题不同" in steps[second].change and "删去" in steps[second].change and "增加" in steps[third].change
    assert press.store.clipping(first).first_seen == NOW
