"""A counting scheme in words, so that a page can show every rule that is in force, in the order in which it is applied."""

from __future__ import annotations

from fractions import Fraction

from model.bureau import Bureau
from model.claim import Policy
from model.credit import Cap, OutletClass, Quota, Scheme, When

from dashboards.show import points

REPOSTS = {"first": "只计首发一次", "highest": "计最高类别一次", "highest_per_class": "每类计一次", "sum": "逐篇累计", "never": "转载不计"}
SPLITS = {"full": "各单位都得全分", "equal": "平均分", "first": "只给第一个单位", "weights": "按比例分", "correspondent": "只给通讯员所在单位"}
SPANS = {"month": "每月", "quarter": "每季度", "year": "每年"}
AUTOS = {"pass": "自动记入", "contributed": "有供稿署名的自动记入，其余等秘书处点头", "ask": "都等秘书处点头"}
EXCLUDED = {"paid": "广告和合作版面", "invited": "约稿", "notice": "通知公告", "repost": "转载"}
FORMS = {"text": "文字", "pictures": "图片", "video": "视频", "audio": "广播"}
CLAIMED = {"own": "自有平台", "paid": "广告和合作版面", "notice": "通知公告", "repost": "转载", "late": "不在本期的", "unknown_outlet": "名录外的媒体", "negative": "负面报道"}
WEIGHS = {"accept": "计入", "doubt": "由人核定", "reject": "驳回"}


def rules_of(scheme: Scheme, bureau: Bureau) -> list[tuple[str, list[str]]]:
    """(heading, lines) in the order in which the rules are applied; only what the scheme says."""
    def told(when: When) -> str:
        return _when(when, bureau, scheme)

    unit = "" if scheme.measure == "分" else scheme.measure
    found = [
        ("不计", [EXCLUDED.get(x, x) for x in scheme.exclude] + ([f"不足{scheme.min_length}字的"] if scheme.min_length else [])),
        ("转载", [REPOSTS.get(scheme.reposts, scheme.reposts)]),
        ("自有平台", ["计分" if scheme.own_counts else "不计分"]),
        ("系数", [f"{f.name} ×{_number(f.times)}（{told(f.when)}）" for f in scheme.factors]
         + (["几项都符合时取最高一项"] if scheme.factors and scheme.combine == "highest" else [])),
        ("联合署名", [SPLITS.get(scheme.split, scheme.split) + (f"（{'、'.join(map(_number, scheme.weights))}）" if scheme.weights else "")]
         + ([f"每家不少于{_number(scheme.least_share)}"] if scheme.least_share else [])),
        ("加分", [f"{a.name} {_signed(a.cents)}{unit}（{told(a.when)}）" for a in scheme.additions]),
        ("奖惩", [a.name + " " + "，".join(filter(None, (_signed(a.cents) if a.cents else "", f"×{_number(a.times)}" if a.times is not None else "",
                                                     "一票否决" if a.veto else ""))) for a in scheme.awards]),
        ("封顶", [_cap(c, scheme, told) for c in scheme.caps]),
        ("基础分", [f"{SPANS[scheme.start_per]} {points(scheme.start_cents)}"] if scheme.start_cents else []),
        ("任务", [_quota(q) for q in scheme.tasks]),
        ("采用率", [f"{SPANS[scheme.low_rate.per]}采用率低于{float(scheme.low_rate.below):.0%}，{_signed(-abs(scheme.low_rate.cents))}"]
         if scheme.low_rate else []),
        ("合格线", [points(scheme.pass_cents)] if scheme.pass_cents is not None else []),
        ("补报", [f"上月材料可补报到次月{scheme.backfill_day}日"] if scheme.backfill_day else []),
        ("自动采集的", [AUTOS.get(scheme.auto, scheme.auto)]),
        ("申报核对", _claims(scheme)),
    ]
    return [(head, lines) for head, lines in found if lines]


def base_words(one: OutletClass) -> list[str]:
    """What else a class says of its base points."""
    return [*(f"{s.name} {points(s.cents)}" for s in one.steps), *([f"转载 {points(one.repost_cents)}"] if one.repost_cents is not None else []),
            *([f"阅读满{one.growth.start}后每{one.growth.each}加{points(one.growth.cents)}"] if one.growth else [])]


def _claims(scheme: Scheme) -> list[str]:
    given = scheme.extra.get("claims", {})
    usual = {"paid": Policy.paid, "notice": Policy.notice, "late": Policy.late, "unknown_outlet": Policy.unknown_outlet, "negative": Policy.negative}
    weighed = usual | (dict(given) if isinstance(given, dict) else {})
    return [f"{CLAIMED[key]}{WEIGHS[value]}" for key, value in weighed.items() if key in CLAIMED and value in WEIGHS]


def _when(when: When, bureau: Bureau, scheme: Scheme) -> str:
    classes = {c.id: c.name for c in scheme.classes}
    outlets = {o.id: o.name for o in bureau.outlets}
    parts = ["、".join(when.positions), "、".join(FORMS.get(f, f) for f in when.forms), "、".join(when.genres), "、".join(when.kinds),
             "、".join(outlets.get(o, o) for o in when.outlets), "、".join(classes.get(c, c) for c in when.classes),
             f"{when.min_length}字以上" if when.min_length else "", f"不足{when.under_length}字" if when.under_length else "",
             f"阅读量{when.min_reads}以上" if when.min_reads else ""]
    return "，".join(filter(None, parts)) or "全部稿件"


def _cap(cap: Cap, scheme: Scheme, told) -> str:
    most = "，".join(filter(None, (points(cap.cents) if cap.cents is not None else "", f"{cap.pieces}篇" if cap.pieces is not None else "")))
    rules = {a.id: a.name for a in scheme.awards}
    what = "、".join(rules.get(a, a) for a in cap.awards) or told(cap.when)
    return f"{cap.name} {SPANS[cap.per]}最多{most}（{what}）"


def _quota(quota: Quota) -> str:
    groups = "，".join(f"{name}{count}" for name, count in quota.groups.items())
    lack = f"，每少一篇扣{points(quota.cents)}" if quota.cents else ""
    return f"{SPANS[quota.per]}{'报送' if quota.counts == 'submitted' else '采用'}不少于{quota.needed}篇{f'（{groups}）' if groups else ''}{lack}"


def _signed(cents: int) -> str:
    return f"{'+' if cents > 0 else '−' if cents < 0 else ''}{points(abs(cents))}"


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}" if value.denominator in (2, 4, 5, 8, 10, 20, 25, 50, 100) \
        else f"{value.numerator}/{value.denominator}"
