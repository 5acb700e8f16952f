"""Credits over the real store: nods, closed periods, corrections, caps, appeals, claims; the ledger replayed gives the standing."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from analysis.scoring import assess
from dashboards_office import SCHEME, world
from model.article import Person
from model.claim import Check, Claim, Finding, Form, FormRow, Outcome, Verdict
from model.claim import period as span_of
from model.credit import AwardRule, Cap, LedgerRow, PeriodClosed, Quota, When
from model.ledger import Balance, replay, standing_rows
from pipelines.credit_desk import CreditDesk
from pipelines.credits import denied, recap, reconcile, story_pieces
from pipelines.reconcile import compare
from pipelines.store.errors import StoreError

AWARDS = (AwardRule("instruction", "领导批示", 1500), AwardRule("late", "迟报", -1000, veto=True), AwardRule("forwarded", "转报", times=2))


@pytest.fixture
def made(tmp_path):
    return world(tmp_path)


def desk_of(made, **scheme):
    """The desk over the world's store under a changed scheme; `match(article)` reconciles its story as the outbox does."""
    held = replace(SCHEME, **{"awards": AWARDS, **scheme})
    desk = CreditDesk(made.store, lambda: replace(made.office.bureau(), schemes=(held,)), made.clock)
    desk.match = lambda number: reconcile(made.store, made.story_of(number), desk.bureau().scheme_on, made.clock.now(), desk.bureau().outlet)
    return desk


def rows(made, period="2026Q4"):
    return sorted(made.store.ledger(period=period, limit=1000), key=lambda r: r.id)


def total(made, unit="yy", period="2026Q4"):
    return replay(rows(made, period)).get(unit, Balance()).cents


def settle(made, desk, period="2026Q3", anyway=True):
    desk.close(period, "秘书甲", "季度结账", anyway)


def test_an_automatic_credit_is_marked_as_passed_by_rule(made):
    desk, number = desk_of(made), made.clip("云川市人民医院开设夜间门诊")
    assert desk.match(number) == 1 and desk.match(number) == 0
    row, = rows(made)
    assert (row.unit_id, row.cents, row.passed_by, row.origin, row.day, row.full_cents) == ("yy", 300, "按规则", "crawl", "2026-11-21", 300)
    assert row.rules == "类别“市级媒体”；转载只计首发" and row.scheme == "sample@1" and row.person == "李四"


def test_under_ask_nothing_is_booked_before_the_nod(made):
    desk, number = desk_of(made, auto="ask"), made.clip("云川市人民医院开设夜间门诊")
    assert desk.match(number) == 0 and desk.match(number) == 0
    waiting, = desk.proposals()
    assert rows(made) == [] and (waiting.row.unit_id, waiting.row.cents) == ("yy", 300)
    desk.accept(waiting.id, "秘书甲")
    row, = rows(made)
    assert row.passed_by == "秘书甲" and desk.match(number) == 0 and desk.proposals() == []
    with pytest.raises(ValueError, match="处理过"):
        desk.accept(waiting.id, "秘书乙")


def test_what_was_refused_is_not_asked_again(made):
    desk, number = desk_of(made, auto="ask"), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    with pytest.raises(ValueError, match="理由"):
        desk.refuse(desk.proposals()[0].id, "秘书甲", " ")
    desk.refuse(desk.proposals()[0].id, "秘书甲", "只是提到")
    desk.match(number)
    assert desk.proposals() == [] and rows(made) == []


def test_a_proposal_is_withdrawn_when_it_no_longer_holds(made):
    desk, number = desk_of(made, auto="contributed"), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    assert len(desk.proposals()) == 1             # merely mentioned
    desk.bureau = lambda: replace(made.office.bureau(), schemes=())
    desk.match(number)
    assert desk.proposals() == [] and made.store.proposals(("withdrawn",))[0].who == "系统"


