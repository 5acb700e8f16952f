"""`rules:` of words.yaml → the bureau's own rules, each fault told with file, line and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping

from config.entry import Entry, Report, nearest
from config.lay import RuleError, parse, work
from config.tree import Node
from model.alert import KINDS
from model.vocabulary import EFFECTS, Rule

KEYS = ("name", "when", "effect", "topic", "severity", "kind", "by")
MAX_RULES = 300
MAX_WORK = 10_000              # of all patterns together, at one place of a text


def read_own_rules(report: Report, nodes: list[Node], topics: Mapping[str, str]) -> tuple[Rule, ...]:
    """`topics`: id → name."""
    found: dict[str, Rule] = {}
    spent = 0
    for node in nodes[:MAX_RULES]:
        entry = Entry(report, node, "本单位规则", KEYS)
        name, when = entry.text("name", required=True, limit=40), entry.text("when", required=True, limit=1000)
        topic = _topic(entry, topics)
        effect, kind = entry.choice("effect", EFFECTS, "negative"), entry.choice("kind", KINDS, "opinion")
        severity = entry.whole("severity", 1, 0, 3, "（0 无、3 致死或群体伤害）")
        if not name or not when:
            continue
        if not entry.at("when").quoted:
            entry.fault("when", f"规则“{name}”的 when 没有加引号，“#主题”和“!排除”会被当作别的意思", "用英文单引号括起来：when: '停诊 +市一院 !检修'")
            continue
        try:
            parts = parse(when, topics)
        except RuleError as error:
            entry.fault("when", f"规则“{name}”{error}", "改正后再试；写法：词 +必含 !排除 /正则/ #主题")
            continue
        spent += work(parts.patterns)
        if name in found:
            entry.fault("name", f"规则“{name}”重复", "换一个名字，或合并为一条")
        elif spent > MAX_WORK:
            entry.fault("when", f"加上规则“{name}”，各条正则合起来可能很慢（约{spent}，上限{MAX_WORK}）", "减少正则，或缩小 {0,n} 里的 n")
            spent = 0
        else:
            found[name] = Rule(name, parts.words, parts.must, parts.never, parts.patterns, parts.topics, when, effect, topic, severity, kind,
                               entry.text("by", limit=80))
    if len(nodes) > MAX_RULES:
        report.fault(nodes[MAX_RULES], f"本单位规则有{len(nodes)}条，上限{MAX_RULES}条", "删去不用的")
    return tuple(found.values())


def _topic(entry: Entry, topics: Mapping[str, str]) -> str:
    """A topic by its id or name."""
    word = entry.text("topic")
    topic = next((id for id, name in topics.items() if word in (id, name)), "") if word else ""
    if word and not topic:
        entry.fault("topic", f"没有名为“{word}”的主题", nearest(word, [*topics.values(), *topics], "现有主题"))
    return topic
