"""值班表: sheets, swaps with consent, hand-overs signed by both, 零报告, the Chinese calendar."""

import io
from datetime import date, datetime, timedelta, timezone

import openpyxl
import pytest

from alerts.calendar import day_of
from duty_room import NOON, Room
from model.duty import DayKind, DutyRules, Shift, SwapState

DAY = timedelta(days=1)


@pytest.fixture
def room(tmp_path):
    made = Room(tmp_path)
    made.roster.put([Shift(0, NOON - DAY / 2 + DAY * n, NOON + DAY / 2 + DAY * n, "王主任", (who,)) for n, who in enumerate(("zhang", "li", "zhang"))], "甲")
    return made


def shifts(room):
    return room.store.shifts(NOON - 2 * DAY, NOON + 9 * DAY)


@pytest.mark.parametrize("day, kind, name", [
    (date(2026, 11, 20), DayKind.WORK, ""), (date(2026, 11, 21), DayKind.WEEKEND, ""), (date(2026, 10, 1), DayKind.HOLIDAY, "国庆节"),
    (date(2026, 10, 10), DayKind.SWAPPED, "国庆节"), (date(2026, 2, 17), DayKind.HOLIDAY, "春节"),
])
def test_the_calendar_knows_holidays_and_swapped_days(day, kind, name):
    found = day_of(day)
    assert (found.kind, found.name, found.certain) == (kind, name, True)


def test_beyond_the_published_calendar_it_says_that_it_guesses():
    assert [(day_of(d).kind, day_of(d).certain) for d in (date(2040, 1, 6), date(2040, 1, 7))] == [(DayKind.WORK, False), (DayKind.WEEKEND, False)]


def test_days_that_the_bureau_lists_come_first():
    rules = DutyRules(holidays=("2040-01-06",), workdays=("2040-01-07",))
    assert [(day_of(d, rules).kind, day_of(d, rules).certain) for d in (date(2040, 1, 6), date(2040, 1, 7))] == [(DayKind.HOLIDAY, True), (DayKind.SWAPPED, True)]


