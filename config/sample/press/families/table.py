"""An old table layout: GBK bytes, declared as gb2312 in the meta only, upper-case tags, &nbsp; indents, 【字体】 line."""

from html import escape as e
from typing import Sequence

from config.sample.press.families.parts import links, picture
from config.sample.press.piece import House, Piece


def article(p: Piece, part: int, near: Sequence[Piece]) -> str:
    h = p.house
    body = "<BR><BR>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{e(t)}" for t in p.paragraphs)
    writer = f"&nbsp;&nbsp;作者：{e(p.byline)}" if p.byline else ""
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=gb2312"><TITLE>{e(p.title)}-{h.name}</TITLE></HEAD>
<BODY bgcolor="#ffffff"><TABLE width="960" align="center"><TR><TD colspan="2">
<A href="/">{h.name}首页</A> &gt;&gt; <A href="{h.index}">{h.channel}</A></TD></TR>
<TR><TD width="680" valign="top"><TABLE width="100%"><TR><TD align="center" class="bt"><FONT size="5"><B>{e(p.title)}</B></FONT></TD></TR>
<TR><TD align="center" class="xx">{p.published:%Y年%m月%d日 %H:%M}&nbsp;&nbsp;{h.name}&nbsp;&nbsp;来源：{e(p.source)}{writer}
&nbsp;&nbsp;【字体：大 中 小】【打印】【关闭窗口】</TD></TR>
<TR><TD class="content" id="zoom">{picture(p)}
{body}
</TD></TR><TR><TD align="right">编辑：{e(p.editor or "庞喆")}</TD></TR></TABLE></TD>
<TD valign="top"><B>新闻排行</B><BR>{links(near[:7], '·<A href="{href}">{title}</A><BR>', h.host)}</TD></TR>
<TR><TD colspan="2" align="center">Copyright {h.name} 未经书面授权禁止复制或建立镜像</TD></TR></TABLE></BODY></HTML>"""


def index(h: House, items: Sequence[Piece], next_url: str) -> str:
    more = f'<A href="{e(next_url)}">下一页</A>' if next_url else "下一页"
    trap = ""
    if h.disallow and items:
        trap = f'<A href="{h.disallow}content/{items[0].published:%Y-%m/%d}/content_1.htm">点击统计：本周最受读者关注稿件排行总览</A>'
    rows = links(items, '<TR><TD>· <A href="{href}" target="_blank">{title}</A></TD><TD width="90">[{day}]</TD></TR>', h.host)
    return f"""<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=gb2312"><TITLE>{h.channel}-{h.name}</TITLE></HEAD>
<BODY><TABLE width="760">{rows}
<TR><TD colspan="2">首页 上一页 {more} 尾页 {trap}</TD></TR></TABLE></BODY></HTML>"""