def test_a_correction_is_a_counter_entry_and_is_not_undone_by_a_rerun(made):
    desk, number = desk_of(made), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    desk.correct(rows(made)[0].id, "秘书甲", "并非本单位供稿")
    assert [r.cents for r in rows(made)] == [300, -300] and rows(made)[1].corrects == rows(made)[0].id and total(made) == 0
    assert desk.match(number) == 0
    with pytest.raises(ValueError, match="已经冲销"):
        desk.correct(rows(made)[0].id, "秘书甲", "再来一次")


def test_a_correction_may_set_other_points(made):
    desk, number = desk_of(made), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    desk.correct(rows(made)[0].id, "秘书甲", "应按省级计", 600)
    last = rows(made)[-1]
    assert total(made) == 600 and last.arithmetic == "更正 3.00 → 6.00" and last.passed_by == "秘书甲" and desk.match(number) == 0


def test_no_row_enters_a_closed_period_by_any_way(made):
    desk, number = desk_of(made), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    settle(made, desk, "2026Q4")
    row = replace(rows(made)[0], id=0)
    with pytest.raises(PeriodClosed, match="已结账"), made.store.write() as w:
        w.add_ledger(row)
    with pytest.raises(IntegrityError, match="the period is closed"), made.store.db.write() as conn:
        conn.execute(text("INSERT INTO ledger SELECT NULL, at, unit_id, article_id, story_id, scheme, class_id, class_name, cents, period, arithmetic, reason, "
                          "origin, person, corrects, kind, day, of_period, passed_by, rules, caps, outlet_id, full_cents, claim_id FROM ledger LIMIT 1"))
    with pytest.raises(StoreError, match="只能追加"), made.store.db.write() as conn:
        conn.execute(text("DELETE FROM period_event"))
    assert len(rows(made)) == 1


def test_a_change_after_the_closing_is_booked_in_the_open_period(made):
    made.clock.at = datetime(2026, 9, 29, tzinfo=timezone.utc)
    desk, number = desk_of(made), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    made.clock.at = datetime(2026, 10, 8, tzinfo=timezone.utc)
    settle(made, desk)
    late = made.clip("云川市人民医院九月的稿件", age=timedelta(days=10))
    desk.match(late)
    row, = rows(made)
    assert (row.period, row.of_period, row.belongs) == ("2026Q4", "2026Q3", "2026Q3") and "2026年第三季度已结账" in row.reason
    assert desk.match(late) == 0 and total(made, period="2026Q3") == 300
    desk.correct(rows(made, "2026Q3")[0].id, "秘书甲", "重复")
    assert total(made, period="2026Q3") == 300 and total(made) == 300 - 300
    line, = [u for u in desk.circular("2026Q4").units if u.unit_id == "yy"]
    assert (line.cents, line.piece_cents, line.other_cents, line.adopted) == (0, 300, -300, 1) and "以前各期更正" in line.other[0]
    assert desk.circular("2026Q4").faults() == [] and desk.circular("2026Q3").faults() == []


def test_closing_books_tasks_and_reopening_takes_them_back(made):
    desk = desk_of(made, quotas=(Quota("month", 2, "adopted", {"委机关": 0}, 500),), start_cents=6000, start_per="quarter")
    number = made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    settle(made, desk, "2026Q4")
    assert total(made) == 300 + 6000 - 5 * 500 and total(made, "zy") == 6000 - 6 * 500
    assert {r.kind for r in rows(made)} == {"piece", "start", "quota"}
    said = next(r for r in rows(made) if r.kind == "quota" and r.unit_id == "yy" and "11月" in r.reason)
    assert (said.reason, said.arithmetic) == ("2026年11月应采用2篇，实采用1篇", "缺 1 × 5.00 = -5.00")
    closed = made.store.period_events("2026Q4")[-1]
    assert closed.sums["yy"] == total(made) and closed.who == "秘书甲" and not made.store.period_state("2026Q4").open
    with pytest.raises(ValueError, match="理由"):
        desk.reopen("2026Q4", "秘书甲", "")
    desk.reopen("2026Q4", "秘书甲", "补录一篇")
    assert total(made) == 300 and made.store.period_state("2026Q4").open
    settle(made, desk, "2026Q4")
    assert total(made) == 300 + 6000 - 5 * 500
    assert [e.what for e in desk.history("2026Q4")] == ["closed", "reopened", "closed"]


