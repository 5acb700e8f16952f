"""A name that could not be resolved: a person decides, it counts at once, and no re-run undoes it."""

from dataclasses import replace

import pytest
from model.mention import Mention
from model.outbox import Task
from model.unit import Unit
from model.resolution import Resolution, resolved
from model.search import Query
from pipelines.store import StoreError
from dashboards_office import NOW
from store_samples import article, record, saved
from story_room import LINES, OTHER, UNITS, Press

NAMED = ("记者从市一院获悉，夜间门诊今天开诊。", *LINES)
BLAMED = ("市一院的一起纠纷引发质疑，家属讨要说法。", *LINES)


@pytest.fixture
def press(tmp_path):
    return Press(tmp_path)


def waiting(press):
    return press.world.office.names.waiting()[0]


def decide(press, number, unit, *, seen=0, copies=False, who="李四", name="市一院"):
    return press.world.office.names.decide(number, name, unit, who, seen, copies)


def tasks(press) -> list[Task]:
    return press.store.take_tasks(("alert", "credit"), 100, press.clock.now())


def test_the_queue_shows_the_name_in_its_words_with_its_candidates(press):
    number = press.publish("夜间门诊开诊", NAMED)
    [name] = waiting(press)
    assert (name.clipping.id, name.surface, set(name.candidates), name.places, name.seen) == (number, "市一院", {"yy", "gp"}, 1, 0)
    assert name.before.endswith("记者从") and name.after.startswith("获悉，夜间门诊")
    assert press.store.search(Query(units=("yy",))).total == 0


def test_a_choice_counts_at_once_and_says_who_made_it_when(press):
    number = press.publish("夜间门诊开诊", NAMED)
    tasks(press)
    assert decide(press, number, "yy") == 1
    [mention] = press.store.clipping(number).mentions
    assert (mention.unit_id, mention.certain, mention.candidates) == ("yy", True, ())
    assert mention.how == "人工确定为云川市人民医院（李四，2026-11-21 10:30）"
    assert press.store.search(Query(units=("yy",))).ids == (number,)
    assert waiting(press) == [] and press.world.office.names.waiting()[1] == 0


def test_credit_and_alert_follow_the_choice(press):
    number = press.publish("医院纠纷调查", BLAMED)
    for task in tasks(press):
        press.store.task_done(task.id, press.clock.now())
    assert press.world.desk.consider(number) is None
    decide(press, number, "yy")
    story = press.store.clipping(number).story.id
    assert {(t.kind, t.key) for t in tasks(press)} == {("alert", f"alert:{number}"), ("credit", f"credit:{story}")}
    incident = press.store.incident(press.world.desk.consider(number))
    assert incident.units == ("yy",)


@pytest.mark.parametrize("unit", ["yy", "gp"])
def test_a_re_run_keeps_the_choice(press, unit):
    number = press.publish("夜间门诊开诊", NAMED)
    decide(press, number, unit)
    press.rerun()
    assert press.store.clipping(number).unit_ids == (unit,) and waiting(press) == []


def test_a_changed_page_keeps_the_choice(press):
    number = press.publish("夜间门诊开诊", NAMED)
    decide(press, number, "yy")
    assert press.publish("夜间门诊开诊", (*NAMED, "市一院表示，预约电话已经开通，市民可以随时拨打。")) == number
    assert press.store.clipping(number).article.text.count("市一院") == 2
    assert [m.unit_id for m in press.store.clipping(number).mentions] == ["yy", "yy"]


def test_none_of_ours_takes_the_piece_out_of_its_story_and_a_re_run_leaves_it_out(press):
    mine = press.publish("夜间门诊开诊", ("云川市人民医院今天开诊。", *LINES), outlet="shi")
    other = press.publish("夜间门诊开诊", NAMED, source="云川日报", ago_h=3)
    assert press.story(mine) == {mine, other}
    decide(press, other, "")
    for _ in range(2):
        held = press.store.clipping(other)
        assert not held.matched and held.story is None and held.mentions == ()
        assert press.story(mine) == {mine} and press.store.clipping(mine).story.copies == 1
        press.rerun()
    assert press.store.clipping(mine).story.first.article_id == mine


