"""`jianbao extract FILE`, as a user sees it."""

import gzip

import pytest
from extract_pages import FAMILIES, TITLE, simple
from layout_pages import DRAWN
from layout_pages import page as layout_page
from typer.testing import CliRunner

from app.cli import app


def shown(path, *options: str) -> tuple[int, str]:
    answer = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["extract", str(path), *options])
    return answer.exit_code, answer.output


def saved(tmp_path, content: str | bytes, name: str = "page.htm"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_an_article_with_its_signals_and_candidates(tmp_path):
    code, said = shown(saved(tmp_path, simple()), "--why")
    assert code == 0 and TITLE in said and "2026-03-01T08:00" in said and "青林日报" in said and "text:来源" in said


def test_the_address_a_file_was_saved_from_tells_an_epaper(tmp_path):
    url, markup, _, _ = FAMILIES["epaper_founder"]
    path = saved(tmp_path, markup)
    assert "第03版" not in shown(path)[1]
    assert "第03版 民生" in shown(path, "--url", url)[1]


def test_a_layout_page_shows_the_places_of_its_articles(tmp_path):
    code, said = shown(saved(tmp_path, layout_page(DRAWN["percents"]()), "node_1.htm"))
    lines = said.splitlines()
    assert code == 0 and "版面页：第1版 要闻" in said
    assert any("头版头条" in line and "市人民医院新院区启用" in line for line in lines) and any("报眼" in line and "防病提示" in line for line in lines)


@pytest.mark.parametrize("content, reason", [
    (b"%PDF-1.7 ...", "拒收：不是网页：PDF 文件"), (gzip.compress(b"\x00" * 10_000_000), "拒收：不是网页：gzip 数据"), (b"", "拒收：页面为空"),
    (b"<p>" + b"x" * 13_000_000, "拒收：页面过大"), (b"<div>" * 1_000_000, "拒收：标签嵌套过深"), (b"\x00\x01\x02\x03" * 5000, "拒收：不是网页：二进制数据"),
    (b"<html><title>404 Not Found</title><h1>404 Not Found</h1></html>", "已失效"), (b"<script>" + b"a" * 100_000, "待重试：空壳页"),
])
def test_what_is_no_page_ends_with_one_status_and_its_reason(tmp_path, content, reason):
    code, said = shown(saved(tmp_path, content))
    assert code == 1 and said.startswith(reason), said[:200]


def test_a_file_that_is_not_there(tmp_path):
    assert shown(tmp_path / "none.htm")[0] == 1