def test_closing_is_refused_while_something_is_left(made):
    desk, number = desk_of(made, auto="ask"), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    with pytest.raises(ValueError, match="还没有结束"):
        desk.close("2026Q4", "秘书甲", "")
    made.clock.at = datetime(2027, 1, 5, tzinfo=timezone.utc)
    with pytest.raises(ValueError, match="1条记分等待点头"):
        desk.close("2026Q4", "秘书甲", "")
    desk.close("2026Q4", "秘书甲", "", anyway=True)
    with pytest.raises(ValueError, match="已经结账"):
        desk.close("2026Q4", "秘书甲", "")


def test_awards_are_rows_of_a_person_and_a_veto_takes_the_rank(made):
    desk, number = desk_of(made), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    desk.award("yy", "instruction", "2026Q4", "秘书甲", "市长11月20日批示")
    desk.award("yy", "forwarded", "2026Q4", "秘书甲", "省厅转发", row_id=rows(made)[0].id)
    assert total(made) == 300 + 1500 + 300
    desk.award("zy", "late", "2026Q4", "秘书甲", "迟报一次")
    lines = {u.unit_id: u for u in desk.circular("2026Q4").units}
    assert (lines["yy"].rank, lines["zy"].rank, lines["zy"].vetoed, lines["zy"].cents) == (1, 0, True, -1000)
    for wrong, said in ((("zy", "forwarded", "2026Q4", "甲", "转发"), "翻倍"), (("yy", "nothing", "2026Q4", "甲", "x"), "没有这一项"),
                        (("yy", "instruction", "2026Q4", "甲", " "), "依据"), (("nobody", "instruction", "2026Q4", "甲", "x"), "没有这个单位")):
        with pytest.raises(ValueError, match=said):
            desk.award(*wrong)


def test_awards_under_a_cap(made):
    desk = desk_of(made, caps=(Cap("批示", "quarter", 2000, awards=("instruction",)),))
    for _ in range(3):
        desk.award("yy", "instruction", "2026Q4", "秘书甲", "市长批示")
    assert [r.cents for r in rows(made)] == [1500, 500, 0] and rows(made)[1].arithmetic.endswith("封顶，计 5.00")


def test_caps_hold_over_the_ledger_and_give_way_when_room_comes_back(made):
    desk = desk_of(made, caps=(Cap("市级媒体", "month", 500, when=When(classes=("city",))),))
    numbers = [made.clip(f"云川市人民医院第{n}篇", age=timedelta(days=9 - n)) for n in range(3)]
    for number in reversed(numbers):
        desk.match(number)
    standing = {r.article_id: r for r in standing_rows(rows(made))}
    assert [standing[n].cents for n in numbers] == [300, 200, 0] and total(made) == 500
    assert standing[numbers[1]].arithmetic.endswith("封顶5.00分，计 2.00")
    assert sum(desk.match(n) for n in numbers) == 0
    desk.correct(standing[numbers[0]].id, "秘书甲", "重复申报")
    desk.match(numbers[1])
    with made.store.write() as w:
        recap(w, desk.scheme_of("2026Q4"), "yy", "2026-11-15", made.clock.now())
    standing = {r.article_id: r.cents for r in standing_rows(rows(made))}
    assert [standing.get(n) for n in numbers] == [None, 300, 200] and total(made) == 500


