"""outlets.yaml → outlets: the shipped lists that it includes, with the bureau's own entries laid over them key by key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Mapping

from config.address import read_domains, read_url
from config.entry import Entry, Report, nearest, peek
from config.pattern import check_pattern
from config.region import read_region
from config.tree import Node, read_tree
from model.outlet import FieldRule, Outlet, Source, SourceKind, Tier

KINDS = {
    "newspaper": "报纸", "site": "网站", "tv": "电视", "radio": "广播", "gov": "政府网站", "wechat": "公众号", "portal": "商业门户",
    "agency": "通讯社", "own": "自有平台",
}
FIELDS = ("title", "text", "published", "source", "author", "correspondent", "editor", "kicker", "subtitle", "page_no", "page_name", "column")
_TOP = ("include", "without", "outlets")
_OUTLET = ("id", "name", "tier", "kind", "aliases", "domains", "region", "sources", "fields", "delay_s", "own_unit", "verified", "boilerplate")
_SOURCE = ("id", "kind", "url", "link_pattern", "min_interval_s", "max_interval_s", "max_pages")
_FIELD = ("name", "css", "xpath", "since", "until")
SHIPPED = Path(__file__).parent / "default" / "outlets"


def shipped_lists() -> tuple[str, ...]:
    """Names that `include` may hold."""
    return tuple(sorted(p.stem for p in SHIPPED.glob("*.yaml")))


def read_outlets(report: Report, root: Node) -> tuple[tuple[Outlet, ...], dict[str, Node]]:
    """(outlets in order of the lists, outlet id → its node)."""
    entry = Entry(report, root, "outlets.yaml", _TOP)
    nodes: dict[str, Node] = {}
    for name, node in entry.lined_texts("include"):
        if name not in shipped_lists():
            report.fault(node, f"没有随软件提供的媒体名单“{name}”", nearest(name, shipped_lists()))
            continue
        nodes.update(_list_nodes(report, read_tree(SHIPPED / f"{name}.yaml", f"default/outlets/{name}.yaml")))
    for outlet_id, node in entry.lined_texts("without"):
        if nodes.pop(outlet_id, None) is None:
            report.fault(node, f"要去掉的媒体“{outlet_id}”不在所含名单里", nearest(outlet_id, nodes, "名单里有"))
    for outlet_id, node in _own_nodes(report, entry).items():
        nodes[outlet_id] = _over(nodes.get(outlet_id), node)
    if not nodes:
        report.fault(root, "没有登记任何媒体", "写 include: [national, portals]，或在 outlets: 下逐条登记")
    outlets = tuple(_outlet(report, outlet_id, node) for outlet_id, node in nodes.items())
    _unlike(report, outlets, nodes)
    return outlets, nodes


def _list_nodes(report: Report, root: Node) -> dict[str, Node]:
    return _own_nodes(report, Entry(report, root, root.file, ("outlets",)))


def _own_nodes(report: Report, entry: Entry) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for node in entry.nodes("outlets"):
        one = Entry(report, node, f"媒体“{peek(node, 'name') or peek(node, 'id')}”", _OUTLET)
        outlet_id = one.id()
        if not outlet_id:
            continue
        if outlet_id in found:
            one.fault("id", f"媒体编号“{outlet_id}”重复（第 {found[outlet_id].line} 行已有）", "换一个编号")
            continue
        found[outlet_id] = node
    return found


def _over(below: Node | None, own: Node) -> Node:
    """The shipped entry with the bureau's keys in place of its own."""
    if below is None:
        return own
    return Node({**below.value, **own.value}, own.file, own.line, key_lines={**below.key_lines, **own.key_lines})


def _outlet(report: Report, outlet_id: str, node: Node) -> Outlet:
    entry = Entry(Report(), node, f"媒体“{peek(node, 'name') or outlet_id}”", _OUTLET)   # its keys were checked where it was written
    entry.report = report
    name = entry.text("name", required=True, limit=60)
    kind = entry.choice("kind", KINDS, "site")
    own_unit = entry.text("own_unit")
    tier = entry.choice("tier", Tier, "", required=not own_unit) or (Tier.OWN if own_unit else Tier.UNKNOWN)
    domains = read_domains(entry)
    if "mp.weixin.qq.com" in domains:
        entry.fault("domains", "mp.weixin.qq.com 是所有公众号共用的域名，不能归给一家", "删去它；把公众号的名称写进 aliases")
    return Outlet(
        id=outlet_id, name=name, tier=Tier(tier), kind=kind, aliases=entry.texts("aliases", 100), domains=domains,
        region=read_region(entry), sources=_sources(report, entry, outlet_id), fields=_fields(report, entry),
        delay_s=entry.number("delay_s", None, 0, 3600, " 秒"), own_unit=own_unit, verified=entry.flag("verified", True),
        boilerplate=entry.texts("boilerplate", 200))


