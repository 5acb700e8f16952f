"""The papers keep up with the program: every command is told, every file that is named is there."""

import re
from pathlib import Path

import typer.main

from app.cli import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_of_the_command_line_is_in_the_readme():
    group = typer.main.get_command(app)
    told = " ".join(re.findall(r"`([^`]*)`", README.replace("\\|", " ")))
    missing = [name for name in group.commands if not re.search(rf"\b{name}\b", told)]
    assert not missing


def test_every_command_explains_itself():
    def walk(group, path=()):
        for name, command in group.commands.items():
            yield from walk(command, (*path, name)) if hasattr(command, "commands") else [((*path, name), command)]
    assert not [" ".join(path) for path, command in walk(typer.main.get_command(app)) if not (command.help or "").strip()]


def test_files_named_in_the_papers_exist():
    named = {name for paper in ("README.md", "CONTRIBUTING.md", "DECISIONS.md")
             for name in re.findall(r"`([a-z_]+(?:/[\w.]+)+)`", (ROOT / paper).read_text(encoding="utf-8"))}
    assert not [name for name in named if not (ROOT / name).exists() and not name.startswith(("var/", "bureaus/"))]


def test_the_makefile_has_the_two_commands():
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^run: setup", make, re.M) and re.search(r"^test: setup", make, re.M)
