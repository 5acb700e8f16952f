"""The one reader of a bureau's folder: everything the YAML says, checked together, as one `Bureau`."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping

from config.cases import read_cases
from config.duty import read_duty
from config.entry import Entry, Report
from config.outlets import check_own_units, check_rhythm, read_outlets
from config.region import read_region
from config.rules import check_topics, read_channels, read_rules
from config.schemes import read_schemes
from config.settings import read_settings
from config.tree import MAX_BYTES, Node, parse, read_tree
from config.units import placed, read_units
from config.words import read_words
from model.bureau import Bureau
from model.errors import ConfigError, Problem
from model.vocabulary import Vocabulary

DEFAULT = Path(__file__).parent / "default"
DEFAULT_WORDS = DEFAULT / "words.yaml"
FILES = ("bureau.yaml", "outlets.yaml", "units.yaml", "words.yaml", "rules.yaml", "settings.yaml")
NEEDED = ("bureau.yaml", "outlets.yaml", "units.yaml")


def load_bureau(folder: Path) -> Bureau:
    """The bureau of the folder.  Raises ConfigError with all faults, each with file, line and what to write instead."""
    bureau, found = read_bureau(Path(folder))
    faults = [p for p in found if not p.warning]
    if faults or bureau is None:
        raise ConfigError(faults)
    return bureau


def problems(folder: Path) -> list[Problem]:
    """Everything that is wrong or doubtful in the folder, in order of file and line; warnings have `warning` set."""
    return read_bureau(Path(folder))[1] + read_cases(Path(folder))[1]


def load_vocabulary(*paths: Path) -> Vocabulary:
    """The vocabulary of the files in order, the later over the earlier; without paths the shipped one.  Raises ConfigError."""
    report = Report()
    paths = paths or (DEFAULT_WORDS,)
    roots = [_tree(report, Path(path), _shown(Path(path))) for path in paths]
    vocabulary = read_words(report, [root for root in roots if root is not None])
    if report.faults:
        raise ConfigError(report.faults)
    return vocabulary


def read_bureau(folder: Path, instead: Mapping[str, str] | None = None) -> tuple[Bureau | None, list[Problem]]:
    """(the bureau as far as it could be read, every fault and warning); None when a file cannot be read at all.

    `instead` holds texts by file name that stand in for what is on disk: an edit that is not yet saved.
    """
    instead = instead or {}
    report = Report()
    if not folder.is_dir():
        return None, [Problem(str(folder), None, "没有这个文件夹", "用 jianbao init 建一个，或改正路径")]
    roots = {name: _own(report, folder, name, instead) for name in FILES}
    schemes = {f"schemes/{path.name}" for path in (folder / "schemes").glob("*.yaml")} | {n for n in instead if n.startswith("schemes/")}
    scheme_roots = [_own(report, folder, name, instead) for name in sorted(schemes)]
    _strays(report, folder)
    if None in roots.values() or None in scheme_roots:
        return None, _ordered(report)

    words = [root for root in (_tree(report, DEFAULT_WORDS, "default/words.yaml") if DEFAULT_WORDS.exists() else None,
                               roots["words.yaml"]) if root is not None]
    vocabulary = read_words(report, words)
    units, unit_nodes = read_units(report, roots["units.yaml"])
    outlets, outlet_nodes = read_outlets(report, roots["outlets.yaml"])
    check_own_units(report, outlets, outlet_nodes, unit_nodes)
    shipped_rules = read_tree(DEFAULT / "rules.yaml", "default/rules.yaml")
    levels, level_nodes, channel_nodes = read_rules(report, shipped_rules, roots["rules.yaml"])
    check_topics(report, level_nodes, (t.id for t in vocabulary.topics))
    channels = read_channels(report, channel_nodes, unit_nodes, folder)
    duty = read_duty(report, shipped_rules, roots["rules.yaml"], (u.id for u in units), (t.id for t in vocabulary.topics), (c.id for c in channels))
    schemes = read_schemes(report, scheme_roots, {o.id: o for o in outlets})
    settings = read_settings(report, roots["settings.yaml"])
    if not settings.crawl.private_addresses:
        check_rhythm(report, outlets, outlet_nodes)
    entry = Entry(report, roots["bureau.yaml"], "bureau.yaml", ("id", "name", "aliases", "region", "office"))
    region = read_region(entry)
    bureau = Bureau(
        id=entry.id(), name=entry.text("name", required=True, limit=60), region=region, folder=folder,
        aliases=entry.texts("aliases", 50), office=entry.text("office", limit=60), units=placed(units, region), outlets=outlets, vocabulary=vocabulary,
        levels=levels, channels=channels, schemes=schemes, settings=settings, duty=duty)
    if not bureau.region:
        report.warn(roots["bureau.yaml"], "没有写 region（地区），重名的医院就分不清", "补上 region: {province: 省, city: 市}")
    return bureau, _ordered(report)


def _shown(path: Path) -> str:
    return f"default/{path.name}" if path.parent == DEFAULT else path.name


def _tree(report: Report, path: Path, name: str) -> Node | None:
    try:
        return read_tree(path, name)
    except ConfigError as error:
        report.problems += error.problems
        return None


def _own(report: Report, folder: Path, name: str, instead: Mapping[str, str]) -> Node | None:
    """The tree of one of the bureau's files; an optional file that is not there is an empty one."""
    if name in instead:
        try:
            if len(instead[name]) * 4 > MAX_BYTES and len(instead[name].encode()) > MAX_BYTES:
                raise ConfigError([Problem(name, None, "内容太大（上限 5 MB）", "拆开或删减")])
            return parse(instead[name], name)
        except ConfigError as error:
            report.problems += error.problems
            return None
    path = folder / name
    if not path.exists() and name not in NEEDED:
        return Node({}, name, 1)
    if not path.exists():
        report.problems.append(Problem(name, None, "缺少这个文件", "用 jianbao init 新建一个文件夹，把其中的这个文件拷来改"))
        return None
    return _tree(report, path, name)


def _strays(report: Report, folder: Path) -> None:
    """A file with a name that is nearly right would be passed over in silence: tell it."""
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in FILES:
            report.problems.append(Problem(path.name, None, "不认识这个文件，它不会被读取",
                                           "文件名只能是：" + "、".join(FILES), warning=True))
    for path in sorted((folder / "schemes").glob("*.yml")):
        report.problems.append(Problem(f"schemes/{path.name}", None, "不会被读取", "后缀改为 .yaml", warning=True))


def _ordered(report: Report) -> list[Problem]:
    order = {name: at for at, name in enumerate(FILES)}
    return sorted(dict.fromkeys(report.problems), key=lambda p: (order.get(p.file, 99), p.file, p.line or 0))
