"""words.yaml → Vocabulary.  Layers: a later file adds its words to an earlier one, and `-词` takes one out again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from config.entry import Entry, Report
from config.own_rules import read_own_rules
from config.pattern import check_pattern
from config.tree import Node
from model.alert import KINDS
from model.vocabulary import Gap, Topic, Vocabulary

_TOP = ("topics", "frames", "flips", "reverse", "gaps", "place_traps", "document_numbers", "extra", "provenance", "rules")
_TOPIC = ("id", "name", "strong", "weak", "masked", "severity", "watch", "kind")
_EFFECTS = {"negative": "算负面", "flip": "转为中性", "flip_unless_reversed": "转为中性，除非又被反转"}
MAX_WORD = 60
_PASSED_ON = "(网传|流出|流传|外泄|外传|泄露|晒出|疯传|热传|截图)"     # said of a document that was not meant to be seen


@dataclass
class _Draft:
    """A vocabulary while its layers are put together."""

    topics: dict[str, dict] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=lambda: {"frames": [], "reverse": [], "document_numbers": []})
    maps: dict[str, dict[str, list[str]]] = field(default_factory=lambda: {"flips": {}, "place_traps": {}, "extra": {}})
    gaps: dict[str, Gap] = field(default_factory=dict)
    provenance: dict[str, str] = field(default_factory=dict)


def read_words(report: Report, roots: list[Node]) -> Vocabulary:
    """The vocabulary of the layers, the most general first."""
    draft, rules = _Draft(), []
    for at, root in enumerate(roots):
        rules += _layer(report, root, draft, first=at == 0)
    for pattern, topic in _leaked(draft):
        draft.gaps.setdefault(pattern, Gap(pattern, "negative", topic))
    return Vocabulary(
        topics=tuple(Topic(id=k, name=t["name"], strong=tuple(t["strong"]), weak=tuple(t["weak"]), masked=tuple(t["masked"]),
                           severity=t["severity"], watch=t["watch"], kind=t["kind"]) for k, t in draft.topics.items()),
        frames=tuple(draft.lists["frames"]), reverse=tuple(draft.lists["reverse"]), gaps=tuple(draft.gaps.values()),
        provenance=draft.provenance, rules=read_own_rules(report, rules, {k: t["name"] for k, t in draft.topics.items()}),
        **{name: {k: tuple(v) for k, v in groups.items()} for name, groups in draft.maps.items()})


def _leaked(draft: _Draft) -> list[tuple[str, str]]:
    """(pattern, topic): a document of the bureau's own numbers (云卫办〔2026〕3号) that is passed on, in either order."""
    topic = next((id_ for id_, held in draft.topics.items() if held["kind"] == "leak"), "")
    numbers = [re.escape(number) + r"[〔\[【(（][0-9]{4}" for number in draft.lists["document_numbers"]]
    return [(pattern, topic) for number in numbers for pattern in (f"{_PASSED_ON}.{{0,40}}{number}", f"{number}.{{0,40}}{_PASSED_ON}")]


def _layer(report: Report, root: Node, draft: _Draft, first: bool) -> list[Node]:
    """Put a layer over the draft; returns its rules unread, for they may name topics of any layer."""
    entry = Entry(report, root, "words.yaml", _TOP)
    seen: dict[str, int] = {}
    for node in entry.nodes("topics"):
        _topic(report, node, draft, seen, first)
    for name, words in draft.lists.items():
        _merge(entry, name, words, name, draft)
    for name, groups in draft.maps.items():
        if name in entry:
            part = entry.map[name]
            inner = Entry(report, part, name, part.value if part.is_map else ())
            for group in inner.map:
                _merge(inner, group, groups.setdefault(group, []), f"{name}.{group}", draft)
    for node in entry.nodes("gaps"):
        _gap(report, node, draft)
    if "provenance" in entry:
        part = entry.map["provenance"]
        inner = Entry(report, part, "provenance", part.value if part.is_map else ())
        draft.provenance.update({key: inner.text(key) for key in inner.map})
    return entry.nodes("rules")


def _topic(report: Report, node: Node, draft: _Draft, seen: dict[str, int], first: bool) -> None:
    entry = Entry(report, node, "主题", _TOPIC)
    topic_id = entry.text("id", required=True, limit=40)
    if not topic_id:
        return
    if topic_id in seen:
        entry.fault("id", f"主题编号“{topic_id}”重复（第 {seen[topic_id]} 行已有）", "两处合并为一处")
        return
    seen[topic_id] = entry.at("id").line
    held = draft.topics.get(topic_id)
    name = entry.text("name", required=held is None, limit=40)
    topic = draft.topics.setdefault(topic_id, {"name": name, "strong": [], "weak": [], "masked": [], "severity": 1, "watch": False, "kind": ""})
    topic["name"] = name or topic["name"]
    topic["severity"] = entry.whole("severity", topic["severity"], 0, 3, "（0 无、3 致死或群体伤害）")
    topic["watch"] = entry.flag("watch", topic["watch"])
    topic["kind"] = entry.choice("kind", {"": "不另立类别", **KINDS}, topic["kind"])
    for kind in ("strong", "weak", "masked"):
        _merge(entry, kind, topic[kind], f"{topic_id}.{kind}", draft)
    if held is None and not (topic["strong"] or topic["weak"]):
        entry.fault("id", f"主题“{name}”没有一个词", "补上 strong: [词, …] 或 weak: [词, …]")


def _merge(entry: Entry, key: str, words: list[str], label: str, draft: _Draft) -> None:
    """Add the words under `key` to `words`, or take out those written with a minus."""
    held = set(words)
    for word, node in entry.lined_texts(key):
        taken_out = word[0] in "-－" and len(word) > 1
        word = word[1:].strip() if taken_out else word
        if len(word) > MAX_WORD or not word:
            entry.report.fault(node, f"词“{word[:20]}…”太长（上限 {MAX_WORD} 字）", "一项写一个词")
        elif taken_out and word not in held:
            entry.report.warn(node, f"要去掉的词“{word}”本来就不在 {label} 里", "核对写法，或删去这一项")
        elif taken_out:
            words.remove(word)
            held.discard(word)
            draft.provenance.pop(f"{label}:{word}", None)
        elif word not in held:
            words.append(word)
            held.add(word)


def _gap(report: Report, node: Node, draft: _Draft) -> None:
    if isinstance(node.value, str):
        node = Node({"pattern": node}, node.file, node.line)
    entry = Entry(report, node, "间隔式", ("pattern", "effect", "topic"))
    pattern = entry.text("pattern", required=True)
    effect = entry.choice("effect", _EFFECTS, "negative")
    topic = entry.text("topic")
    if not pattern:
        return
    if pattern[0] in "-－":
        if draft.gaps.pop(pattern[1:].strip(), None) is None:
            report.warn(entry.at("pattern"), f"要去掉的间隔式“{pattern[1:]}”本来就没有", "核对写法，或删去这一项")
        return
    why = check_pattern(pattern, unbounded=False)
    if why:
        entry.fault("pattern", why, "例：拖欠.{0,8}工资")
    elif topic and topic not in draft.topics:
        entry.fault("topic", f"没有编号为“{topic}”的主题", "写 topics 里有的编号")
    else:
        draft.gaps[pattern] = Gap(pattern, effect, topic)
