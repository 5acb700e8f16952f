"""units.yaml → units: one of them is the bureau, names do not collide unless they are marked ambiguous."""

from __future__ import annotations

from dataclasses import replace

from config.entry import Entry, Report, nearest, peek
from config.region import read_region
from config.tree import Node
from model.region import Region
from model.unit import Alias, Unit

KINDS = {
    "commission": "卫生健康委", "bureau": "局", "hospital": "医院", "cdc": "疾控中心", "emergency": "急救中心", "blood": "血站",
    "supervision": "监督机构", "community": "社区、乡镇机构", "other": "其他",
}
_UNIT = ("id", "name", "short", "aliases", "region", "kind", "group", "parent", "is_bureau")


def read_units(report: Report, root: Node) -> tuple[tuple[Unit, ...], dict[str, Node]]:
    """(units, unit id → its node)."""
    entry = Entry(report, root, "units.yaml", ("units",))
    if "units" not in entry:
        report.fault(root, "没有登记任何单位", "补上 units: 列表，至少写本委一项（is_bureau: true）")
    units: dict[str, Unit] = {}
    nodes: dict[str, Node] = {}
    for node in entry.nodes("units"):
        unit = _unit(report, node)
        if not unit.id:
            continue
        if unit.id in units:
            report.fault(_at(node, "id"), f"单位编号“{unit.id}”重复（第 {nodes[unit.id].line} 行已有）", "换一个编号")
            continue
        units[unit.id], nodes[unit.id] = unit, node
    found = tuple(units.values())
    _parents(report, units, nodes)
    _the_bureau(report, root, found, nodes)
    _names(report, found, nodes)
    return found, nodes


def placed(units: tuple[Unit, ...], bureau: Region) -> tuple[Unit, ...]:
    """A unit without a region lies where its parent lies, and at last where the bureau lies."""
    known = {unit.id: unit for unit in units}

    def region(unit: Unit, steps: int = 0) -> Region:
        if unit.region or steps > len(known):
            return unit.region
        above = known.get(unit.parent)
        return region(above, steps + 1) if above else bureau

    return tuple(unit if unit.region else replace(unit, region=region(unit)) for unit in units)


def _at(node: Node, key: str) -> Node:
    return node.value.get(key, node) if node.is_map else node


def _unit(report: Report, node: Node) -> Unit:
    entry = Entry(report, node, f"单位“{peek(node, 'name') or peek(node, 'id')}”", _UNIT)
    name = entry.text("name", required=True, limit=60)
    if 0 < len(name) < 2:
        entry.fault("name", f"单位全称“{name}”太短", "写单位的全称")
    return Unit(
        id=entry.id(), name=name, short=entry.text("short", limit=30), aliases=_aliases(report, entry, name),
        region=read_region(entry), kind=entry.choice("kind", KINDS, "hospital"), group=entry.text("group", limit=30),
        parent=entry.text("parent"), is_bureau=entry.flag("is_bureau", False))


def _aliases(report: Report, entry: Entry, name: str) -> tuple[Alias, ...]:
    node = entry.map.get("aliases")
    if node is None:
        return ()
    if isinstance(node.value, str):
        items = [Node(part.strip(), node.file, node.line) for part in node.value.split("、")]
    else:
        items = entry.nodes("aliases", 100)
    found: dict[str, Alias] = {}
    for item in items:
        if item.is_map:
            part = Entry(report, item, f"{entry.what}的别名", ("name", "ambiguous", "since", "until"))
            since, until = part.span()
            alias = Alias(part.text("name", required=True, limit=60), part.flag("ambiguous", False), since, until)
        else:
            alias = Alias(item.value.strip() if isinstance(item.value, str) else "")
            if not alias.name or item.is_list:
                report.fault(item, f"{entry.what}的别名里有一项写得不对", "写成 “- 别名” 或 “- {name: 别名, ambiguous: true}”")
                continue
        if not alias.name:
            continue
        if len(alias.name) < 2:
            report.fault(item, f"别名“{alias.name}”只有一个字，会到处误中", "写两个字以上的名称")
        elif alias.name in found:
            report.fault(item, f"别名“{alias.name}”写了两遍", "删去一个")
        elif alias.name == name:
            report.warn(item, f"别名“{alias.name}”就是全称", "可以删去")
        else:
            found[alias.name] = alias
    return tuple(found.values())


