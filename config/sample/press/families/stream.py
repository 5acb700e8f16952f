"""A self-media stream: og tags, a time in the script, the article in <article>; also the "not found" page with status 200."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, paragraphs, picture
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    if p.twin == "missing":
        return missing(h, near)
    if p.twin == "shell":
        return shell(p)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"/><title>{e(p.title)}_{h.channel}_{h.name}</title>
<meta property="og:title" content="{e(p.title)}"/><meta property="og:release_date" content="{p.published:%Y-%m-%d %H:%M}"/>
<script>window.__ARTICLE__ = {{"id": {p.serial}, "publishTime": {int(p.published.timestamp())}000}};</script></head>
<body><div class="bar"><a href="/">{h.name}</a> 打开APP 阅读体验更佳</div><article class="article" id="mp-editor-wrap">
<h1>{e(p.title)}</h1><div class="article-info"><span class="time" id="news-time">{p.published:%Y-%m-%d %H:%M}</span>
<span data-role="original-link">来源:<a href="#">{e(p.source)}</a></span></div>
<div id="mp-editor">{picture(p)}{paragraphs(p, indent="")}<p>返回{h.name[:2]}，查看更多</p></div>
<p class="statement">平台声明：该文观点仅代表作者本人，{h.name}系信息发布平台，仅提供信息存储空间服务。</p></article>
<div class="rec"><h4>为你推荐</h4>{links(near[:8], '<a href="{href}">{title}</a><br/>', h.host)}</div></body></html>"""


def shell(p: Piece) -> str:
    """An empty page that a script would fill: nothing of the article is in it."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"/><title>{p.house.name}</title>
<script src="/static/app.{p.serial}.js" defer></script></head>
<body><div id="root"></div><noscript>您需要允许该网站执行脚本</noscript></body></html>"""


def missing(h: House, near: Sequence[Piece]) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"/><title>页面找不到了_{h.name}</title></head><body>
<div class="err"><h1>抱歉，您访问的页面不存在或已被删除</h1><p><span>5</span>秒后自动返回首页</p></div>
<div class="rec">{links(near[:8], '<a href="{href}">{title}</a><br/>', h.host)}</div></body></html>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<a class="more" href="{e(next_url)}">下一页</a>' if next_url else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"/><title>{h.channel}-{h.name}</title></head><body>
<div class="feed">
{links(items, '<div class="feed-item"><a href="{href}"><h4>{title}</h4></a><time>{md} {time}</time></div>', h.host)}</div>
{more}</body></html>"""
