"""An agency's site, found by sitemap: JSON-LD and Open Graph tell everything, the visible date is split over spans."""

import json
from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h, t = p.house, p.published
    facts = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": p.title, "datePublished": t.isoformat(),
             "mainEntityOfPage": p.url, "publisher": {"@type": "Organization", "name": h.name}}
    if p.truth.authors:
        facts["author"] = [{"@type": "Person", "name": name} for name in p.truth.authors]
    script = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"/><title>{e(p.title)}-{h.name}</title>
<meta property="og:title" content="{e(p.title)}"/><meta property="og:url" content="{e(p.url)}"/>
<script type="application/ld+json">{script}</script></head><body>
<div class="head-line clearfix"><div class="header-time left"><span class="year"><em>{t:%Y}</em></span><span class="day">
<em>{t:%m}</em>/<em>{t:%d}</em></span><span class="time">{t:%H:%M:%S}</span></div>
<h1><span class="title">{e(p.title)}</span></h1><div class="source">来源：{e(p.source)}</div></div>
<div class="main-left left"><div id="detail"><span id="detailContent">{picture(p)}{paragraphs(p)}</span>
<div class="columBox"><span class="editor">【责任编辑:{e(p.editor or "时 岚")}】</span></div></div>
<div class="domPC"><h4>深度观察</h4><ul>{links(near[:5], relative=h.host)}</ul></div></div>
<div class="foot">Copyright © 华夏通讯社 All Rights Reserved. 制作单位：华夏网</div></body></html>"""