def _parents(report: Report, units: dict[str, Unit], nodes: dict[str, Node]) -> None:
    for unit in units.values():
        if unit.parent and unit.parent not in units:
            report.fault(_at(nodes[unit.id], "parent"), f"上级单位“{unit.parent}”不存在", nearest(unit.parent, units, "已登记的编号"))
            continue
        seen, above = {unit.id}, unit.parent
        while above in units:
            if above in seen:
                if above == unit.id:
                    report.fault(_at(nodes[unit.id], "parent"), f"“{unit.id}”的上级绕回了自己", "改正 parent")
                break
            seen.add(above)
            above = units[above].parent


def _the_bureau(report: Report, root: Node, units: tuple[Unit, ...], nodes: dict[str, Node]) -> None:
    chosen = [u for u in units if u.is_bureau]
    if units and not chosen:
        report.fault(root, "没有一个单位标为本委", "在本委那一项里写 is_bureau: true")
    for unit in chosen[1:]:
        report.fault(_at(nodes[unit.id], "is_bureau"), f"“{unit.name}”和“{chosen[0].name}”都标为本委", "只留一个 is_bureau: true")


def _names(report: Report, units: tuple[Unit, ...], nodes: dict[str, Node]) -> None:
    """No name tells two units unless each of them says that it is ambiguous."""
    full: dict[str, Unit] = {}
    for unit in units:
        if unit.name in full:
            report.fault(_at(nodes[unit.id], "name"), f"全称“{unit.name}”和单位“{full[unit.name].id}”相同",
                         "全称前加上地名以示区别，如 云川市人民医院；共同的简称写进 aliases 并标 ambiguous: true")
        elif unit.name:
            full[unit.name] = unit
    holders: dict[str, list[tuple[Unit, bool]]] = {}
    shorts: dict[str, Unit] = {}
    for unit in units:
        for alias in unit.aliases:
            owner = full.get(alias.name, unit)
            if owner.id != unit.id and not alias.ambiguous:
                report.fault(_alias_node(nodes[unit.id], alias.name), f"别名“{alias.name}”是单位“{owner.id}”的全称",
                             "删去这个别名；若确实会混淆，给它写上 {name: …, ambiguous: true}")
            holders.setdefault(alias.name, []).append((unit, alias.ambiguous))
        if not unit.short:
            continue
        if full.get(unit.short, unit).id != unit.id:
            report.fault(_at(nodes[unit.id], "short"), f"简称“{unit.short}”是单位“{full[unit.short].id}”的全称", "换一个简称")
        elif shorts.setdefault(unit.short, unit).id != unit.id:
            report.warn(_at(nodes[unit.id], "short"), f"简称“{unit.short}”和单位“{shorts[unit.short].id}”的相同，表格里分不清", "简称前加上地名")
    for name, held in holders.items():
        if len(held) < 2:
            continue
        for unit, ambiguous in held:
            if not ambiguous:
                others = "、".join(u.id for u, _ in held if u.id != unit.id)
                report.fault(_alias_node(nodes[unit.id], name), f"别名“{name}”和单位“{others}”的相同",
                             f"几处都写成 {{name: {name}, ambiguous: true}}")


def _alias_node(node: Node, name: str) -> Node:
    aliases = _at(node, "aliases")
    if aliases.is_list:
        for item in aliases.value:
            if peek(item, "name") == name or item.value == name:
                return item
    return aliases
