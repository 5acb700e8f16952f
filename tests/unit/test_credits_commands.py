"""The commands of credits over a bureau's folder: papers written, periods closed and reopened, schemes previewed, refusals with their exit code."""

import pytest
from docx import Document
from typer.testing import CliRunner

from app.cli import app
from config.init import make


@pytest.fixture
def folder(tmp_path):
    make(tmp_path / "b", sample=True)
    return tmp_path / "b"


def run(folder, *words):
    return CliRunner().invoke(app, [*words, "--bureau", str(folder)])


def test_the_circular_is_written_as_both_files(folder, tmp_path):
    done = run(folder, "circular", "--period", "2026Q3", "--number", "云卫办函〔2026〕5号", "--copy", "市委宣传部", "--copy", "市医改办", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    written = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert written == ["关于2026年第三季度宣传信息报送和采用情况的通报.docx", "关于2026年第三季度宣传信息报送和采用情况的通报.xlsx"]
    document = Document(str(tmp_path / "out" / written[0]))
    assert document.tables[-1].rows[0].cells[0].text == "抄送：市委宣传部，市医改办。"


def test_a_placeholder_is_refused_with_an_exit_code(folder, tmp_path):
    done = run(folder, "circular", "--number", "云卫办函〔20**〕X号", "--out", str(tmp_path / "out"))
    assert done.exit_code == 1 and not list((tmp_path / "out").glob("*.docx"))


def test_periods_close_and_reopen_and_the_ledger_is_checked(folder):
    assert run(folder, "period", "close", "2026Q2", "--who", "秘书甲").exit_code == 0
    assert run(folder, "period", "close", "2026Q2").exit_code == 1
    assert "已结账" in run(folder, "period", "list").output
    assert "一致" in run(folder, "ledger", "--check").output
    assert run(folder, "period", "open", "2026Q2").exit_code == 1
    assert run(folder, "period", "reopen", "2026Q2", "--reason", "补录").exit_code == 0
    assert run(folder, "period", "reopen", "2026Q2", "--reason", "补录").exit_code == 1
    assert run(folder, "period", "close", "2026Q9").exit_code == 1


def test_schemes_are_listed_and_previewed(folder, tmp_path):
    assert "qvzhou@1" in run(folder, "scheme", "list").output
    assert "个单位会变" in run(folder, "scheme", "preview", "qvzhou", "--period", "2026Q3").output
    assert run(folder, "scheme", "preview", "--reposts", "sum").exit_code == 0
    assert run(folder, "scheme", "preview", "nothing").exit_code == 1 and run(folder, "scheme", "preview", "--reposts", "many").exit_code == 1
    (tmp_path / "own.yaml").write_text("id: x\nversion: '1'\nname: 草案\nsince: 2026-01-01\nclasses: []\n", encoding="utf-8")
    assert run(folder, "scheme", "preview", str(tmp_path / "own.yaml")).exit_code == 3


def test_a_unit_s_statement_and_the_year_are_written(folder, tmp_path):
    unit = next(line.split("id:")[1].strip() for line in (folder / "units.yaml").read_text(encoding="utf-8").splitlines() if "id:" in line)
    assert run(folder, "ledger", "--unit", unit, "--out", str(tmp_path / "s")).exit_code == 0 and len(list((tmp_path / "s").iterdir())) == 2
    assert run(folder, "ledger", "--unit", "nobody", "--out", str(tmp_path / "t")).exit_code == 1
    assert run(folder, "annual", "2026", "--out", str(tmp_path / "y")).exit_code == 0 and len(list((tmp_path / "y").iterdir())) == 2
    assert run(folder, "annual", "26", "--out", str(tmp_path / "z")).exit_code == 1
