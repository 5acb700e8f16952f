"""`jianbao extract`: a saved page with its signals and candidates, no article told as such, inner addresses refused."""

import io

import pytest
from extract_pages import BODY, TITLE, simple
from rich.console import Console

from app.show import show


def _run(what: str, why: bool = False) -> tuple[int, str, str]:
    out, err = (Console(file=io.StringIO(), width=2000) for _ in range(2))
    code = show(what, why, out, err)
    return code, out.file.getvalue(), err.file.getvalue()


def test_fields_and_candidates(tmp_path):
    saved = tmp_path / "a.html"
    saved.write_text(simple("<p>　　" + BODY[0] + "[red]不是标记[/red]</p>", "2026-03-01 08:00　来源：青林日报　作者：李明"), encoding="utf-8")
    code, told, wrong = _run(str(saved), why=True)
    assert code == 0 and wrong == ""
    for wanted in (TITLE, "2026-03-01 08:00", "青林日报", "作者 李明", "标题的候选", "来源的候选", "✓", "[red]不是标记[/red]"):
        assert wanted in told
    assert "的候选" not in _run(str(saved))[1]


def test_no_article(tmp_path):
    saved = tmp_path / "gone.html"
    saved.write_text("<title>404</title><p>您访问的页面不存在</p>", encoding="utf-8")
    code, told, wrong = _run(str(saved))
    assert (code, told) == (1, "") and wrong.startswith("已失效")


@pytest.mark.parametrize("what", ["/nowhere/a.html", "http://127.0.0.1/", "http://localhost/a", "http://169.254.169.254/latest", "http://[::1]/", "https://10.0.0.8/a"])
def test_what_cannot_be_had(what):
    code, told, wrong = _run(what)
    assert (code, told) == (1, "") and "无法取得" in wrong
