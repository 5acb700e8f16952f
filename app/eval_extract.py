"""How well pages are read: a labelled set of saved pages, scored field by field, beside trafilatura on the same pages.

A title, source or name counts only when it equals the label (whitespace folded, one form of quotation
marks); a day or minute only when the very one; a body only when the label's first and last words are in it.
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import trafilatura
from rich.console import Console
from rich.table import Table
from trafilatura.settings import use_config

from model.article import Article
from model.errors import Decision
from model.page import Page
from pipelines.archive_pages import iterate
from pipelines.decode import decode
from pipelines.extract import read

MEASURES = ("title", "day", "minute", "source", "reporter", "editor", "body", "noise")
_NAMES = {"title": "标题", "day": "日期", "minute": "分钟", "source": "来源", "reporter": "记者", "editor": "编辑", "body": "正文首尾", "noise": "混入噪声"}
_QUOTES = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "＂": '"',
        "‘": "'",
        "’": "'",
        "＇": "'",
        "（": "(",
        "）": ")",
        "：": ":",
        "，": ",",
        "？": "?",
        "！": "!",
    }
)


def fold(text: str | None) -> str:
    """For comparing: runs of whitespace as one space, one form of quotation marks and full-width punctuation."""
    return re.sub(r"[\s\u3000]+", " ", (text or "").translate(_QUOTES)).strip()


def bare(text: str | None) -> str:
    """For finding: no whitespace at all."""
    return re.sub(r"[\s\u3000]+", "", (text or "").translate(_QUOTES))


def people(label: str) -> set[str]:
    """The names of a label such as `段彦超 廖艳` or `牛镛、岳弘彬`; a Latin name keeps its space."""
    joined = re.sub(r"(?<=[A-Za-z]) (?=[A-Za-z])", "\x01", label)
    return {name.replace("\x01", " ") for name in re.split(r"[\s、，,]+", joined) if name}


def marks(article: Article, label: dict) -> dict[str, bool]:
    """Measure → right or wrong, for what the label prints; `noise` is a count of its own."""
    out = {"title": fold(article.title) == fold(label["title"])}
    if label.get("published"):
        said = article.published.strftime("%Y-%m-%dT%H:%M") if article.published else ""
        out["day"] = said[:10] == label["published"][:10]
        if len(label["published"]) > 10:
            out["minute"] = said == label["published"][:16] and article.precision == "minute"
    if label.get("source"):
        out["source"] = fold(article.source) == fold(label["source"])
    if label.get("author"):
        wanted = people(label["author"])
        out["reporter"] = wanted <= {*article.authors, *article.correspondents} and set(article.authors) <= wanted
    if label.get("editor"):
        out["editor"] = people(label["editor"]) <= set(article.editors)
    text = bare(article.text)
    out["body"] = bare(label["first"]) in text and bare(label["last"]) in text
    return out


def as_raw(url: str, article: Article | None) -> dict:
    """The line of the raw file: what was said of one page; a page that is no article has empty fields."""
    if article is None:
        return {"url": url, "title": "", "published": None, "source": "", "authors": [], "correspondents": [], "editor": [], "text": ""}
    at = article.published
    when = None if at is None else at.isoformat(timespec="minutes") if article.precision == "minute" else at.date().isoformat()
    return {"url": url, "title": article.title, "published": when, "source": article.source, "authors": list(article.authors),
            "correspondents": list(article.correspondents), "editor": list(article.editors), "text": article.text}


def run(warc: Path, labels: Path, raw: Path | None = None, compare: bool = True) -> dict:
    """Read every page, print the table, return shares 0..1 by measure plus `ms`, `trafilatura_ms`, `ratio`, `pages`, `decisions`.

    With `raw` one JSON line is written for every page of the WARC file, labelled or not.
    """
    held = {item["url"]: item for item in map(json.loads, filter(str.strip, labels.read_text(encoding="utf-8").splitlines()))}
    right: dict[str, list[int]] = {name: [0, 0] for name in MEASURES}
    wrong: list[tuple[str, str, str, str]] = []
    lines: list[str] = []
    decisions: dict[str, int] = {}
    ours = theirs = 0.0
    count = 0
    for page in iterate([warc]):
        count += 1
        started = time.perf_counter()
        article = None
        try:
            article = read(page)
        except Decision as decision:
            decisions[decision.status.value] = decisions.get(decision.status.value, 0) + 1
        ours += time.perf_counter() - started
        if compare:
            theirs += _trafilatura(page)
        lines.append(json.dumps(as_raw(page.url, article), ensure_ascii=False))
        label = held.get(page.url)
        if label is not None:
            _count(page.url, article, label, right, wrong)
    if raw is not None:
        raw.parent.mkdir(parents=True, exist_ok=True)
        raw.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    out: dict = {name: (good / total if total else None) for name, (good, total) in right.items()}
    out |= {"ms": 1000 * ours / max(1, count), "trafilatura_ms": 1000 * theirs / max(1, count) if compare else None,
            "ratio": ours / theirs if theirs else None, "pages": count, "decisions": decisions, "wrong": wrong}
    _print(out, right)
    return out


def _count(url: str, article: Article | None, label: dict, right: dict[str, list[int]], wrong: list[tuple[str, str, str, str]]) -> None:
    if article is None:
        article = Article(url=url, canonical=url, title="", text="")
    for name, good in marks(article, label).items():
        right[name][0] += good
        right[name][1] += 1
        if not good:
            said = {"title": article.title, "day": str(article.published), "minute": str(article.published), "source": article.source,
                    "reporter": "、".join(article.authors), "editor": "、".join(article.editors), "body": f"{article.text[:20]}…"
                            f"{article.text[-20:]}"}[name]
            want = {"day": "published", "minute": "published", "reporter": "author", "body": "last"}.get(name, name)
            wrong.append((name, url, said, str(label[want])))
    text = bare(article.text)
    for noise in label.get("absent") or ():
        right["noise"][1] += 1
        if bare(noise) in text:
            right["noise"][0] += 1
            wrong.append(("noise", url, noise, ""))


_WITH_DEFAULTS = use_config()


def _trafilatura(page: Page) -> float:
    """Seconds that trafilatura's default extraction with metadata takes on the page, decoded first as ours is."""
    started = time.perf_counter()
    try:
        text = decode(page.body, page.headers).text
        trafilatura.bare_extraction(text, with_metadata=True, config=_WITH_DEFAULTS)
    except Decision:
        pass
    return time.perf_counter() - started


def _print(out: dict, right: dict[str, list[int]]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    table = Table(title=f"网页提取：{out['pages']} 页")
    table.add_column("项目")
    table.add_column("对/总", justify="right")
    table.add_column("比例", justify="right")
    for name in MEASURES:
        good, total = right[name]
        table.add_row(_NAMES[name], f"{good}/{total}", f"{100 * good / total:.1f}%" if total else "—")
    table.add_row("毫秒/页", "", f"{out['ms']:.1f}")
    if out["trafilatura_ms"]:
        table.add_row("trafilatura 毫秒/页", "", f"{out['trafilatura_ms']:.1f}（本程序为其 {100 * out['ratio']:.0f}%）")
    console.print(table)
    for name, url, said, want in out["wrong"]:
        console.print(f"  {_NAMES[name]} {url}\n    得 {said}\n    应 {want}", markup=False)
    if out["decisions"]:
        console.print("未作为稿件：" + "，".join(f"{k} {v}" for k, v in sorted(out["decisions"].items())))