def test_an_appeal_gets_its_answer_once(made):
    desk, number = desk_of(made), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    row = rows(made)[0]
    with pytest.raises(ValueError, match="本单位"):
        desk.appeal("zy", row.id, "2026Q4", "联络员", "这是我院的稿件")
    number = desk.appeal("yy", row.id, "2026Q4", "联络员", "应按省级媒体计分")
    desk.answer(number, False, "秘书甲", "该媒体属市级")
    held, = desk.appeals("yy")
    assert (held.state, held.answer, held.answered_by, held.period) == ("rejected", "该媒体属市级", "秘书甲", "2026Q4")
    with pytest.raises(ValueError, match="已经答复"):
        desk.answer(number, True, "秘书乙", "同意")


def claim(made, verdict, article=None, unit="zy", title="云川市人民医院开设夜间门诊", outlet="云川日报", day="2026-11-20", decided=False):
    """A claim row handed in by the unit and judged."""
    store, now = made.store, made.clock.now()
    form = Form("表.xlsx", "ab" * 32, (FormRow("1", title, day, outlet, people="王五"),))
    submission = store.hand_in(unit, "2026Q4", "联络员", form, now)
    held, = store.claims(submission_id=submission)
    story = made.story_of(article) if article else None
    store.save_finding(held.id, Finding(verdict, article_id=article, story_id=story), now)
    if decided:
        store.decide_claim(held.id, Verdict.VERIFIED, "秘书甲", "有报纸扫描件", now)
    return held.id


def test_what_a_person_refused_is_not_credited_from_the_crawl_all_the_same(made):
    desk, number = desk_of(made), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    assert total(made, "yy") == 300
    again = claim(made, Verdict.REJECTED, number, unit="yy")                   # told twice: the piece stays what it is
    assert desk.book_claims() == 0 and total(made, "yy") == 300
    made.store.decide_claim(again, Verdict.REJECTED, "秘书甲", "是合作版面", made.clock.now())
    assert desk.book_claims() == 1 and total(made, "yy") == 0
    claim(made, Verdict.VERIFIED, number, unit="yy", decided=True)
    assert desk.book_claims() == 1 and total(made, "yy") == 300


@pytest.mark.parametrize("decided", [None, Verdict.REJECTED])
@pytest.mark.parametrize("name, denies", [("稿件性质", True), ("内容倾向", True), ("涉及单位", True), ("重复申报", False), ("日期", False), ("首发转载", False)])
def test_only_what_is_said_of_the_piece_itself_denies_its_credit(name, denies, decided):
    check = Check(name, Outcome.FAIL, "甲", "乙", "不符")
    made = Claim(1, 1, "yy", "2026Q4", datetime(2026, 11, 21, tzinfo=timezone.utc), FormRow("1", "题", "2026-11-20", "云川日报"), Finding(Verdict.REJECTED, (check,), article_id=7), decision=decided)
    assert denied([made]) == ({("yy", 7)} if denies else set())


def test_a_verified_claim_earns_for_a_unit_that_the_page_does_not_name(made):
    desk, number = desk_of(made, auto="ask"), made.clip("云川市人民医院开设夜间门诊")
    held = claim(made, Verdict.VERIFIED, number)
    assert desk.book_claims() == 1 and desk.book_claims() == 0
    row, = rows(made)
    assert (row.unit_id, row.origin, row.passed_by, row.claim_id, row.person) == ("zy", "claim", "申报核实", held, "王五")
    assert [p.row.unit_id for p in desk.proposals()] == ["yy"]          # the unit named still waits for its nod
    made.store.withdraw_claim(held, "联络员", "报错了", made.clock.now())
    assert desk.book_claims() == 1 and total(made, "zy") == 0


def test_a_claim_for_what_the_crawl_has_credited_earns_nothing_more(made):
    desk, number = desk_of(made), made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    claim(made, Verdict.VERIFIED, number, unit="yy")
    assert desk.book_claims() == 0 and total(made) == 300


