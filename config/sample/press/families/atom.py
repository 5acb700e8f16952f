"""A trade paper's site, found by Atom: the information line in a definition list, a reviewer line at the end."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    byline = f"<dt>作者</dt><dd>{e(p.byline)}</dd>" if p.byline else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{e(p.title)} | {h.name}</title>
<link rel="alternate" type="application/atom+xml" href="{h.feed}"></head><body>
<div class="masthead"><a href="/">{h.name}</a><a href="/about">报社简介</a><a href="/subscribe">征订</a></div>
<main><h1>{e(p.title)}</h1><dl class="facts"><dt>时间</dt><dd>
<time datetime="{p.published.isoformat()}">{p.published:%Y-%m-%d %H:%M}</time></dd>
<dt>来源</dt><dd>{e(p.source)}</dd>{byline}</dl>
<div class="body">{picture(p)}{paragraphs(p, indent="")}</div>
<p class="shen">一审：{e(p.editor or "莫言秋")}　二审：韦　朗　三审：欧阳书</p>
<p class="copyright">本网所有内容，凡注明“来源：{h.name}”的，转载请标明出处。</p></main>
<section><h3>延伸阅读</h3><ul>{links(near[:5], relative=h.host)}</ul></section></body></html>"""
