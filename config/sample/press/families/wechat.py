"""A WeChat post page: script fields, `#js_content` hidden until script runs; and the pages that stand for a deleted or guarded post."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    if p.twin == "deleted":
        return _notice("该内容已被发布者删除", "weui-msg__title warn")
    if p.twin == "verify":
        return _notice("环境异常<br>当前环境异常，完成验证后即可继续访问。", "weui-msg__desc", '<a id="js_verify" class="weui-btn">去验证</a>')
    h, t = p.house, p.published
    original = '<span id="copyright_logo" class="wx_tap_link rich_media_meta">原创</span>' if p.mark == "original" else ""
    share = ""
    if p.mark == "share":
        share = f'<div id="js_share_content"><a id="js_share_source" href="javascript:;">阅读原文：{e(p.source)}</a></div>'
    picture = (f'<section><img class="rich_pages" data-src="http://mmbiz.qpic.example/{p.serial}/640?wx_fmt=png" data-type="png"></section>'
               f'<section style="font-size:13px"><span>{e(p.caption)}</span></section>') if p.caption else ""
    opening, closing = '<section style="margin:0 8px;line-height:2em"><span style="font-size:15px">', "</span></section>"
    body = "".join(f"{opening}{e(x)}{closing}" for x in p.paragraphs)
    source = f'<section><span style="font-size:12px">来源：{e(p.source)}</span></section>' if p.source != h.name else ""
    return f"""<!DOCTYPE html><html class=""><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta property="og:title" content="{e(p.title)}" /><meta property="og:url" content="{e(p.url)}" />
<meta property="og:type" content="article" />
<title></title></head><body id="activity-detail" class="zh_CN">
<div id="js_article" class="rich_media"><div class="rich_media_inner"><h1 class="rich_media_title" id="activity-name">{e(p.title)}</h1>
<div id="meta_content" class="rich_media_meta_list">{original}<span class="rich_media_meta rich_media_meta_text">{e(p.byline)}</span>
<span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a href="javascript:void(0);" id="js_name">{h.name}</a></span>
<em id="publish_time" class="rich_media_meta rich_media_meta_text"></em></div>{share}
<div class="rich_media_content js_underline_content" id="js_content" style="visibility: hidden; opacity: 0;">{picture}{body}{source}</div>
<div class="rich_media_tool">阅读 赞 在看 写下你的留言</div></div></div>
<script type="text/javascript">
var biz = "MzA3NzE4OTk2MQ=="; var mid = "265{p.serial}"; var idx = "1"; var nickname = "{h.name}"; var user_name = "gh_5e1f0a7c9d21";
var msg_title = '{e(p.title)}'.html(false); var ct = "{int(t.timestamp())}"; var msg_source_url = '';
</script></body></html>"""


def _notice(text: str, css: str, more: str = "") -> str:
    return f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title></title></head>
<body class="zh_CN"><div class="weui-msg"><div class="weui-msg__text-area">
<div class="{css}">{text}</div>{more}</div></div></body></html>"""


def gallery(h: House, items: Sequence[Piece], account: str) -> str:
    """The mirror list that an official site keeps of its account's posts."""
    rows = links(items, '<li><a href="{href}" target="_blank">{title}</a><span>{day}</span></li>')
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{account}公众号文章_{h.name}</title></head><body>
<div class="position">当前位置：首页&gt;政务新媒体&gt;{account}</div><ul class="gzh">{rows}</ul></body></html>"""
