"""Read one YAML file into plain nodes that know their line: no tags, no anchors, no duplicate keys, bounded size and depth.

Every scalar stays the text that was written (`2023-01-01`, `007`, `no`); the reader that asks for a number or a
day converts it.  So nothing is turned into a date or a boolean behind the writer's back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (AliasEvent, DocumentStartEvent, MappingEndEvent, MappingStartEvent, ScalarEvent,
                                SequenceEndEvent, SequenceStartEvent)

from model.errors import ConfigError, Problem

MAX_BYTES = 5_000_000
MAX_NODES = 400_000
MAX_DEPTH = 12

_SAID = (
    ("cannot start any token", "这里不能这样开头", "不要用 Tab 缩进（改用空格）；以 @ % ` * & 等符号开头的值请加英文引号"),
    ("mapping values are not allowed", "冒号的位置不对", "值里含有“: ”时请把整个值用英文引号括起来，并检查上一行的缩进"),
    ("expected ',' or ']'", "方括号没有写完整", "检查 [ ] 是否成对，各项之间用英文逗号隔开"),
    ("expected ',' or '}'", "花括号没有写完整", "检查 { } 是否成对，各项之间用英文逗号隔开"),
    ("unexpected end of stream", "引号没有配对", "补上缺少的引号"),
    ("could not find expected ':'", "缺少冒号", "写成“键: 值”，冒号用半角，后面空一格"),
    ("<block end>", "缩进没有对齐", "同一级的各行左边要对齐，用空格不用 Tab"),
)


@dataclass(frozen=True)
class Node:
    """`value` is text for a scalar, a list of nodes, or a dict of key → node; `key_lines` holds the line of each key."""

    value: str | list["Node"] | dict[str, "Node"]
    file: str
    line: int
    quoted: bool = False
    key_lines: dict[str, int] = field(default_factory=dict)

    @property
    def is_map(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list)

    @property
    def is_empty(self) -> bool:
        """Nothing written: `key:` alone, `~` or `null`."""
        return isinstance(self.value, str) and not self.quoted and self.value in ("", "~", "null", "Null", "NULL")


def read_tree(path: Path, name: str) -> Node:
    """The tree of the file at `path`, shown in messages as `name`; an empty file is an empty map.

    Raises ConfigError with every fault of form (several duplicate keys are all told).
    """
    try:
        stat = path.stat()
        if stat.st_size > MAX_BYTES:
            raise ConfigError([Problem(name, None, f"文件太大（{stat.st_size / 1e6:.1f} MB，上限 5 MB）", "拆开或删减")])
        return _cached(path, name, stat.st_mtime_ns, stat.st_size, stat.st_ino)
    except OSError as error:
        raise ConfigError([Problem(name, None, f"文件读不了：{error.strerror or error}", "检查文件是否存在、是否有读取权限")]) from None


@lru_cache(maxsize=64)
def _cached(path: Path, name: str, mtime_ns: int, size: int, inode: int) -> Node:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[:error.start].count(b"\n") + 1
        raise ConfigError([Problem(name, line, "文件不是 UTF-8 编码", "用编辑器“另存为”，编码选 UTF-8")]) from None
    return parse(text, name)


def parse(text: str, name: str) -> Node:
    """The tree of a YAML text; raises ConfigError."""
    problems: list[Problem] = []
    try:
        root = _build(text, name, problems)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said, remedy = str(error.problem or ""), "检查缩进、冒号和引号"
        for part, chinese, cure in _SAID:
            if part in said:
                said, remedy = chinese, cure
                break
        problems.append(Problem(name, mark.line + 1 if mark else None, f"YAML 写法有误：{said}", remedy))
        raise ConfigError(problems) from None
    except YAMLError as error:      # characters that YAML forbids
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
        raise ConfigError([Problem(name, line, "含有不可见的控制字符", "删去该字符后重新保存")]) from None
    if problems:
        raise ConfigError(problems)
    return root


def _fault(name: str, line: int, message: str, remedy: str) -> ConfigError:
    return ConfigError([Problem(name, line, message, remedy)])


def _build(text: str, name: str, problems: list[Problem]) -> Node:
    root: Node | None = None
    open_nodes: list[Node] = []          # containers still open, outermost first
    keys: list[tuple[str, int] | None] = []   # the key waiting for its value, for each open container
    count = documents = 0

    def place(node: Node) -> None:
        nonlocal root
        if not open_nodes:
            root = node
        elif open_nodes[-1].is_list:
            open_nodes[-1].value.append(node)
        elif keys[-1] is None:
            if not isinstance(node.value, str):
                raise _fault(name, node.line, "键必须是文字", "写成“键: 值”")
            keys[-1] = (node.value, node.line)
        else:
            key, line = keys[-1]
            keys[-1] = None
            holder = open_nodes[-1]
            if key in holder.value:
                problems.append(Problem(name, line, f"键“{key}”重复（第 {holder.key_lines[key]} 行已有）", "两处合并为一处"))
                return
            holder.value[key] = node
            holder.key_lines[key] = line

    for event in YAML(typ="safe", pure=True).parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _fault(name, line, "一个文件里只能有一份内容", "删去“---”，或拆成两个文件")
        elif isinstance(event, AliasEvent):
            raise _fault(name, line, f"不支持引用“*{event.anchor}”", "把内容直接写出来；以 * 开头的值请加英文引号")
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            node = open_nodes.pop()
            keys.pop()
            place(node)
        elif isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent)):
            count += 1
            if count > MAX_NODES:
                raise _fault(name, line, f"内容太多（超过 {MAX_NODES} 项）", "删减或拆开")
            if event.anchor:
                raise _fault(name, line, f"不支持锚点“&{event.anchor}”", "把内容直接写出来；以 & 开头的值请加英文引号")
            if event.tag is not None:
                raise _fault(name, line, f"不支持标签“{event.tag}”", "删去以 ! 开头的标签；以 ! 开头的值请加英文引号")
            if isinstance(event, ScalarEvent):
                place(Node(event.value, name, line, quoted=event.style in ("'", '"', "|", ">")))
                continue
            if len(open_nodes) >= MAX_DEPTH:
                raise _fault(name, line, "层次太深", f"最多 {MAX_DEPTH} 层")
            open_nodes.append(Node({} if isinstance(event, MappingStartEvent) else [], name, line))
            keys.append(None)
    if root is None or root.is_empty:
        return Node({}, name, 1)
    return root
