"""Pages as other content systems and share pages of Chinese media make them; all text is the tests' own.

Each entry: name → (address, markup, encoding, what must be read).  `body` defaults to BODY; `absent` must not be in the text.
"""

from __future__ import annotations

import json

from extract_pages import BODY, FOOT, NAV, TITLE, html, paragraphs

P = paragraphs(*BODY)
COMMENTS = ("楼上说得对，我妈上周也去量了血压，护士态度特别好，就是排队有点久。", "希望能来我们西山社区也办一场，这边老人更多，坐车去医院要一个多小时！",
            "请问义诊要带身份证吗？有没有人知道，在线等，挺急的，谢谢大家。", "支持，这样的活动应该常态化，不要一阵风。")


def data(**fields) -> str:
    return json.dumps(fields, ensure_ascii=False)


def _escaped(text: str) -> str:
    return json.dumps(text).replace("/", "\\/")


SYSTEMS: dict[str, tuple[str, str, str, dict]] = {
    "trs_wcm": (
        "http://www.qlzf.example/zwdt/bmdt/202603/t20260301_998877.shtml",
        html(f'<title>{TITLE}_部门动态_青林市人民政府网</title><meta name="ContentSource" content="青林市卫生健康委员会"><meta name="Author" content="">'
             f'<meta name="PubDate" content="2026-03-01 15:06"><meta name="ColumnName" content="部门动态">',
             f'{NAV}<div class="BreadcrumbNav"><a href="/">首页</a> &gt; <a href="../">部门动态</a></div><ucaptitle>{TITLE}</ucaptitle>'
             f'<div class="pages-date">2026-03-01 15:06 <span class="font">来源：青林市卫生健康委员会</span><span>【字体：<a>大</a> <a>中</a> <a>小</a>】</span></div>'
             f'<div class="pages_content" id="UCAP-CONTENT"><ucapcontent><div class="view TRS_UEDITOR trs_paper_default trs_web">{P}</div></ucapcontent></div>'
             f'<div class="editor"><span>责任编辑：何静</span></div><div class="related"><h3>相关稿件</h3><ul><li><a href="a.html">市卫健委部署防汛医疗救援</a></li></ul></div>{FOOT}'),
        "utf-8", {"published": "2026-03-01T15:06", "source": "青林市卫生健康委员会", "editors": ("何静",)}),
    "hanweb": (
        "http://wjw.qlzf.example/art/2026/3/1/art_1229_58990.html",
        html(f'<title>青林市卫生健康委员会 基层动态 {TITLE}</title><meta name="SiteName" content="青林市卫生健康委员会"><meta name="ArticleTitle" content="{TITLE}">'
             '<meta name="pubdate" content="2026-03-01 09:40"><meta name="ContentSource" content="市人民医院">',
             f'<table width="1000"><tr><td class="bt_link">当前位置：<a href="/">首页</a> &gt; 基层动态</td></tr><tr><td class="title" align="center">'
             f'<!--<$[标题名称(html)]>begin-->{TITLE}<!--<$[标题名称(html)]>end--></td></tr><tr><td align="center">发布日期：2026-03-01 09:40　信息来源：市人民医院　'
             f'浏览次数：<script>hits()</script>　字号：[ 大 中 小 ]</td></tr><tr><td class="bt_content"><div id="zoom">{P}<p style="text-align:right">（市人民医院 林晓）</p></div></td></tr>'
             f'<tr><td>打印本页 关闭窗口</td></tr></table>{FOOT}'),
        "utf-8", {"published": "2026-03-01T09:40", "source": "市人民医院", "correspondents": ("林晓",)}),
    "founder_xy": (
        "http://dzb.qlrb.example/qlrb/202603/01/c88123.html",
        html("<title>青林日报</title>",
             f'<input type="hidden" id="datetime" value="2026-03-01"><div class="newspaper-top">2026年03月01日 星期日</div><div class="layout-name">第A04版：健康周刊</div>'
             f'<div class="newsdetatit"><h5>春风行动进社区</h5><h3>{TITLE}</h3><h4>——二十名医护为三百居民服务</h4></div><div class="newsdetatext"><p class="newsauthor">'
             f'□ 本报记者 孙　宇 通讯员 方　圆 陆小曼</p><founder-content>{P}</founder-content></div><div class="turn"><a href="c88122.html">上一篇</a><a href="c88124.html">下一篇</a></div>'),
        "utf-8", {"published": "2026-03-01", "authors": ("孙宇",), "correspondents": ("方圆", "陆小曼"), "page_no": "A04", "page_name": "健康周刊",
                  "kicker": "春风行动进社区", "subtitle": "二十名医护为三百居民服务"}),
    "discuz": (
        "http://bbs.qlshequ.example/thread-203344-1-1.html",
        html(f"<title>{TITLE} - 民生话题 - 青林社区论坛 - Powered by Discuz!</title>",
             f'{NAV}<div id="pt" class="bm cl"><a href="./">青林社区</a> › <a href="forum-2-1.html">民生话题</a></div><h1 class="ts"><span id="thread_subject">{TITLE}</span></h1>'
             f'<table class="plhin"><tr><td class="pls"><div class="authi"><a href="space-uid-8.html">南湖老李</a></div></td><td class="plc"><div class="pti"><em id="authorposton1">发表于 '
             f'2026-3-1 20:15:30</em></div><td class="t_f" id="postmessage_1">{"<br><br>".join(BODY)}</td></td></tr></table>'
             + "".join(f'<table class="plhin"><tr><td class="pls"><a href="u{k}.html">网友{k}</a></td><td class="plc"><em>发表于 2026-3-2 08:0{k}</em>'
                       f'<td class="t_f" id="postmessage_{k}">{c}</td></td></tr></table>' for k, c in enumerate(COMMENTS[:3], 2)) + FOOT),
        "gb18030", {"published": "2026-03-01T20:15", "absent": COMMENTS[:3]}),
    "wordpress": (
        "https://www.qlhealth.example/archives/4412",
        html(f'<title>{TITLE} &#8211; 青林健康</title><meta property="og:type" content="article"><meta property="og:title" content="{TITLE}">'
             '<meta property="article:published_time" content="2026-03-01T02:30:00+00:00"><meta property="og:site_name" content="青林健康">',
             f'<header class="site-header"><a href="/">青林健康</a></header><article class="post type-post hentry"><header class="entry-header"><h2 class="entry-title">'
             f'<a href="https://www.qlhealth.example/archives/4412" rel="bookmark">{TITLE}</a></h2><div class="entry-meta"><span class="byline">作者：<a class="url fn n" href="/author/x">'
             f'程晓雨</a></span><time class="entry-date" datetime="2026-03-01T02:30:00+00:00">2026年3月1日</time></div></header><div class="entry-content">{P}</div></article>'
             f'<section class="comments-area"><h2>3 条评论</h2><ol class="comment-list">' + "".join(f"<li><p>{c}</p></li>" for c in COMMENTS[:3]) + f"</ol></section>{FOOT}"),
        "utf-8", {"published": "2026-03-01T10:30", "authors": ("程晓雨",), "absent": COMMENTS}),
    "dedecms": (
        "http://www.qlxw.example/a/yaowen/20260301/5521.html",
        html(f"<title>{TITLE}_青林新闻网</title>",
             f'{NAV}<div class="place"><strong>当前位置:</strong> <a href="/">主页</a> > <a href="/a/yaowen/">要闻</a> > </div><div class="viewbox"><div class="title"><h2>{TITLE}</h2></div>'
             f'<div class="info"><small>时间:</small>2026-03-01 07:22<small>来源:</small>青林广播电视台 <small>作者:</small>韩　雪 <small>点击:</small>356次</div>'
             f'<div class="intro">摘要：义诊队走进社区。</div><div class="content"><table><tr><td>{P}<div>(责任编辑：admin)</div></td></tr></table></div><div class="boxoff"><strong>------分隔线------</strong></div>'
             f'<div class="handle"><ul><li>上一篇：<a href="1.html">我市召开卫生健康工作会议</a></li><li>下一篇：没有了</li></ul></div></div>{FOOT}'),
        "gb18030", {"published": "2026-03-01T07:22", "source": "青林广播电视台", "authors": ("韩雪",)}),
    "phpcms": (
        "http://www.qlwang.example/index.php?m=content&c=index&a=show&catid=9&id=7782",
        html(f"<title>{TITLE} - 民生 - 青林网</title>",
             f'{NAV}<div class="crumbs"><a href="/">首页</a><span> > </span><a href="/ms">民生</a> > 正文</div><div id="Article"><h1>{TITLE}<br /><span>2026-03-01 11:05:43 &nbsp;&nbsp;来源：'
             f'青林晚报&nbsp;&nbsp;评论：<a href="#comment">0</a> 点击：<span id="hits">18</span></span></h1><div class="content">{P}<div id="pages" class="text-c"></div></div>'
             f'<div class="Article-Tool">分享到：<img src="/share.gif"></div><p class="f14"><strong>上一篇：</strong><a href="x">旧闻</a></p></div>{FOOT}'),
        "utf-8", {"published": "2026-03-01T11:05", "source": "青林晚报"}),
    "initial_state": (
        "https://m.qlbaijia.example/builder/preview/s?id=1790001",
        html(f"<title>{TITLE}</title>",
             '<div id="app"></div><script>window.__INITIAL_STATE__=' + data(article={"title": TITLE, "authorName": "青林卫健", "publishTime": "2026-03-01 12:08:00",
                                                                                   "source": "青林卫健", "content": P}) + ";(function(){var s;}())</script>"),
        "utf-8", {"published": "2026-03-01T12:08", "source": "青林卫健"}),
    "window_data": (
        "https://new.qltx.example/rain/a/20260301A05XYZ00",
        html(f'<title>{TITLE}_青林新闻</title>',
             '<div id="root"></div><script>window.DATA = ' + data(url="x", article_id="20260301A05XYZ00", title=TITLE, media="青林日报", media_id="5006", pubtime="2026-03-01 14:40:11",
                                                                  originContent={"text": P}) + "</script>"),
        "utf-8", {"published": "2026-03-01T14:40", "source": "青林日报"}),
    "next_data": (
        "https://www.qlpaper.example/newsDetail_forward_29001",
        html(f'<title>{TITLE}_健康_青林新闻</title>',
             '<div id="__next"><div class="loading"></div></div><script id="__NEXT_DATA__" type="application/json">' + data(props={"pageProps": {"detailData": {"contentDetail": {
                 "name": TITLE, "author": "记者 邓楠", "source": "青林新闻", "pubTime": "2026-03-01 16:22", "responEditor": "蔡明", "content": P}}}}) + "</script>"),
        "utf-8", {"published": "2026-03-01T16:22", "source": "青林新闻", "authors": ("邓楠",), "editors": ("蔡明",)}),
    "nuxt": (
        "https://www.qlmedia.example/detail/90012.html",
        html(f"<title>{TITLE}</title>",
             '<div id="__nuxt"></div><script>window.__NUXT__=(function(a,b){return {data:[{detail:{title:a,publish_time:"2026-03-01 18:00:12",source_name:b,"source":"青林融媒","content":'
             + _escaped(P) + "}}]}}(" + _escaped(TITLE) + ',"青林融媒"))</script>'),
        "utf-8", {"published": "2026-03-01T18:00", "source": "青林融媒"}),
    "sohu_like": (
        "https://www.qlsou.example/a/880012_120099",
        html(f'<title>{TITLE}_居民_社区_青林</title><meta name="mediaid" content="青林健康教育"><meta property="og:release_date" content="2026-03-01 13:13">',
             f'<div class="user-info" id="user-info"><h4><a href="/u">青林健康教育</a></h4><dl class="user-num"><dd><em>1203</em>文章</dd><dd><em>88万</em>总阅读</dd></dl></div>'
             f'<div class="text-title"><h1>{TITLE}<span class="article-tag"></span></h1><div class="article-info"><span class="time" id="news-time">2026-03-01 13:13</span>'
             f'<span>来源: <a href="/u">青林健康教育</a></span><span class="area">发布于：青林省</span></div></div><article class="article" id="mp-editor"><p data-role="original-title" style="display:none">'
             f'原标题：义诊队走进南湖社区</p>{P[:-4]}<a href="/" class="backsohu"><span class="backword">返回首页，查看更多</span></a></p><p data-role="editor-name">责任编辑：<span></span></p></article>'
             f'<div class="statement">平台声明：该文观点仅代表作者本人。</div>{FOOT}'),
        "utf-8", {"published": "2026-03-01T13:13", "source": "青林健康教育", "original_title": "义诊队走进南湖社区"}),
    "netease_like": (
        "https://www.qlyi.example/dy/article/K88ABCDE0514.html",
        html(f'<title>{TITLE}|居民|血压|社区_青林订阅</title><meta property="article:published_time" content="2026-03-01T19:48:33+08:00">',
             f'{NAV}<div class="post_main"><h1 class="post_title">{TITLE}</h1><div class="post_info">2026-03-01 19:48:33　来源: <a href="/m/T1.html">青林发布</a>　青林省 <a href="#" class="post_jubao">举报</a></div>'
             f'<div class="post_body">{P}<p>通讯员 姚远 江一帆</p></div><div class="post_statement"><span class="bg"></span>特别声明：以上内容为用户上传并发布。</div>'
             f'<div class="post_recommends"><h3>相关推荐</h3><a href="1.html">热推标题一二三四五</a></div></div>{FOOT}'),
        "utf-8", {"published": "2026-03-01T19:48", "source": "青林发布", "correspondents": ("姚远", "江一帆")}),
    "toutiao_like": (
        "https://www.qltou.example/article/7341122334455667788/",
        html(f"<title>{TITLE}_青林头条</title>",
             f'<div class="article-content"><h1>{TITLE}</h1><div class="article-meta"><span>2026-03-01 21:30</span><span class="dot">·</span><span class="name"><a href="/c/user/1/">青林晚报</a></span></div>'
             f'<article class="syl-article-base">{P}</article></div><div class="detail-interaction"><button>赞</button><button>评论 2</button></div>'
             + "<div>" + "".join(f'<div><a href="/u{k}">阿{k}</a><p>{c}</p><span>{k}小时前 回复</span></div>' for k, c in enumerate(COMMENTS, 1)) + f"</div>{FOOT}"),
        "utf-8", {"published": "2026-03-01T21:30", "source": "青林晚报", "absent": COMMENTS}),
    "english_daily": (
        "https://www.qldaily.example/a/20260301/WS65.html",
        html("<title>Free clinics reach lakeside community - Qinglin Daily</title>",
             '<h1>Free clinics reach lakeside community</h1><div class="info">By LI MING | Qinglin Daily | Updated: Mar. 1, 2026 09:17</div><div id="Content"><p>Twenty doctors and nurses from '
             "Qinglin People's Hospital visited the South Lake community on Sunday, measuring blood pressure and blood sugar for more than three hundred residents, free of charge.</p>"
             '<p>"In the past we had to travel a long way to see a doctor," said a resident surnamed Zhao, who also received a handbook on chronic diseases.</p></div>' + FOOT),
        "utf-8", {"title": "Free clinics reach lakeside community", "published": "2026-03-01T09:17",
                  "body": ("free of charge.", "handbook on chronic diseases.")}),
}