def test_none_of_ours_can_be_taken_back(press):
    number = press.publish("夜间门诊开诊", NAMED)
    decide(press, number, "")
    [made] = press.world.office.names.decided()
    assert made.resolution.unit_id == "" and set(made.resolution.candidates) == {"yy", "gp"}
    decide(press, made.clipping.id, "gp", seen=made.resolution.id, who="王五")
    again = press.number("http://guojia.example/2026/1121/1.html")
    assert press.store.clipping(again).unit_ids == ("gp",) and press.story(again) == {again}
    [made] = press.world.office.names.decided()
    assert (made.resolution.unit_id, made.resolution.who, made.clipping.id) == ("gp", "王五", again)


def test_a_story_that_loses_its_first_publication_is_judged_anew(press):
    first = press.publish("夜间门诊开诊", NAMED, outlet="sheng", ago_h=9)
    second = press.publish("夜间门诊开诊", ("云川市人民医院今天开诊。", *LINES), outlet="shi", source="江南日报", ago_h=3)
    assert press.store.clipping(second).story.first.article_id == first
    decide(press, first, "")
    story = press.store.clipping(second).story
    assert (story.first.article_id, story.first.outlet, story.copies, story.highest_tier) == (None, "江南日报", 1, "municipal")
    assert "本库未收录" in story.first.reason


def test_all_copies_of_a_story_are_asked_once_and_decided_together(press):
    numbers = {press.publish("夜间门诊开诊", NAMED, outlet=o, ago_h=h) for o, h in (("guojia", 9), ("sheng", 6), ("wang", 3))}
    [name] = waiting(press)
    assert name.copies == 3
    assert decide(press, name.clipping.id, "yy", copies=True) == 3
    assert set(press.store.search(Query(units=("yy",))).ids) == numbers and waiting(press) == []


def test_one_copy_alone_can_be_decided(press):
    first, second = (press.publish("夜间门诊开诊", NAMED, outlet=o) for o in ("guojia", "sheng"))
    decide(press, second, "yy")
    assert press.store.search(Query(units=("yy",))).ids == (second,)
    assert [(n.clipping.id, n.copies) for n in waiting(press)] == [(first, 1)]


def test_a_late_copy_takes_over_what_was_chosen_for_its_story(press):
    first = press.publish("夜间门诊开诊", NAMED)
    decide(press, first, "yy")
    late = press.publish("云川夜间门诊开诊", NAMED, outlet="sheng", source="国家日报", ago_h=3)
    assert press.story(first) == {first, late} and press.store.clipping(late).unit_ids == ("yy",) and waiting(press) == []
    assert press.store.clipping(late).mentions[0].how == "人工确定为云川市人民医院（李四，随同一稿件，2026-11-21 10:30）"
    press.rerun()
    assert press.store.clipping(late).unit_ids == ("yy",)
    later = press.publish("夜间门诊", NAMED, outlet="wang", ago_h=1)
    assert "（李四，随同一稿件，" in press.store.clipping(later).mentions[0].how
    [made] = [d for d in press.world.office.names.decided() if d.clipping.id == late]
    decide(press, late, "gp", seen=made.resolution.id, who="王五")            # and may be decided otherwise
    assert press.store.clipping(late).unit_ids == ("gp",) and press.store.clipping(first).unit_ids == ("yy",)


def test_a_late_copy_of_a_story_in_which_a_name_is_none_of_ours(tmp_path):
    press = Press(tmp_path, units=(*UNITS, Unit("cjh", "长宁健康促进会")))
    both = ("记者从市一院获悉，长宁健康促进会今天开诊。", *LINES)
    mine = press.publish("夜间门诊开诊", both)
    decide(press, mine, "")
    late = press.publish("夜间门诊开诊了", both, outlet="sheng", ago_h=2)
    assert {m.surface for m in press.store.clipping(late).mentions} == {"长宁健康促进会"} and waiting(press) == []
    bare = press.publish("夜间门诊", NAMED, outlet="wang", ago_h=1)
    assert not press.store.clipping(bare).matched and press.store.clipping(bare).story is None


def test_a_late_copy_of_a_piece_that_was_none_of_ours_is_not_asked_again(press):
    decide(press, press.publish("夜间门诊开诊", NAMED), "")
    late = press.publish("云川夜间门诊开诊", NAMED, outlet="sheng", ago_h=3)
    assert not press.store.clipping(late).matched and waiting(press) == []
    other = press.publish("献血志愿者体检", ("记者从市一院获悉，献血志愿者集中体检。", *OTHER), outlet="wang", ago_h=2)
    assert [n.clipping.id for n in waiting(press)] == [other]
    [made] = [d for d in press.world.office.names.decided() if d.clipping.id == late]
    decide(press, late, "yy", seen=made.resolution.id)
    assert press.store.clipping(press.number("http://sheng.example/2026/1121/1.html")).unit_ids == ("yy",)


