"""Altering words.yaml as a person asks on the page: words put in, taken out, replaced; own rules written and removed.

Only the bureau's own file changes: a shipped word is taken out by `-词`.  Who did it and when stands in the file's `provenance`.
"""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from config.edit import altered, text_of
from config.own_rules import KEYS
from config.tree import Node, parse
from model.errors import ConfigError, Problem
from model.rehearsal import WordChange
from model.vocabulary import Vocabulary

WORDS = "words.yaml"
CLASSES = {"strong": "强词", "weak": "弱词", "masked": "排除的说法"}


def written(folder: Path, change: WordChange, vocabulary: Vocabulary, by: str) -> str:
    """The text of words.yaml after the change; `by`: who and when.  Raises ConfigError with what cannot be done."""
    def alter(document: CommentedMap) -> None:
        if change.rule or change.rule_was:
            _rule(document, change, by)
        else:
            _words(document, change, vocabulary, by)
    return altered(text_of(folder, WORDS), WORDS, alter)


def own_words(folder: Path) -> frozenset[tuple[str, str]]:
    """(place, word) of every word that stands in the bureau's own file; those taken out stand with their minus."""
    try:
        root = parse(text_of(folder, WORDS), WORDS)
    except ConfigError:
        return frozenset()
    found: set[tuple[str, str]] = set()
    for topic in _list(root, "topics"):
        if topic.is_map and "id" in topic.value:
            found |= {(f"{topic.value['id'].value}.{kind}", w) for kind in CLASSES for w in _texts(topic, kind)}
    for name in ("frames", "reverse"):
        found |= {(name, w) for w in _texts(root, name)}
    for name in ("flips", "extra"):
        part = root.value.get(name) if root.is_map else None
        if part is not None and part.is_map:
            found |= {(f"{name}.{group}", w) for group in part.value for w in _texts(part, group)}
    return frozenset(found)


def _list(node: Node, key: str) -> list[Node]:
    held = node.value.get(key) if node.is_map else None
    return held.value if held is not None and held.is_list else []


def _texts(node: Node, key: str) -> list[str]:
    held = node.value.get(key)
    if held is not None and isinstance(held.value, str):
        return [w.strip() for w in held.value.split("、") if w.strip()]
    return [n.value.strip() for n in _list(node, key) if isinstance(n.value, str)]


def place_words(vocabulary: Vocabulary, place: str) -> tuple[str, ...] | None:
    """The words in force at a place; None when there is no such place."""
    head, _, tail = place.partition(".")
    if head in ("frames", "reverse") and not tail:
        return getattr(vocabulary, head)
    if head in ("flips", "extra"):
        return getattr(vocabulary, head).get(tail)
    topic = next((t for t in vocabulary.topics if t.id == head), None)
    return getattr(topic, tail) if topic is not None and tail in CLASSES else None


def _fault(message: str, remedy: str = "") -> ConfigError:
    return ConfigError([Problem(WORDS, None, message, remedy)])


def _words(document: CommentedMap, change: WordChange, vocabulary: Vocabulary, by: str) -> None:
    held = place_words(vocabulary, change.place)
    if held is None:
        raise _fault(f"词表里没有“{change.place}”这一处")
    if not change.added and not change.removed:
        raise _fault("没有写词", "写上要添或要去的词，一行一个")
    for word in (*change.added, *change.removed):
        if word[:1] in "-－" or "\n" in word or not word.strip():
            raise _fault(f"词“{word[:20]}”写法不对", "一行一个词，不以减号开头")
    for word in change.removed:
        if word not in held:
            raise _fault(f"“{word}”本来就不在这里", "核对写法")
    for word in change.added:
        if word in held and word not in change.removed:
            raise _fault(f"“{word}”已经在这里")
    own, origin = _own_list(document, change.place), document.setdefault("provenance", CommentedMap())
    for word in change.removed:
        origin.pop(f"{change.place}:{word}", None)
        if word in own:
            own.remove(word)
        else:
            own.append(f"-{word}")
        origin[f"{change.place}:-{word}"] = f"{by} 去掉"
    for word in change.added:
        origin.pop(f"{change.place}:-{word}", None)
        if f"-{word}" in own:
            own.remove(f"-{word}")                      # a shipped word comes back
        else:
            own.append(word)
        origin[f"{change.place}:{word}"] = by


def _own_list(document: CommentedMap, place: str) -> CommentedSeq:
    """The bureau's own list at a place, made where it is missing."""
    head, _, tail = place.partition(".")
    if head in ("frames", "reverse"):
        return _seq(document, head)
    if head in ("flips", "extra"):
        return _seq(document.setdefault(head, CommentedMap()), tail)
    topics = _seq(document, "topics")
    topic = next((t for t in topics if isinstance(t, dict) and t.get("id") == head), None)
    if topic is None:
        topic = CommentedMap(id=head)
        topics.append(topic)
    return _seq(topic, tail)


def _seq(holder: CommentedMap, key: str) -> CommentedSeq:
    """The list under a key; a text of words joined by 、 becomes one."""
    held = holder.get(key)
    if isinstance(held, CommentedSeq):
        return held
    made = CommentedSeq([w.strip() for w in str(held).split("、") if w.strip()] if held is not None else [])
    holder[key] = made
    return made


def _rule(document: CommentedMap, change: WordChange, by: str) -> None:
    rules = _seq(document, "rules")
    at = next((n for n, r in enumerate(rules) if isinstance(r, dict) and str(r.get("name")) == change.rule_was), None)
    if change.rule_was and at is None:
        raise _fault(f"没有名为“{change.rule_was}”的规则", "刷新后再试")
    if not change.rule:
        del rules[at]
        document.setdefault("provenance", CommentedMap())[f"rules:-{change.rule_was}"] = f"{by} 去掉"
        return
    made = CommentedMap((key, change.rule[key]) for key in KEYS if key != "by" and change.rule.get(key))
    for key in ("name", "when"):
        if key in made:
            made[key] = SingleQuotedScalarString(made[key])
    if str(made.get("severity", "")).isdecimal():
        made["severity"] = int(made["severity"])
    made["by"] = by
    if at is None:
        rules.append(made)
    else:
        rules[at] = made
