"""The duty room in rules.yaml: read strictly, every fault with its line and what to write instead."""

import pytest

from config.duty import read_duty
from config.entry import Report
from config.load import DEFAULT
from config.tree import parse, read_tree
from model.alert import Level
from model.duty import DutyRules, Quiet, Route

GOOD = """people:
  - {id: zhang, name: 张三, channels: [duty, mail], user: zhangsan}
  - {id: li, name: 李四, channels: [mail], leads: true}
groups:
  - {id: office, name: 宣传科, members: [zhang], channels: [duty]}
routes:
  - {to: ["@leader", office], levels: [I, Ⅱ], go_on: true}
  - hours: 08:30-17:30
    days: work
    routes: [{to: [zhang], units: [yy], topics: [T01]}]
    to: [office]
quiet: {start: 22:00, end: 07:30}
clocks:
  - {id: answer, name: 回应, hours: 24, ends: answered, levels: [III, IV], kinds: [policy]}
  - {id: conference, off: true}
marks: [10, 3]
escalation: {leader: [li], remind_minutes: 30}
watches:
  - {id: w1, name: 调价, words: [挂号费], since: 2026-12-01, until: 2026-12-31, units: [yy]}
holidays: [2027-01-01]
digests: {week: [office, li], month: [mail]}
"""


def read(text: str) -> tuple[DutyRules, list]:
    report = Report()
    rules = read_duty(report, read_tree(DEFAULT / "rules.yaml", "default/rules.yaml"), parse(text, "rules.yaml"), ["yy"], ["T01"], ["duty", "mail"])
    return rules, report.problems


def test_what_is_shipped_has_the_clocks_of_the_papers():
    rules, problems = read("{}")
    assert problems == [] and sorted({c.minutes for c in rules.clocks}) == [60, 120, 300, 1440, 2880]
    assert (rules.marks, rules.quiet, rules.handover) == ((5, 20, 50), Quiet(), "08:30")


def test_what_the_bureau_writes_is_taken():
    rules, problems = read(GOOD)
    assert problems == []
    assert [(p.id, p.channels, p.leads) for p in rules.people] == [("zhang", ("duty", "mail"), False), ("li", ("mail",), True)]
    assert rules.routes == (Route(("@leader", "office"), (Level.I, Level.II), go_on=True),
                            Route(("office",), hours="08:30-17:30", days="work", routes=(Route(("zhang",), units=("yy",), topics=("T01",)),)))
    clocks = {c.id: (c.minutes, c.kinds) for c in rules.clocks}
    assert clocks["answer"] == (1440, ("policy",)) and "conference" not in clocks and clocks["word"] == (300, ())
    assert (rules.marks, rules.escalation.next, rules.escalation.leader, rules.quiet.levels) == ((3, 10), ("@officers",), ("li",), (Level.III, Level.IV))
    assert rules.digests == {"week": ("office", "li"), "month": ("mail",)} and rules.watches[0].words == ("挂号费",) and rules.holidays == ("2027-01-01",)


@pytest.mark.parametrize("old, new, line, said, remedy", [
    ("{week: [office, li],", "{week: [office, le],", 21, "接收人“le”不存在", "li"), ("{week: [office, li],", "{weeks: [office],", 21, "weeks", "week"),
    ("month: [mail]", "month: ['@leader']", 21, "接收人“@leader”不存在", ""),
    ("channels: [duty, mail]", "channels: [dutty]", 2, "通道“dutty”不存在", "duty"), ("members: [zhang]", "members: [zang]", 5, "人员“zang”不存在", "zhang"),
    ('to: ["@leader", office]', "to: [ofice]", 7, "接收人“ofice”不存在", "office"), ("levels: [I, Ⅱ]", "levels: [V]", 7, "等级“V”不对", "IV"),
    ("hours: 08:30-17:30", "hours: 8点到17点", 8, "时段", "08:30-17:30"), ("days: work", "days: monday", 9, "“days”不能是", "work"),
    ("units: [yy], topics", "units: [zz], topics", 10, "单位“zz”不存在", "yy"), ("topics: [T01]", "topics: [T9]", 10, "主题“T9”不存在", "T01"),
    ("end: 07:30}", "levels: [II], end: 07:30}", 12, "Ⅰ级和Ⅱ级不能免打扰", "III"), ("{start: 22:00, end: 07:30}", "{start: 22:00}", 12, "起止", "start"),
    ("hours: 24, ends", "ends", 14, "hours 和 minutes 之一", "hours"), ("ends: answered", "ends: asnwered", 14, "“ends”不能是", "answered"),
    ("kinds: [policy]", "kinds: [rumour]", 14, "“kinds”不能是", "policy"), ("marks: [10, 3]", "marks: [1]", 16, "档次“1”不对", "5, 20, 50"),
    ("remind_minutes: 30", "remind_minutes: 1", 17, "超出范围", "5"), ("until: 2026-12-31", "until: 2026-11-30", 19, "早于起日", "对调"),
    ("words: [挂号费], ", "", 19, "没有写词", "words"), ("[2027-01-01]", "[元旦]", 20, "日期“元旦”不对", "2026-01-31"),
    ("id: li,", "id: zhang,", 3, "重复", "换一个"), ("id: office", "id: li", 5, "已经是一个人的编号", "换一个"),
    ("escalation:", "escalations:", 17, "没有“escalations”这个键", "escalation"),
])
def test_a_fault_is_told_with_its_line_and_remedy(old, new, line, said, remedy):
    assert old in GOOD
    _, problems = read(GOOD.replace(old, new, 1))
    told = next((p for p in problems if said in p.message), None)
    assert told and told.line == line and remedy in told.remedy, problems