def test_a_late_copy_is_asked_for_where_copies_were_decided_apart_or_left_open(press):
    first, second = (press.publish("夜间门诊开诊", NAMED, outlet=o) for o in ("guojia", "sheng"))
    decide(press, second, "yy")
    late = press.publish("夜间门诊开诊", NAMED, outlet="wang", ago_h=1)
    assert {n.clipping.id for n in waiting(press)} and press.store.clipping(late).unit_ids == ()
    decide(press, first, "gp")
    press.rerun()
    assert press.store.clipping(late).unit_ids == ()


def test_who_comes_second_is_told_and_changes_nothing(press):
    number = press.publish("夜间门诊开诊", NAMED)
    decide(press, number, "yy")
    with pytest.raises(ValueError, match="已由李四定为市人民医院"):
        decide(press, number, "gp", who="王五")
    assert press.store.clipping(number).unit_ids == ("yy",)


@pytest.mark.parametrize("number, name, unit, why", [(0, "市一院", "yy", "没有这一篇"), (None, "市一院", "nobody", "没有编号为“nobody”的单位"),
                                                     (None, "别的名字", "yy", "不在待定之列")])
def test_what_cannot_be_decided_is_refused(press, number, name, unit, why):
    held = press.publish("夜间门诊开诊", NAMED)
    with pytest.raises(ValueError, match=why):
        decide(press, held if number is None else number, unit, name=name)
    assert len(waiting(press)) == 1 and press.world.office.names.decided() == []


def test_a_unit_that_is_gone_leaves_the_name_open_again(press):
    number = press.publish("夜间门诊开诊", NAMED)
    decide(press, number, "gp")
    press.rerun(press.new_flow(units=UNITS[:2]))
    assert press.store.clipping(number).unit_ids == () and len(waiting(press)) == 1


def test_every_decision_stays_on_record(press):
    number = press.publish("夜间门诊开诊", NAMED)
    decide(press, number, "yy")
    first = press.store.resolutions(press.store.clipping(number).article.canonical)["市一院"]
    decide(press, number, "gp", seen=first.id)
    with press.store.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT unit_id, who FROM resolution ORDER BY id").all()
    assert [tuple(r) for r in rows] == [("yy", "李四"), ("gp", "李四")]
    with pytest.raises(StoreError, match="只能追加"), press.store.db.write() as conn:
        conn.exec_driver_sql("DELETE FROM resolution")


def test_the_newest_row_of_a_name_stands_by_the_address_of_its_article(store):
    [number] = saved(store, record(article(1)))
    at = store.clipping(number).article.canonical
    with store.write() as w:
        w.resolve(at, "市一院", "u1", "李四", NOW, True, ("u1", "u2"))
        last = w.resolve(at, "市一院", "", "王五", NOW, False, ("u1", "u2"))
        w.resolve("http://else.example/", "市一院", "u2", "李四", NOW, True, ())
        assert w.resolutions(at)["市一院"].id == last
    assert dict(store.resolutions(at)) == {"市一院": Resolution(last, at, "市一院", "", "王五", NOW, False, ("u1", "u2"))}
    assert [(r.id, n) for r, n in store.newest_resolutions()] == [(last, number)]       # of the other no article is held
    assert store.resolutions("http://nobody.example/") == {}


def mention(unit="", start=0, certain=False):
    return Mention(unit, "市一院", start, start + 3, "简称", certain, candidates=() if unit else ("yy", "gp"))


CHOICE = Resolution(1, "u", "市一院", "yy", "李四", NOW)


def test_a_choice_covers_every_place_of_a_name_that_was_open_everywhere():
    later_resolved = (mention("gp", certain=True), mention(start=9))
    assert [m.unit_id for m in resolved(later_resolved, {"市一院": CHOICE}, {"yy": "云川市人民医院"})] == ["yy", "yy"]


def test_a_place_that_was_clear_by_itself_is_left_alone():
    both = (mention("gp", certain=True), mention(start=9))
    told = resolved(both, {"市一院": replace(CHOICE, every=False)}, {"yy": "云川市人民医院"})
    assert [m.unit_id for m in told] == ["gp", "yy"]
    assert resolved(both, {"市一院": replace(CHOICE, every=False, unit_id="")}, {}) == both[:1]


def test_other_names_are_not_touched():
    others = (replace(mention(), surface="县医院"),)
    assert resolved(others, {"市一院": CHOICE}, {"yy": "x"}) == others
