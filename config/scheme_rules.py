"""The counting rules of a scheme beside its classes: conditions, multipliers, awards, caps, tasks.  Exact numbers, never floats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from config.entry import Entry, nearest, peek
from model.credit import Addition, AwardRule, Cap, Factor, Growth, LowRate, Quota, Step, When
from model.outlet import Outlet

PER = {"month": "月", "quarter": "季度", "year": "年"}
COUNTS = {"submitted": "报送", "adopted": "采用"}
FORMS = {"text": "文字", "pictures": "图片", "video": "视频", "audio": "广播"}
_WHEN = ("positions", "forms", "genres", "kinds", "outlets", "classes", "min_length", "under_length", "min_reads")


def cents(entry: Entry, key: str = "points", signed: bool = False, required: bool = True) -> int | None:
    """Points as whole hundredths: 6 → 600, 0.5 → 50; None where nothing is written and nothing is required."""
    text = entry.text(key, required=required)
    if not text:
        return 0 if required else None
    if not re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,2})?" if signed else r"[0-9]{1,6}(\.[0-9]{1,2})?", text):
        low = "-999999" if signed else "0"
        entry.fault(key, f"分值“{text}”不对", f"写 {low} 到 999999 之间的数，最多两位小数，如 6 或 0.5")
        return 0
    return int(Decimal(text) * 100)


def fraction(entry: Entry, key: str, default: Fraction | None = None, most: int = 1000) -> Fraction | None:
    """`2`, `0.5` or `1/3`, exactly."""
    text = entry.text(key)
    if not text:
        return default
    return _fraction(entry, key, text, default, most)


def _fraction(entry: Entry, key: str, text: str, default: Fraction | None, most: int) -> Fraction | None:
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?|[0-9]{1,4}/[0-9]{1,4}", text) and not re.search(r"/0+$", text):
        value = Fraction(text)
        if value <= most:
            return value
    entry.fault(key, f"“{key}”的“{text}”不对", f"写不大于 {most} 的数或分数，如 2、0.5、1/3")
    return default


def fractions(entry: Entry, key: str) -> tuple[Fraction, ...]:
    return tuple(value for text, _ in entry.lined_texts(key, 50) if (value := _fraction(entry, key, text, None, 1000)))


def when(parent: Entry, what: str, outlets: Mapping[str, Outlet], classes: tuple[str, ...] = ()) -> When:
    """The condition under `when:`; an empty one when nothing is written."""
    if "when" not in parent:
        return When()
    entry = parent.sub("when", f"{what}的条件", _WHEN)
    shipped = entry.node.file.startswith("default/")
    held = []
    for outlet_id, at in entry.lined_texts("outlets"):
        if outlet_id in outlets:
            held.append(outlet_id)
        elif not shipped:
            entry.report.fault(at, f"{what}的条件里的媒体“{outlet_id}”不存在", nearest(outlet_id, outlets, "已登记的编号"))
    for class_id, at in entry.lined_texts("classes"):
        if class_id not in classes:
            entry.report.fault(at, f"{what}的条件里的类别“{class_id}”不存在", nearest(class_id, classes, "本办法的类别"))
    forms = tuple(entry.check_choice(at, "forms", form, FORMS) for form, at in entry.lined_texts("forms"))
    made = When(entry.texts("positions"), tuple(filter(None, forms)), entry.texts("genres"), entry.texts("kinds"), tuple(held), entry.texts("classes"),
                entry.whole("min_length", 0, 0, 1_000_000), entry.whole("under_length", 0, 0, 1_000_000), entry.whole("min_reads", 0, 0, 10**9))
    if made == When() and "outlets" not in entry:
        entry.report.fault(entry.node, f"{what}的条件是空的", "写明条件，如 when: {positions: [头版头条]}，或删去 when")
    return made


def steps(entry: Entry, outlets: Mapping[str, Outlet]) -> tuple[Step, ...]:
    found = []
    for node in entry.nodes("steps", 50):
        one = Entry(entry.report, node, f"{entry.what}的分档“{peek(node, 'name')}”", ("name", "when", "points"))
        if "when" not in one and one.readable:
            entry.report.fault(node, f"{one.what}没有写 when（条件）", "写明条件，如 when: {min_length: 1000}")
        found.append(Step(one.text("name", required=True, limit=20), when(one, one.what, outlets), cents(one)))
    return tuple(found)


def growth(entry: Entry) -> Growth | None:
    if "reads" not in entry:
        return None
    one = entry.sub("reads", f"{entry.what}的阅读量加分", ("from", "each", "points"))
    return Growth(one.whole("from", 0, 0, 10**9), one.whole("each", 1000, 1, 10**9), cents(one))


def factors(entry: Entry, outlets: Mapping[str, Outlet], classes: tuple[str, ...]) -> tuple[Factor, ...]:
    found = []
    for node in entry.nodes("factors", 100):
        one = Entry(entry.report, node, f"系数“{peek(node, 'name')}”", ("name", "when", "times"))
        if "times" not in one and one.readable:
            entry.report.fault(node, f"{one.what}缺少“times”（倍数）", "补上 times: 2")
        found.append(Factor(one.text("name", required=True, limit=20), when(one, one.what, outlets, classes), fraction(one, "times", Fraction(1))))
    return tuple(found)


def additions(entry: Entry, outlets: Mapping[str, Outlet], classes: tuple[str, ...]) -> tuple[Addition, ...]:
    return tuple(Addition(one.text("name", required=True, limit=20), when(one, one.what, outlets, classes), cents(one, signed=True))
                 for node in entry.nodes("additions", 100)
                 for one in [Entry(entry.report, node, f"加分“{peek(node, 'name')}”", ("name", "when", "points"))])


def awards(entry: Entry) -> tuple[AwardRule, ...]:
    found: dict[str, AwardRule] = {}
    for node in entry.nodes("awards", 100):
        one = Entry(entry.report, node, f"奖惩“{peek(node, 'name') or peek(node, 'id')}”", ("id", "name", "points", "times", "veto"))
        rule = AwardRule(one.id(), one.text("name", required=True, limit=30), cents(one, signed=True, required=False) or 0, fraction(one, "times"),
                         one.flag("veto", False))
        if rule.id in found:
            entry.report.fault(node, f"奖惩编号“{rule.id}”重复", "换一个编号")
        elif one.readable and not rule.cents and rule.times is None and not rule.veto:
            entry.report.fault(node, f"{one.what}没有写 points、times 或 veto", "写 points: 15（加分）、points: -10（扣分）、times: 2（翻倍）或 veto: true（一票否决）")
        if rule.id:
            found[rule.id] = rule
    return tuple(found.values())


def caps(entry: Entry, outlets: Mapping[str, Outlet], classes: tuple[str, ...], rewards: tuple[str, ...]) -> tuple[Cap, ...]:
    found = []
    for node in entry.nodes("caps", 100):
        one = Entry(entry.report, node, f"封顶“{peek(node, 'name')}”", ("name", "per", "points", "pieces", "when", "awards"))
        pieces = one.whole("pieces", 0, 1, 100_000) if "pieces" in one else None
        cap = Cap(one.text("name", required=True, limit=20), one.choice("per", PER, "quarter"), cents(one, required=False), pieces,
                  when(one, one.what, outlets, classes), one.texts("awards"))
        for rule_id, at in one.lined_texts("awards"):
            if rule_id not in rewards:
                entry.report.fault(at, f"{one.what}里的奖惩“{rule_id}”不存在", nearest(rule_id, rewards, "本办法的奖惩") or "先在 awards 里写上这一项")
        if any(cap.name == other.name for other in found):
            entry.report.fault(node, f"封顶“{cap.name}”重复", "换一个名称")
        if one.readable and cap.cents is None and cap.pieces is None:
            entry.report.fault(node, f"{one.what}没有写 points（分数）也没有写 pieces（篇数）", "写 points: 10 或 pieces: 5")
        found.append(cap)
    return tuple(found)


def quotas(entry: Entry) -> tuple[Quota, ...]:
    found = []
    for node in entry.nodes("quotas", 20):
        one = Entry(entry.report, node, "任务", ("per", "needed", "counts", "groups", "points"))
        names = one.map["groups"].value if "groups" in one and one.map["groups"].is_map else ()
        groups = one.sub("groups", "任务的 groups（各组篇数）", names)
        taken = cents(one, signed=True, required=False) or 0
        found.append(Quota(one.choice("per", PER, "month"), one.whole("needed", 0, 0, 10_000), one.choice("counts", COUNTS, "adopted"),
                           {name: groups.whole(name, 0, 0, 10_000) for name in groups.map}, abs(taken)))
    return tuple(found)


def low_rate(entry: Entry) -> LowRate | None:
    if "low_rate" not in entry:
        return None
    one = entry.sub("low_rate", "采用率扣分", ("below", "points", "per"))
    return LowRate(fraction(one, "below", Fraction(0), 1), abs(cents(one, signed=True)), one.choice("per", PER, "month"))


def start(entry: Entry) -> tuple[int, str]:
    if "start" not in entry:
        return 0, "year"
    one = entry.sub("start", "基础分", ("points", "per"))
    return cents(one), one.choice("per", PER, "year")