def test_print_and_doubtful_claims(made):
    desk = desk_of(made)
    claim(made, Verdict.DOUBTFUL, title="电视新闻", outlet="《云川日报》", decided=True)
    claim(made, Verdict.DOUBTFUL, unit="dq", title="没有决定的一条")
    assert desk.book_claims() == 1
    row, = rows(made)
    assert (row.unit_id, row.class_id, row.cents, row.article_id, row.outlet_id) == ("zy", "city", 300, 0, "shi")
    paper = desk.circular("2026Q4")
    assert paper.faults() == [] and paper.items[0].title == "电视新闻" and paper.items[0].outlet == "云川日报"
    lines = {u.unit_id: u for u in paper.units}
    assert (lines["zy"].submitted, lines["zy"].verified, lines["dq"].submitted, lines["dq"].verified) == (1, 1, 1, 0)


def test_submitted_and_adopted_are_counted_apart(made):
    desk = desk_of(made, quotas=(Quota("month", 1, "submitted"), Quota("month", 1, "adopted")))
    number = made.clip("云川市人民医院开设夜间门诊")
    desk.match(number)
    claim(made, Verdict.REJECTED, unit="yy", day="2026-10-09")
    short = {(s.label, s.counts) for s in desk.circular("2026Q4").shortfalls if s.unit_id == "yy"}
    assert short == {("2026年10月", "adopted")}                       # November is not over
    made.clock.at = datetime(2027, 1, 5, tzinfo=timezone.utc)
    short = {(s.label, s.counts) for s in desk.circular("2026Q4").shortfalls if s.unit_id == "yy"}
    assert short == {("2026年10月", "adopted"), ("2026年11月", "submitted"), ("2026年12月", "submitted"), ("2026年12月", "adopted")}


def test_claimed_and_found_are_laid_side_by_side(made):
    desk, both, found = desk_of(made), made.clip("云川市人民医院开设夜间门诊"), made.clip("云川市人民医院又一篇")
    claim(made, Verdict.VERIFIED, both, unit="yy")
    claim(made, Verdict.PENDING, unit="yy", title="抓取漏掉的一篇")
    laid = desk.reconciliation("2026Q4")
    assert laid.counts("yy") == {"both": 1, "claimed": 1, "found": 1} and laid.counts("zy") == {"both": 0, "claimed": 0, "found": 0}
    assert next(r for r in laid.rows if r.state == "found").article_id == found


def test_the_crawl_s_recall_is_a_figure_over_the_verified_claims_on_the_web(made):
    held = made.clip("云川市人民医院开设夜间门诊")
    clipping, = made.store.clippings([held])
    rows = [Claim(n, 1, "yy", "2026Q4", made.clock.now(), FormRow(str(n), "题", "2026-11-20", "云川日报"), finding) for n, finding in enumerate((
        Finding(Verdict.VERIFIED, url=clipping.article.canonical), Finding(Verdict.VERIFIED, url="http://x.example/1"),
        Finding(Verdict.VERIFIED), Finding(Verdict.DOUBTFUL, url="http://x.example/2")), 1)]
    laid = compare("2026Q4", rows, [clipping])
    assert laid.recall() == laid.recall("yy") == (1, 2) and laid.recall("zy") == (0, 0) and laid.counts("yy") == {"both": 1, "claimed": 3, "found": 0}


def test_a_preview_changes_nothing_and_shows_who_moves(made):
    desk = desk_of(made)
    first = made.clip("云川市人民医院开设夜间门诊")
    made.clip("江南云川：夜间门诊进医院", outlet="sheng", story=made.story_of(first), unit="yy")
    second = made.clip("云川市中医院义诊", unit="zy", outlet="sheng")
    for number in (first, second):
        desk.match(number)
    before = rows(made)
    seen = desk.preview("2026Q4", replace(desk.scheme_of("2026Q4"), reposts="sum"))
    by_unit = {u.unit_id: u for u in seen.units}
    assert by_unit["yy"].cents == (300, 900) and by_unit["yy"].rank == (2, 1) and by_unit["yy"].moved == 1 and by_unit["zy"].rank == (1, 2)
    assert len(seen.only_then) == 1 and seen.only_now == () and seen.changed == 2 and rows(made) == before


