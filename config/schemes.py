"""schemes/*.yaml → counting schemes, one a file; `include: name` takes a shipped one and the keys beside it replace its own."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from pathlib import Path

from config import scheme_rules as rules
from config.entry import Entry, Report, nearest, peek
from config.tree import Node, read_tree
from model.credit import OutletClass, Scheme, When
from model.outlet import Outlet, Tier

SHIPPED = Path(__file__).parent / "default" / "schemes"
FALLBACK = "six_class"
REPOSTS = {"first": "只计首发", "highest": "取最高一级", "highest_per_class": "每类取一次", "sum": "累计", "never": "转载不计"}
SPLIT = {"full": "各计全分", "equal": "平分", "weights": "按比例", "first": "计第一单位", "correspondent": "计通讯员所在单位"}
PERIOD = {"month": "按月", "quarter": "按季度", "year": "按年"}
AUTO = {"pass": "自动记入", "contributed": "有供稿署名的自动记入", "ask": "都由秘书处点头"}
MEASURE = {"分": "", "元": "", "篇": "折算篇"}
CLAIMS = {"own": "自有平台", "paid": "广告和合作版面", "notice": "通知公告", "repost": "转载", "late": "不在本期", "unknown_outlet": "名录外的媒体", "negative": "负面报道"}
WEIGHS = {"accept": "计入", "doubt": "由人核定", "reject": "驳回"}
COMBINE = {"all": "连乘", "highest": "取最高一项"}
_SCHEME = ("include", "id", "version", "name", "since", "until", "classes", "reposts", "split", "own_counts", "quota_per_month", "extra", "claims",
           "measure", "period", "auto", "exclude", "min_length", "combine", "factors", "additions", "awards", "caps", "quotas", "low_rate", "start",
           "weights", "least_share", "backfill_day", "pass_mark", "rate_as_source")
_CLASS = ("id", "name", "points", "outlets", "tiers", "kinds", "when", "repost_points", "steps", "reads", "deliberate")


def shipped_schemes() -> tuple[str, ...]:
    """Names that `include` may hold."""
    return tuple(sorted(p.stem for p in SHIPPED.glob("*.yaml")))


def shipped_scheme(name: str) -> Node:
    return read_tree(SHIPPED / f"{name}.yaml", f"default/schemes/{name}.yaml")


def read_schemes(report: Report, roots: list[Node], outlets: dict[str, Outlet]) -> tuple[Scheme, ...]:
    """The schemes by their first day; where the bureau has none, the shipped six-class scheme."""
    found: list[tuple[Scheme, Node]] = []
    for root in roots or [shipped_scheme(FALLBACK)]:
        laid = _laid(report, root)
        if laid is None:
            continue
        scheme = _scheme(report, laid, outlets)
        if scheme.id and scheme.since:
            found.append((scheme, laid))
    _apart(report, found)
    return tuple(scheme for scheme, _ in sorted(found, key=lambda pair: (pair[0].since, pair[0].version)))


def _laid(report: Report, root: Node) -> Node | None:
    name = peek(root, "include")
    if not name:
        return root
    if name not in shipped_schemes():
        report.fault(root.value["include"], f"没有随软件提供的积分办法“{name}”", nearest(name, shipped_schemes()))
        return None
    below = shipped_scheme(name)
    return Node({**below.value, **root.value}, root.file, root.line, key_lines={**below.key_lines, **root.key_lines})


def _scheme(report: Report, root: Node, outlets: dict[str, Outlet]) -> Scheme:
    entry = Entry(report, root, "积分办法", _SCHEME)
    since, until = entry.span()
    if not since and "since" not in entry:
        report.fault(root, "积分办法缺少“since”（起日）", "补上 since: 2026-01-01")
    classes: dict[str, OutletClass] = {}
    nodes: dict[str, Node] = {}
    for node in entry.nodes("classes", 200):
        one = _class(report, node, outlets)
        if one.id in classes:
            report.fault(node.value.get("id", node), f"类别编号“{one.id}”重复", "换一个编号")
        elif one.id:
            classes[one.id], nodes[one.id] = one, node
    if not classes:
        report.fault(root, "积分办法没有任何类别", "补上 classes: 列表")
    _twice(report, classes, nodes)
    _rising(report, classes, nodes, outlets)
    extra = entry.sub("extra", "extra", entry.map["extra"].value if "extra" in entry and entry.map["extra"].is_map else ())
    told = _claims(entry, extra)
    start_cents, start_per = rules.start(entry)
    rewards = rules.awards(entry)
    split, weights = entry.choice("split", SPLIT, "full"), rules.fractions(entry, "weights")
    if weights and split != "weights":
        report.warn(entry.at("weights"), "写了 weights（比例），split 却不是 weights，不会用到", "写上 split: weights，或删去 weights")
    return Scheme(
        id=entry.id(), version=entry.text("version", required=True, limit=40), name=entry.text("name", required=True, limit=60),
        since=since, until=until, classes=tuple(classes.values()), reposts=entry.choice("reposts", REPOSTS, "first"),
        split=split, own_counts=entry.flag("own_counts", False),
        quota_per_month=entry.whole("quota_per_month", 0, 0, 1000), extra={key: plain(node) for key, node in extra.map.items() if key != "claims"} | ({"claims": told} if told else {}),
        measure=entry.choice("measure", MEASURE, "分"), period=entry.choice("period", PERIOD, "quarter"), auto=entry.choice("auto", AUTO, "pass"),
        exclude=entry.texts("exclude", 50), min_length=entry.whole("min_length", 0, 0, 100_000, "（字）"),
        combine=entry.choice("combine", COMBINE, "all"), factors=rules.factors(entry, outlets, tuple(classes)),
        additions=rules.additions(entry, outlets, tuple(classes)), awards=rewards, caps=rules.caps(entry, outlets, tuple(classes), tuple(r.id for r in rewards)),
        quotas=rules.quotas(entry), low_rate=rules.low_rate(entry), start_cents=start_cents, start_per=start_per, weights=weights,
        least_share=rules.fraction(entry, "least_share", Fraction(0), 1), backfill_day=entry.whole("backfill_day", 0, 1, 31, "（日）"),
        pass_cents=rules.cents(entry, "pass_mark", required=False),
        source_tiers=tuple(t for tier, at in entry.lined_texts("rate_as_source") if (t := entry.check_choice(at, "rate_as_source", tier, Tier))))


def _claims(entry: Entry, extra: Entry) -> dict[str, str]:
    """`claims:` – how each kind of claimed row weighs when it is verified; the older place `extra: {claims: …}` is read where it is alone."""
    home = entry if "claims" in entry else extra
    if "claims" not in home:
        return {}
    told = home.sub("claims", "claims（申报核对）", tuple(CLAIMS))
    found = {key: told.choice(key, WEIGHS, "") for key in CLAIMS if key in told}
    if found.get("own") == "accept" and not entry.flag("own_counts", False):
        entry.report.warn(told.at("own"), "自有平台核对时计入，own_counts 却是 false，核实后仍不记分", "两处写成一致")
    return {key: value for key, value in found.items() if value}


def plain(node: Node) -> object:
    """The node as plain lists, maps and texts."""
    if node.is_list:
        return [plain(item) for item in node.value]
    if node.is_map:
        return {key: plain(item) for key, item in node.value.items()}
    return node.value


def _class(report: Report, node: Node, outlets: dict[str, Outlet]) -> OutletClass:
    entry = Entry(report, node, f"类别“{peek(node, 'name') or peek(node, 'id')}”", _CLASS)
    shipped = node.file.startswith("default/")
    held = []
    for outlet_id, at in entry.lined_texts("outlets"):
        if outlet_id in outlets:
            held.append(outlet_id)
        elif not shipped:       # a shipped scheme names more outlets than a bureau need take
            report.fault(at, f"{entry.what}里的媒体“{outlet_id}”不存在", nearest(outlet_id, outlets, "已登记的编号"))
    tiers = [entry.check_choice(at, "tiers", tier, Tier) for tier, at in entry.lined_texts("tiers")]
    entry.flag("deliberate", False)      # read by `_rising`
    kinds = entry.texts("kinds", 50)
    if not (entry.lined_texts("outlets") or tiers or kinds):
        report.fault(node, f"{entry.what}没有写 outlets，也没有写 tiers 或 kinds", "写媒体编号 outlets: […] 或层级 tiers: [provincial]")
    return OutletClass(entry.id(), entry.text("name", required=True, limit=30), rules.cents(entry),
                       tuple(dict.fromkeys(held)), tuple(dict.fromkeys(t for t in tiers if t)), kinds, rules.when(entry, entry.what, outlets),
                       rules.cents(entry, "repost_points", required=False), rules.steps(entry, outlets), rules.growth(entry))


def _twice(report: Report, classes: dict[str, OutletClass], nodes: dict[str, Node]) -> None:
    """An outlet, a tier or a kind stands in one class only, or in classes of different conditions."""
    for key, what in (("outlets", "媒体"), ("tiers", "层级"), ("kinds", "种类")):
        held: dict[tuple[str, When], OutletClass] = {}
        for one in classes.values():
            for value in getattr(one, key):
                other = held.setdefault((value, one.when), one)
                if other.id != one.id:
                    report.fault(nodes[one.id].value.get(key, nodes[one.id]),
                                 f"{what}“{value}”同时在“{other.name}”和“{one.name}”两类里", "只留在一类里")


def _rising(report: Report, classes: dict[str, OutletClass], nodes: dict[str, Node], outlets: dict[str, Outlet]) -> None:
    """平台越高、分值越高: warn where a class that is wholly above another earns less, unless it says `deliberate: true`."""
    ranks = {}
    for one in classes.values():
        if peek(nodes[one.id], "deliberate").lower() in ("true", "是"):
            continue
        known = [Tier(t).rank for t in one.tiers] + [outlets[o].tier.rank for o in one.outlets]
        if known:
            ranks[one.id] = (min(known), max(known))
    for a, b in combinations(ranks, 2):
        for high, low in ((a, b), (b, a)):
            if ranks[high][0] > ranks[low][1] and classes[high].cents < classes[low].cents:
                report.warn(nodes[high].value.get("points", nodes[high]),
                            f"“{classes[high].name}”层级高于“{classes[low].name}”，分值却更低"
                            f"（{classes[high].cents / 100:g} < {classes[low].cents / 100:g}）", "平台越高、分值应当越高；若有意如此，在这一类写上 deliberate: true")


def _apart(report: Report, found: list[tuple[Scheme, Node]]) -> None:
    """At most one scheme is in force on a day; id and version together are used once."""
    for (a, a_node), (b, b_node) in combinations(found, 2):
        if (a.id, a.version) == (b.id, b.version):
            report.fault(b_node, f"积分办法“{a.id}”的版本“{a.version}”有两份（另一份在 {a_node.file}）", "改了规则就换一个 version")
        elif a.since <= (b.until or "9999") and b.since <= (a.until or "9999"):
            earlier, later = ((a, a_node), (b, b_node)) if a.since <= b.since else ((b, b_node), (a, a_node))
            report.fault(later[1].value.get("since", later[1]),
                         f"积分办法“{later[0].name}”和“{earlier[0].name}”（{earlier[1].file}）的日期重叠",
                         f"给先前的一份写上 until，早于 {later[0].since}" if earlier[0].since < later[0].since else "改正两份的起止日期")
