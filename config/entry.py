"""Strict reading of one map of a YAML file: every key is known, every value is of its kind, every fault is told with its line.

A fault never raises: it is put down in the `Report` and the default is returned, so that one reading tells everything.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from enum import Enum
from typing import Iterable, Mapping

from config.tree import Node
from model.errors import Problem

MAX_TEXT = 500
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


class Report:
    """Collects problems; `fault` stops the start, `warn` is only shown."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fault(self, node: Node, message: str, remedy: str = "", line: int | None = None) -> None:
        self.problems.append(Problem(node.file, line or node.line, message, remedy))

    def warn(self, node: Node, message: str, remedy: str = "", line: int | None = None) -> None:
        self.problems.append(Problem(node.file, line or node.line, message, remedy, warning=True))

    def warn_once(self, node: Node, message: str, remedy: str = "") -> None:
        if not any(p.message == message for p in self.problems):
            self.warn(node, message, remedy)

    @property
    def faults(self) -> list[Problem]:
        return [p for p in self.problems if not p.warning]


def nearest(word: str, known: Iterable[str], what: str = "") -> str:
    """A remedy that names the nearest known word, or lists the known ones."""
    known = [k for k in known if k]
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"是不是“{close[0]}”？"
    if not known:
        return ""
    shown = "、".join(known[:14])
    return f"{what or '可以写'}：{shown}{'等' if len(known) > 14 else ''}"