def _sources(report: Report, entry: Entry, outlet_id: str) -> tuple[Source, ...]:
    found: dict[str, Source] = {}
    for number, node in enumerate(entry.nodes("sources", 200), 1):
        one = Entry(report, node, f"{entry.what}的采集入口", _SOURCE)
        source_id = one.id(required=False) or f"{outlet_id}-{number}"
        kind = one.choice("kind", SourceKind, "", required=True)
        url = read_url(one, "url", dated=kind == "epaper")
        pattern = one.text("link_pattern")
        why = check_pattern(pattern) if pattern else ""
        if why:
            one.fault("link_pattern", why, r"例：/t\d{8}_\d+\.s?html$")
            pattern = ""
        faults = len(report.problems)
        low = one.whole("min_interval_s", 300, 1, 7 * 86400, " 秒")
        high = one.whole("max_interval_s", max(low, 6 * 3600), 1, 30 * 86400, " 秒")
        if high < low and len(report.problems) == faults:
            one.fault("max_interval_s", f"最长间隔 {high} 秒短于最短间隔 {low} 秒", "把两个数对调或改正")
            high = low
        pages = one.whole("max_pages", 3, 1, 50)
        if source_id in found:
            one.fault("id", f"{entry.what}有两个采集入口叫“{source_id}”", "换一个编号")
        elif kind and url:
            found[source_id] = Source(source_id, outlet_id, SourceKind(kind), url, pattern, low, high, pages)
    return tuple(found.values())


def _fields(report: Report, entry: Entry) -> tuple[FieldRule, ...]:
    rules = []
    for node in entry.nodes("fields", 50):
        one = Entry(report, node, f"{entry.what}的字段规则", _FIELD)
        name = one.choice("name", dict.fromkeys(FIELDS, ""), "", required=True)
        css, xpath = one.text("css"), one.text("xpath")
        if bool(css) == bool(xpath):
            one.fault("name", "css 和 xpath 要写且只写一个", "例：css: div.article h1")
            continue
        if why := _selector_fault(css, xpath):
            one.fault("css" if css else "xpath", f"选择器写法不对：{why}", "例：css: div.article h1")
            continue
        since, until = one.span()
        if name:
            rules.append(FieldRule(name, css, xpath, since, until))
    return tuple(rules)


def _selector_fault(css: str, xpath: str) -> str:
    from lxml import etree
    from parsel import Selector
    try:
        if xpath:
            etree.XPath(xpath)
        else:
            Selector(text="<p></p>").css(css)
    except Exception as error:      # the parsers of selectors raise their own many kinds
        return re.sub(r"\s+", " ", str(error))[:120]
    return ""


def _unlike(report: Report, outlets: tuple[Outlet, ...], nodes: Mapping[str, Node]) -> None:
    """No two outlets share a domain, a name or a source id: each decides which outlet a page or a 来源 belongs to."""
    domains: dict[str, Outlet] = {}
    names: dict[str, Outlet] = {}
    sources: dict[str, Outlet] = {}
    for outlet in outlets:
        node = nodes[outlet.id]
        for key, values, held, word in (
                ("domains", outlet.domains, domains, "域名"), ("aliases", (outlet.name, *outlet.aliases), names, "名称"),
                ("sources", tuple(s.id for s in outlet.sources), sources, "采集入口编号")):
            for value in values:
                other = held.setdefault(value, outlet)
                if value and other.id != outlet.id:
                    at = node.value.get("name" if value == outlet.name else key, node)
                    report.fault(at, f"媒体“{outlet.id}”的{word}“{value}”和媒体“{other.id}”的相同",
                                 f"删去一处；若是同一家，写 id: {other.id} 覆盖它，或在 without 里写 {other.id}")


def check_rhythm(report: Report, outlets: tuple[Outlet, ...], nodes: Mapping[str, Node], least_s: int = 60) -> None:
    """One warning for all sources that would be polled more than once a minute."""
    hasty = [(outlet, source) for outlet in outlets for source in outlet.sources if source.min_interval_s < least_s]
    if hasty:
        outlet, source = hasty[0]
        report.warn(nodes[outlet.id].value.get("sources", nodes[outlet.id]),
                    f"采集入口“{source.id}”等 {len(hasty)} 个不到一分钟就访问一次，会给对方造成压力", f"min_interval_s 写 {least_s} 以上")


def check_own_units(report: Report, outlets: tuple[Outlet, ...], nodes: Mapping[str, Node], unit_ids: Mapping[str, object]) -> None:
    for outlet in outlets:
        at = nodes[outlet.id].value.get("own_unit", nodes[outlet.id])
        if outlet.own_unit and outlet.own_unit not in unit_ids:
            report.fault(at, f"媒体“{outlet.id}”所属单位“{outlet.own_unit}”不存在", nearest(outlet.own_unit, unit_ids, "已登记的编号"))
        elif outlet.own_unit and outlet.tier is not Tier.OWN:
            report.warn(at, f"媒体“{outlet.id}”是单位自有平台，tier 却写了 {outlet.tier}", "写 tier: own，否则会算作媒体采用")