def sheet(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


HEAD = ("日期", "带班领导", "值班员", "开始", "结束", "备注")


def test_a_sheet_is_read_with_names_times_and_defaults(room):
    found, problems = room.roster.read_sheet(sheet(("2026年12月值班表",), HEAD, ("2026-12-01", "王主任", "张三、李四", "", "", "元旦前"),
                                                   (datetime(2026, 12, 2), "王主任", "李四", "08:30", "20:00", None)))
    assert problems == []
    first, second = found
    assert first.starts_at == datetime(2026, 12, 1, 0, 30, tzinfo=timezone.utc) and first.ends_at - first.starts_at == DAY
    assert (first.leader, first.officers, first.note) == ("王主任", ("张三", "李四"), "元旦前")
    assert second.ends_at == datetime(2026, 12, 2, 12, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize("row, said", [
    (("十二月一日", "王", "张"), "看不懂"), (("2026-13-01", "王", "张"), "看不懂"), (("2026-12-01", "", "张"), "带班领导"),
    (("2026-12-01", "王", "、"), "值班员"), (("2026-12-01", "王", "张", "25:00"), "看不懂")])
def test_faults_of_a_sheet_are_told_by_row(room, row, said):
    found, problems = room.roster.read_sheet(sheet(HEAD, row))
    assert found == [] and problems[0].row == 2 and said in problems[0].message


@pytest.mark.parametrize("data, said", [(b"not a sheet", "xlsx"), (sheet(("a", "b")), "表头"), (sheet(HEAD), "没有填写"), (b"x" * 5_000_001, "太大")])
def test_what_is_no_roster_is_refused(room, data, said):
    found, problems = room.roster.read_sheet(data)
    assert found == [] and said in problems[0].message


def test_overlapping_rows_are_told(room):
    _, problems = room.roster.read_sheet(sheet(HEAD, ("2026-12-01", "王", "张"), ("2026-12-01", "王", "李", "20:00")))
    assert "重叠" in problems[0].message


def test_a_blank_sheet_marks_days_off_and_reads_back_once_filled(room):
    book = openpyxl.load_workbook(io.BytesIO(room.roster.blank_sheet(date(2026, 10, 9), 3)))
    rows = list(book.active.iter_rows(values_only=True))
    assert [r[7] for r in rows[1:]] == ["工作日", "调休上班：国庆节", "周末"]
    book.active["B2"], book.active["C2"] = "王主任", "张三"
    packed = io.BytesIO()
    book.save(packed)
    found, problems = room.roster.read_sheet(packed.getvalue())
    assert problems == [] and [s.officers for s in found] == [("张三",)]


def test_putting_replaces_the_days_covered_and_refuses_overlaps(room):
    room.roster.put([Shift(0, NOON - DAY / 2, NOON + DAY / 2, "王主任", ("li",))], "甲")
    assert [s.officers for s in shifts(room)] == [("li",), ("li",), ("zhang",)]
    with pytest.raises(ValueError, match="重叠"):
        room.roster.put([Shift(0, NOON - DAY / 2, NOON + DAY, "王主任", ("li",))], "甲")
    with pytest.raises(ValueError, match="缺带班领导"):
        room.roster.put([Shift(0, NOON, NOON + DAY, "", ("li",))], "甲")
    assert len(shifts(room)) == 3 and "排班" in room.store.duty_events(NOON - DAY, NOON + DAY)[0].text


def test_gaps_are_found(room):
    assert room.roster.gaps(NOON, NOON + 4 * DAY) == [(NOON + DAY * 2.5, NOON + 4 * DAY)]


def test_a_swap_needs_the_consent_of_the_other_alone(room):
    mine, theirs, _ = shifts(room)
    swap = room.roster.ask_swap(mine.id, "zhang", "李四", "家中有事", theirs.id)
    for stranger in ("zhang", "王主任", "某人"):
        with pytest.raises(ValueError, match="本人"):
            room.roster.answer_swap(swap.id, stranger, True)
    assert shifts(room)[0].officers == ("zhang",)
    assert room.roster.answer_swap(swap.id, "li", True).state is SwapState.AGREED
    assert [s.officers for s in shifts(room)] == [("李四",), ("zhang",), ("zhang",)]
    with pytest.raises(ValueError, match="已换班"):
        room.roster.answer_swap(swap.id, "li", False)
    assert [e.what for e in room.store.duty_events(NOON, NOON + DAY)] == ["roster", "swap", "swap"]


def test_a_refused_or_withdrawn_swap_changes_nothing(room):
    mine = shifts(room)[0]
    swap = room.roster.ask_swap(mine.id, "zhang", "li", "有事")
    with pytest.raises(ValueError, match="已经提出"):
        room.roster.ask_swap(mine.id, "zhang", "li", "有事")
    assert room.roster.answer_swap(swap.id, "李四", False, "出差").state is SwapState.REFUSED
    again = room.roster.ask_swap(mine.id, "zhang", "li", "有事")
    assert room.roster.withdraw_swap(again.id, "张三").state is SwapState.WITHDRAWN
    assert shifts(room)[0].officers == ("zhang",)


@pytest.mark.parametrize("asker, other, said", [("li", "wang", "不在这一班"), ("zhang", "王主任", "本来就在"), ("zhang", "张三", "本来就在")])
def test_a_swap_that_makes_no_sense_is_refused(room, asker, other, said):
    with pytest.raises(ValueError, match=said):
        room.roster.ask_swap(shifts(room)[0].id, asker, other, "x")


def test_a_handover_holds_what_is_open_and_done_and_is_signed_by_both(room):
    open_one, done = room.alarm("未办完的一件"), room.alarm("办完的一件")
    room.desk.sign(done, "甲")
    room.desk.close(done, "甲", "平息")
    room.clock.pass_by(hours=3)
    note = room.roster.give("zhang", "注意家属情绪")
    assert note.open_incidents == (open_one,) and note.shift_id and note.added == "注意家属情绪"
    assert "未办结 1 件" in note.text and "未办完的一件" in note.text and "本班新立案 2 件" in note.text and "办结 1 次" in note.text
    with pytest.raises(ValueError, match="没有人接"):
        room.roster.give("zhang")
    with pytest.raises(ValueError, match="不能自己接班"):
        room.roster.take(note.id, "张三")
    taken = room.roster.take(note.id, "li")
    assert (taken.given_by, taken.taken_by, taken.taken_at) == ("zhang", "li", room.clock.now())
    with pytest.raises(ValueError, match="已经接班"):
        room.roster.take(note.id, "wang")
    assert room.store.handovers()[0] == taken
    room.clock.pass_by(hours=1)
    assert room.roster.draft_handover().since == note.until, "nothing between two notes is left out"


def test_quiet_days_off_are_reported_as_zero(room):
    room.clock.at = datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc)      # Sunday noon
    assert room.roster.zero_due("2026-11-20", "2026-11-30") == ["2026-11-21", "2026-11-22"]
    room.roster.zero_report("2026-11-21", "张三")
    room.alarm()
    assert room.roster.zero_due("2026-11-20", "2026-11-30") == []
    for day, said in (("2026-11-21", "已经报过"), ("2026-11-22", "有 1 件舆情"), ("2026-11-23", "还没有到"), ("昨天", "不对")):
        with pytest.raises(ValueError, match=said):
            room.roster.zero_report(day, "张三")


def test_the_log_is_only_added_to(room):
    room.roster.log("甲", "接电话一次")
    assert room.store.duty_events(NOON, NOON + DAY)[-1].text == "接电话一次"
    with pytest.raises(ValueError):
        room.roster.log("甲", " ")
