"""A portal's copy of somebody else's article: 来源 and a platform disclaimer; the original's lead stays."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    return f"""<!DOCTYPE html><html id="ne_wrap"><head><meta charset="utf-8"><title>{e(p.title)}_千帆订阅</title>
<meta name="author" content="{h.name}"><meta property="article:published_time" content="{p.published.isoformat()}"></head>
<body><div class="post_crumb"><a href="/">{h.name}首页</a> &gt; <a href="{h.index}">{h.channel}</a> &gt; 正文</div>
<div class="post_main"><h1 class="post_title">{e(p.title)}</h1>
<div class="post_info">{p.published:%Y-%m-%d %H:%M:%S}　来源: <a href="#">{e(p.source)}</a> <a class="post_jubao">举报</a></div>
<div class="post_body">{picture(p)}{paragraphs(p, indent="")}</div>
<div class="post_statement">特别声明：以上内容仅代表作者本人观点或立场，不代表千帆网立场，如涉作品内容请于刊发后联系。</div>
<div class="post_author">责任编辑：{e(p.editor or "千小帆_QF08")}</div></div>
<div class="post_recommends"><h3>相关推荐</h3>
{links(near[:8], '<div class="item"><a href="{href}">{title}</a> {day} {time}</div>', h.host)}</div>
<div class="tie">跟贴 {p.serial % 300} 条 网友发言：支持！ 2020-01-01 08:00:00</div></body></html>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<a href="{e(next_url)}" class="next">下一页&gt;</a>' if next_url else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{h.channel}_{h.name}</title></head><body>
<ul class="subnav"><li><a href="/sports/">体育</a></li><li><a href="/money/">财经</a></li></ul>
{links(items, '<div class="news_item"><h3><a href="{href}">{title}</a></h3><span>{day} {time}</span></div>', h.host)}{more}</body></html>"""
