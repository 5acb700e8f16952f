"""The import rule of the house, read from the imports themselves."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {
    "model": (set(), "model is pure: it imports nothing of ours"),
    "config": ({"model"}, "config turns YAML into model values and knows nothing else"),
    "analysis": ({"model"}, "analysis is values in, values out"),
    "pipelines": ({"model", "analysis"}, "pipelines get the bureau as a value, never its files"),
    "crawlers": ({"model", "config"}, "crawlers hand over pages and do not think about them"),
    "alerts": ({"model"}, "alerts reach the store through its port"),
    "dashboards": ({"model"}, "pages read through ports, so that any store can stand behind them"),
    "app": ({"model", "config", "analysis", "pipelines", "crawlers", "alerts", "dashboards"}, "app wires everything"),
}
ONLY_IN = {
    "jieba": "analysis/words.py", "rjieba": "analysis/words.py",
    "sqlalchemy": "pipelines/store", "alembic": "pipelines/store", "sqlite3": "pipelines/store",
    "psycopg": "pipelines/store", "elasticsearch": "pipelines/store",
    "apprise": "alerts", "scrapy": "crawlers", "warcio": "pipelines/archive",
}


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> list[tuple[str, int]]:
    """(top-level package, line) of every import, those inside functions too."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(name.name.split(".")[0], node.lineno) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.append((node.module.split(".")[0], node.lineno))
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room):
    allowed, why = ROOMS[room]
    files = sources(room)
    assert files, f"{room}/ is empty"
    wrong = [f"{p.relative_to(ROOT)}:{line} imports {name}: {why}" for p in files for name, line in imported(p)
             if name in ROOMS and name != room and name not in allowed]
    assert not wrong, "\n".join(wrong)


def test_the_model_imports_the_standard_library_alone():
    import sys
    wrong = [f"{p.relative_to(ROOT)}:{line} imports {name}" for p in sources("model") for name, line in imported(p)
             if name != "model" and name not in sys.stdlib_module_names]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_dangerous_thing_has_one_owner(package):
    wrong = [f"{p.relative_to(ROOT)}:{line} imports {package}, which belongs to {ONLY_IN[package]}"
             for room in ROOMS for p in sources(room) for name, line in imported(p)
             if name == package and not str(p.relative_to(ROOT)).startswith(ONLY_IN[package])]
    assert not wrong, "\n".join(wrong)


def test_no_registry_address_and_no_machine_path_stands_in_the_tree():
    import re
    import subprocess
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    bad = re.compile("|".join((r"index-url\s*=", r"files\.python" "hosted", r"registry\.npm" "js", "/ro" "ot/")))     # in two, for this file is searched too
    kinds = (".py", ".txt", ".lock", ".md", ".toml", ".yaml", ".in")
    wrong = [f for f in files if f.endswith(kinds) and bad.search((ROOT / f).read_text(encoding="utf-8", errors="ignore"))]
    assert "tests/test_layout.py" in files and not wrong


def test_nothing_is_imported_or_named_in_vain():
    """What pyflakes says of the tree; a line marked noqa is let alone."""
    import io

    from pyflakes.api import checkPath
    from pyflakes.reporter import Reporter
    said = io.StringIO()
    for room in (*ROOMS, "tests", "benchmarks"):
        for path in sources(room):
            checkPath(str(path), Reporter(said, said))
    wrong = [line for line in said.getvalue().splitlines() if "noqa" not in Path(line.split(":")[0]).read_text(encoding="utf-8").splitlines()[int(line.split(":")[1]) - 1]]
    assert not wrong, "\n".join(wrong)