class Entry:
    """One map.  `what` names it for people, e.g. 单位“市人民医院”; `keys` are the only ones allowed.

    `mistaken` maps keys that people write by mistake to (message, remedy).
    """

    def __init__(self, report: Report, node: Node, what: str, keys: Iterable[str],
                 mistaken: Mapping[str, tuple[str, str]] | None = None):
        self.report, self.node, self.what = report, node, what
        self._keys = tuple(keys)
        self.map: dict[str, Node] = {}
        self.readable = node.is_map or node.is_empty
        if node.is_empty:
            return
        if not node.is_map:
            text = node.value if isinstance(node.value, str) else ""
            remedy = "冒号要用半角“:”，后面空一格" if "：" in text else "写成“键: 值”；可用的键：" + "、".join(self._keys)
            report.fault(node, f"{what}应当是“键: 值”的形式", remedy)
            return
        for key, value in node.value.items():
            if key in self._keys:
                if not value.is_empty:
                    self.map[key] = value
            elif mistaken and key in mistaken:
                report.fault(value, *mistaken[key], line=node.key_lines.get(key))
            else:
                report.fault(value, f"{what}里没有“{key}”这个键", nearest(key, self._keys, "可用的键"), line=node.key_lines.get(key))

    def __contains__(self, key: str) -> bool:
        return key in self.map

    def at(self, key: str) -> Node:
        """Where to point when speaking of `key`."""
        return self.map.get(key, self.node)

    def fault(self, key: str, message: str, remedy: str = "") -> None:
        self.report.fault(self.at(key), message, remedy)

    def text(self, key: str, default: str = "", required: bool = False, limit: int = MAX_TEXT) -> str:
        node = self.map.get(key)
        if node is None:
            if required and self.readable:      # else it was already told that this is no map
                self.report.fault(self.node, f"{self.what}缺少“{key}”", f"补上 {key}: …")
            return default
        return self._scalar(node, key, default, limit)

    def _scalar(self, node: Node, key: str, default: str, limit: int = MAX_TEXT) -> str:
        if not isinstance(node.value, str):
            self.report.fault(node, f"“{key}”应当是一段文字", f"写成 {key}: 文字")
            return default
        value = node.value.strip()
        if len(value) > limit:
            self.report.fault(node, f"“{key}”太长（{len(value)} 字，上限 {limit}）", "写短一些")
            return default
        if any(ord(c) < 32 and c not in "\n\t" for c in value):
            self.report.fault(node, f"“{key}”含有控制字符", "删去该字符")
            return default
        return value

    def id(self, key: str = "id", required: bool = True) -> str:
        """An identifier: small letters, digits, `- _ .`, at most 64."""
        value = self.text(key, required=required)
        if value and not _ID.fullmatch(value):
            self.fault(key, f"编号“{value}”不合规", "只用小写字母、数字和 - _ .，以字母或数字开头，不超过 64 个字符")
            return ""
        return value

    def texts(self, key: str, limit: int = 20_000) -> tuple[str, ...]:
        """A list of texts, without repeats; one text alone is cut at 、."""
        return tuple(dict.fromkeys(value for value, _ in self.lined_texts(key, limit)))

    def lined_texts(self, key: str, limit: int = 20_000) -> list[tuple[str, Node]]:
        """As `texts`, each with its node and with repeats."""
        node = self.map.get(key)
        if node is None:
            return []
        if isinstance(node.value, str):
            return [(part.strip(), node) for part in node.value.split("、") if part.strip()]
        if not node.is_list:
            self.report.fault(node, f"“{key}”应当是一个列表", f"写成 {key}: [甲, 乙]，或每行一个“- 甲”")
            return []
        if len(node.value) > limit:
            self.report.fault(node, f"“{key}”有 {len(node.value)} 项，上限 {limit}", "删减")
            return []
        out = []
        for item in node.value:
            if item.is_empty:
                self.report.fault(item, f"“{key}”里有空的一项", "删去这一项，或把文字写在“- ”后面")
                continue
            value = self._scalar(item, key, "")
            if value:
                out.append((value, item))
        return out

    def whole(self, key: str, default: int, low: int, high: int, unit: str = "") -> int:
        """A whole number inside [low, high]."""
        node = self.map.get(key)
        if node is None:
            return default
        value = node.value.replace("_", "") if isinstance(node.value, str) else ""
        if not re.fullmatch(r"-?[0-9]{1,12}", value):
            self.report.fault(node, f"“{key}”应当是整数", f"写 {low} 到 {high} 之间的整数{unit}")
            return default
        return int(self._inside(node, key, int(value), default, low, high, unit))

    def number(self, key: str, default: float | None, low: float, high: float, unit: str = "") -> float | None:
        """A number inside [low, high]."""
        node = self.map.get(key)
        if node is None:
            return default
        value = node.value if isinstance(node.value, str) else ""
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", value):
            self.report.fault(node, f"“{key}”应当是数字", f"写 {low:g} 到 {high:g} 之间的数{unit}")
            return default
        return self._inside(node, key, float(value), default, low, high, unit)

    def _inside(self, node, key, value, default, low, high, unit):
        if low <= value <= high:
            return value
        self.report.fault(node, f"“{key}”是 {value:g}，超出范围", f"写 {low:g} 到 {high:g} 之间的数{unit}")
        return default

    def flag(self, key: str, default: bool) -> bool:
        node = self.map.get(key)
        if node is None:
            return default
        word = node.value.lower() if isinstance(node.value, str) else ""
        if word in ("true", "yes", "on", "是"):
            return True
        if word in ("false", "no", "off", "否"):
            return False
        self.report.fault(node, f"“{key}”应当是 true 或 false", f"写成 {key}: true 或 {key}: false")
        return default

    def choice(self, key: str, allowed: Mapping[str, str] | type[Enum], default: str = "", required: bool = False) -> str:
        """One of the allowed words; `allowed` is word → Chinese label, or a StrEnum."""
        value = self.text(key, default, required)
        return self.check_choice(self.at(key), key, value, allowed, default)

    def check_choice(self, node: Node, key: str, value: str, allowed: Mapping[str, str] | type[Enum], default: str = "") -> str:
        if isinstance(allowed, type):
            allowed = {str(m.value): getattr(m, "label", "") for m in allowed}
        if value == default or value in allowed:
            return value
        by_label = {label: word for word, label in allowed.items() if label}
        if value in by_label:
            remedy = f"写成 {by_label[value]}"
        else:
            remedy = nearest(value, allowed) if get_close_matches(value, list(allowed), n=1) else \
                "可以写：" + "、".join(f"{w}（{label}）" if label else w for w, label in allowed.items())
        self.report.fault(node, f"“{key}”不能是“{value}”", remedy)
        return default

    def day(self, key: str, required: bool = False) -> str:
        """An ISO day, `2023-01-01`, or ""."""
        value = self.text(key, required=required)
        if not value:
            return ""
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError
            return date.fromisoformat(value).isoformat()
        except ValueError:
            self.fault(key, f"“{key}”的日期“{value}”不对", "写成 2026-01-31 的形式")
            return ""

    def span(self) -> tuple[str, str]:
        """`since` and `until`; the end is not before the beginning."""
        since, until = self.day("since"), self.day("until")
        if since and until and until < since:
            self.fault("until", f"止日 {until} 早于起日 {since}", "把两个日期对调或改正")
            return since, ""
        return since, until

    def nodes(self, key: str, limit: int = 5000) -> list[Node]:
        """The items of a list, unread."""
        node = self.map.get(key)
        if node is None:
            return []
        if not node.is_list:
            self.report.fault(node, f"“{key}”应当是一个列表", "每一项另起一行，以“- ”开头")
            return []
        if len(node.value) > limit:
            self.report.fault(node, f"“{key}”有 {len(node.value)} 项，上限 {limit}", "删减")
            return []
        return node.value

    def sub(self, key: str, what: str, keys: Iterable[str]) -> "Entry":
        """The map under `key`; an empty one where nothing is written."""
        node = self.map.get(key)
        return Entry(self.report, node if node is not None else Node({}, self.node.file, self.node.line), what, keys)


def peek(node: Node, key: str) -> str:
    """The text under `key` of a map, "" where there is none: for naming an entry before it is read."""
    if node.is_map and key in node.value and isinstance(node.value[key].value, str):
        return node.value[key].value.strip()
    return ""
