"""Readers' comments without class or heading stay out; what only looks like them stays in."""

import pytest
from extract_pages import BODY, FOOT, NAV, TITLE, html, page, paragraphs
from extract_systems import COMMENTS

from pipelines.extract import read

READERS = tuple(f"{text}（第{k}次）" for k, text in enumerate(COMMENTS * 3))
FORMS = {
    "name, text, time and reply": lambda k, c: f'<div><a href="/u{k}">阿{k}</a><p>{c}</p><span>{k + 1}小时前 回复</span></div>',
    "name and time, text, reply": lambda k, c: f"<div><b>阿{k}</b> <i>2026-03-02 08:{k:02d}</i><p>{c}</p><a>回复</a><a>赞 3</a></div>",
    "floors": lambda k, c: f"<li><em>{k + 1}楼 阿{k}</em><p>{c}</p></li>",
    "definition lists": lambda k, c: f"<dl><dt>网友 阿{k} 发表于 2026-03-02 09:{k:02d}</dt><dd>{c}</dd></dl>",
    "tables": lambda k, c: f"<table><tr><td><a href=u>阿{k}</a></td><td>2026-03-02 09:{k:02d}</td></tr><tr><td colspan=2>{c}</td></tr></table>",
    "relative times": lambda k, c: f"<div><span>阿{k}</span><span>昨天 09:{k:02d}</span><div>{c}</div></div>",
}


def article(inside: str):
    return read(page(html(f"<title>{TITLE}</title>", f"{NAV}<h1>{TITLE}</h1><div>2026-03-01 08:00 来源：青林日报</div>{inside}{FOOT}")))


@pytest.mark.parametrize("lines", [BODY, BODY[:1]], ids=["long", "short"])
@pytest.mark.parametrize("form", FORMS)
def test_comments_stay_out(form, lines):
    talk = "".join(FORMS[form](k, c) for k, c in enumerate(READERS))
    for inside in (f"<div>{paragraphs(*lines)}</div><div>{talk}</div>", f"<div>{paragraphs(*lines)}{talk}</div>"):
        assert article(inside).text == "\n".join(lines)


@pytest.mark.parametrize("between", ["<p><b>10:0{k}</b></p>", "<p>3月2日 08:0{k}</p>", "<p><strong>现场{k}</strong></p>"])
def test_a_ticker_and_headings_stay_in(between):
    inside = "".join(f"<div>{between.replace('{k}', str(k))}<p>{line}</p></div>" for k, line in enumerate(BODY))
    assert all(line in article(inside).text for line in BODY)