def test_a_unit_that_a_piece_is_negative_about_earns_nothing_even_by_a_claim(made):
    desk = desk_of(made)
    number = made.clip("云川市人民医院的纠纷", "云川市人民医院的纠纷引发质疑。", negative=True)
    claim(made, Verdict.VERIFIED, number, unit="yy")
    desk.book_claims()
    assert total(made) == 0


def test_people_share_a_piece_and_the_year_is_the_sum_of_its_quarters(made):
    desk = desk_of(made)
    number = made.clip("云川市人民医院开设夜间门诊", people=(Person("李四", "correspondent"), Person("王五", "correspondent")))
    desk.match(number)
    paper = desk.circular("2026Q4")
    assert [(p.name, p.pieces, p.cents) for p in paper.people] == [("李四", 1, 150), ("王五", 1, 150)]
    made.credit(number, "yy", "city", "市级媒体", 300)
    year = desk.annual("2026")
    line = next(r for r in year.lines if r.unit_id == "yy")
    assert year.faults() == [] and line.cents == 600 and line.by_period["2026Q4"] == 600 and len(line.by_period) == 4


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["shi", "sheng", "guojia"]), st.sampled_from(["yy", "zy"]), st.integers(0, 40)), min_size=1, max_size=7), st.randoms())
def test_the_ledger_says_what_the_engine_says_whatever_order_pieces_come_in(tmp_path_factory, pieces, random):
    made = world(tmp_path_factory.mktemp("equal"))
    desk = desk_of(made, split="equal", caps=(Cap("每月", "month", 1000), Cap("市级媒体", "quarter", pieces=2, when=When(classes=("city",)))))
    numbers = [made.clip(f"云川市人民医院与中医院第{n}篇", unit=unit, outlet=outlet, age=timedelta(days=age)) for n, (outlet, unit, age) in enumerate(pieces)]
    random.shuffle(numbers)
    for number in numbers:
        desk.match(number)
    assert sum(desk.match(number) for number in numbers) == 0
    stories = [story_pieces(copies, (), desk.bureau().outlet)[0] for copies in made.store.whole_stories([made.story_of(n) for n in numbers]).values()]
    wanted = assess(desk.scheme_of("2026Q4"), span_of("2026Q4"), stories, {"yy": "市直医院", "zy": "市直医院"})
    held = replay(made.store.ledger(limit=1000))
    assert {u: held.get(u, Balance()).cents for u in ("yy", "zy")} == {u: wanted.cents(u) for u in ("yy", "zy")}
    assert {u: held.get(u, Balance()).pieces for u in ("yy", "zy")} == {s.unit_id: s.pieces for s in wanted.standings}


entries = st.lists(st.tuples(st.sampled_from("abc"), st.integers(-5000, 5000), st.sampled_from(["piece", "award", "quota", "veto"]), st.booleans()), max_size=40)


@settings(max_examples=80, deadline=None)
@given(entries, st.randoms())
def test_replay_gives_the_standing_to_the_hundredth_in_any_order(entries, random):
    now, ledger, expected = datetime(2026, 11, 1, tzinfo=timezone.utc), [], {}
    for unit, cents, kind, taken_back in entries:
        row = LedgerRow(len(ledger) + 1, now, unit, 1, 1, "s@1", kind, kind, cents, "2026Q4", "", "", kind=kind)
        ledger.append(row)
        held = expected.setdefault(unit, [0, 0])
        if taken_back:
            ledger.append(replace(row, id=len(ledger) + 1, cents=-cents, corrects=row.id))
        else:
            held[0] += cents
            held[1] += kind == "piece"
    standing = standing_rows(ledger)
    random.shuffle(ledger)
    got = replay(ledger)
    assert {u: [b.cents, b.pieces] for u, b in got.items()} == expected
    kept = replay(standing)
    assert all(kept.get(u, Balance()).cents == b.cents and kept.get(u, Balance()).by_class == b.by_class for u, b in got.items())
