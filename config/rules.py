"""rules.yaml → level rules and channels (the duty room is read in `config.duty`).  A level that the bureau writes replaces the shipped rules of that level."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Iterable

from config.entry import Entry, Report, nearest, peek
from config.tree import Node
from model.alert import ChannelConfig, Level, LevelRule

LEVELS = {name: Level(n) for n, names in enumerate((("I", "Ⅰ", "1"), ("II", "Ⅱ", "2"), ("III", "Ⅲ", "3"), ("IV", "Ⅳ", "4")), 1) for name in names}
CHANNELS = {"wecom": "企业微信", "dingtalk": "钉钉", "feishu": "飞书", "mail": "邮件", "sms": "短信网关", "webhook": "网络钩子"}
_BOUNDS = {"outlets": (1, 10_000), "stories": (1, 10_000), "tier_rank": (1, 6), "severity": (0, 3), "speed": (1, 1000),
           "unanswered": (1, 1000)}
_WHEN = (*_BOUNDS, "topics")
_CHANNEL = ("id", "kind", "url_env", "url_file", "min_level", "units", "next")
TOP = ("levels", "channels", "people", "groups", "routes", "quiet", "clocks", "marks", "ring_gap_minutes", "memory_days", "escalation", "sensitive", "watches",
       "holidays", "workdays", "handover", "digests")
_SECRET = ("通道里不能写地址和密钥", "写 url_env: 环境变量名（如 JIANBAO_WECOM_URL），或 url_file: 文件名，把地址放到那里")
_MISTAKEN = {key: _SECRET for key in ("url", "token", "key", "secret", "password", "webhook", "address")}


def read_level(entry: Entry, key: str, default: Level | None = None) -> Level | None:
    """I … IV, Ⅰ … Ⅳ or 1 … 4."""
    word = entry.text(key, required=default is None)
    if not word:
        return default
    level = LEVELS.get(word.upper())
    if level is None:
        entry.fault(key, f"等级“{word}”不对", "可以写：I（特别重大）、II（重大）、III（较大）、IV（一般）")
    return level or default


def read_rules(report: Report, shipped: Node | None, own: Node | None) -> tuple[tuple[LevelRule, ...], list[tuple[LevelRule, Node]], list[Node]]:
    """(level rules gravest first, each own or shipped rule with its node, nodes of the channels)."""
    base = _levels(report, Entry(report, shipped, "rules.yaml", TOP)) if shipped else []
    mine: list[tuple[LevelRule, Node]] = []
    channels: list[Node] = []
    if own is not None:
        entry = Entry(report, own, "rules.yaml", TOP)
        mine, channels = _levels(report, entry), entry.nodes("channels", 100)
    taken = {rule.level for rule, _ in mine}
    both = sorted([pair for pair in base if pair[0].level not in taken] + mine, key=lambda pair: pair[0].level)
    return tuple(rule for rule, _ in both), both, channels


def _levels(report: Report, entry: Entry) -> list[tuple[LevelRule, Node]]:
    found = []
    for node in entry.nodes("levels", 200):
        one = Entry(report, node, "等级规则", ("level", "name", "when"))
        level, name = read_level(one, "level"), one.text("name", limit=60)
        if "when" not in one:
            one.report.fault(node, "等级规则没有写条件", "补上 when: {outlets: 1}")
            continue
        part = one.sub("when", "when（条件）", _WHEN)
        when: dict[str, object] = {key: part.whole(key, low, low, high) for key, (low, high) in _BOUNDS.items() if key in part}
        if "topics" in part:
            when["topics"] = part.texts("topics")
        if level is not None and when:
            found.append((LevelRule(level, when, name), node))
    return found


def check_topics(report: Report, rules: Iterable[tuple[LevelRule, Node]], topics: Iterable[str]) -> None:
    topics = set(topics)
    for rule, node in rules:
        for topic in rule.when.get("topics", ()):
            if topic not in topics:
                report.fault(node.value["when"], f"词表里没有编号为“{topic}”的主题", nearest(topic, sorted(topics), "词表里有"))


def read_channels(report: Report, nodes: list[Node], units: Iterable[str], folder: Path) -> tuple[ChannelConfig, ...]:
    found: dict[str, ChannelConfig] = {}
    units = list(units)
    for node in nodes:
        one = Entry(report, node, "通道", _CHANNEL, _MISTAKEN)
        channel_id = one.id()
        env, file = one.text("url_env"), one.text("url_file")
        if env and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", env):
            one.fault("url_env", "url_env 要写环境变量的名字，不是地址", "如 url_env: JIANBAO_WECOM_URL，再在启动前设置这个变量")
            env = ""
        elif file and "://" in file:
            one.fault("url_file", "url_file 要写文件名，不是地址", "如 url_file: secrets/wecom.txt，把地址写在那个文件里")
            file = ""
        elif bool(env) == bool(file) and not any(key in _MISTAKEN for key in (node.value if node.is_map else ())):
            one.report.fault(node, f"通道“{channel_id}”要写且只写 url_env 和 url_file 之一", "如 url_env: JIANBAO_WECOM_URL")
        if env and env not in os.environ:
            report.warn(one.at("url_env"), f"环境变量 {env} 没有设置，通道“{channel_id}”发不出去", "启动前设置它")
        if file and not (folder / file).is_file():
            report.warn(one.at("url_file"), f"文件 {file} 不存在，通道“{channel_id}”发不出去", "建好这个文件，里面写一行地址")
        kind = one.choice("kind", CHANNELS, "", required=True)
        told = one.texts("units", 1000)
        for unit in told:
            if unit not in units:
                one.fault("units", f"通道“{channel_id}”里的单位“{unit}”不存在", nearest(unit, units, "已登记的编号"))
        if channel_id in found:
            one.fault("id", f"通道编号“{channel_id}”重复", "换一个编号")
        elif channel_id and kind:
            found[channel_id] = ChannelConfig(channel_id, kind, env, file, read_level(one, "min_level", Level.IV) or Level.IV, told, one.text("next"))
    for node in nodes:
        after = peek(node, "next")
        if after and (after not in found or after == peek(node, "id")):
            report.fault(node.value["next"], f"接替的通道“{after}”不存在" if after not in found else "通道不能接替自己", nearest(after, found, "已有的通道"))
    return tuple(found.values())
