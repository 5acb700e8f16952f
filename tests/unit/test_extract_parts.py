"""The further parts of an article: WeChat fields, pictures, video, tables, continued pages, injected links, overrides."""

import pytest
from extract_pages import BODY, TITLE, WECHAT, html, page, paragraphs, simple

from model.errors import Quarantine
from model.outlet import FieldRule, Outlet, Tier
from pipelines.extract import join, read

_WX = "https://mp.weixin.qq.com/s/AbCdEf_hIjKlMnOp-rStUv?scene=1"


def test_wechat_post():
    article = read(page(WECHAT, _WX))
    assert (article.title, article.source, article.authors) == (TITLE, "青林卫健", ("王小兰",))
    assert article.published.strftime("%F %H:%M") == "2026-03-01 11:30" and article.precision == "minute"
    assert article.text == "\n".join(BODY)
    assert article.identity == "MzA4,2651,2" and article.is_original is True
    assert article.canonical == "http://mp.weixin.qq.com/s/AbCdEf_hIjKlMnOp-rStUv"
    assert [i.url for i in article.images] == ["https://mmbiz.example/a/640?wx_fmt=png"]


def test_wechat_share_is_no_original():
    shared = WECHAT.replace('_copyright_stat = "1"', '_copyright_stat = "0"').replace('<span id="copyright_logo" class="rich_media_meta">'
            '原创</span>', "") + '<div id="js_share_content">分享自</div>'
    assert read(page(shared, _WX)).is_original is False


def test_wechat_picture_post_without_a_body_box():
    note = BODY[0] + "\\x0a" + BODY[1]
    script = (f"<script>var ct = '1772335800'; var msg_title = '{TITLE}'; var nickname = '青林卫健'; var biz = 'MzA4'; var mid = '2651'; var idx = '1'; "
              f"window.item_show_type = '8'; window.picture_page_info_list = [{{ cdn_url: 'https://mmbiz.example/p/1?wx_fmt=jpeg\\x26amp;from=a', }}, "
              f"{{ cdn_url: 'https://mmbiz.example/p/2', }}]; var text_page_info = {{ content_noencode: '{note}' }};</script>")
    article = read(page(html("<title></title>", '<div class="rich_media" id="js_image_desc"></div>' + script), _WX))
    assert (article.title, article.source, article.kind) == (TITLE, "青林卫健", "pictures")
    assert article.text == "\n".join(BODY[:2])
    assert [i.url for i in article.images] == ["https://mmbiz.example/p/1?wx_fmt=jpeg&from=a", "https://mmbiz.example/p/2"]


def test_saved_wechat_post_under_another_address_is_known():
    assert read(page(WECHAT, "http://wjw.qinglin.example/mirror/1.html")).source == "青林卫健"


def test_pictures_with_captions():
    inside = ('<p><img src="/u/1.jpg" width="600"></p><p class="caption">义诊现场，医生在测血压。</p>' + paragraphs(*BODY)
              + '<p><img data-original="u/2.jpg" alt="医护人员在讲解用药知识"></p><p><img src="/img/icon_share.png"></p><p>'
                '<img src="/u/3.jpg" width="20"></p>')
    article = read(page(simple(inside)))
    assert [(i.url, i.caption) for i in article.images] == [
        ("http://www.qlnews.example/u/1.jpg", "义诊现场，医生在测血压。"), ("http://www.qlnews.example/2026/0301/u/2.jpg", "医护人员在讲解用药知识")]
    assert article.kind == "text" and "义诊现场，医生在测血压。" in article.text


def test_picture_news():
    inside = '<p><img src="/u/1.jpg"></p><p>3月1日，青林市人民医院的医护人员在南湖社区为居民测血压。</p><p>本报记者 李明 摄</p>'
    article = read(page(simple(inside, title="【图片新闻】义诊进社区")))
    assert article.kind == "pictures" and ("李明", "photographer") in [(p.name, p.role) for p in article.people]


def test_video_page():
    inside = '<video src="/v/1.mp4" poster="/v/1.jpg"></video><p>3月1日，青林市人民医院的医护人员走进社区，为居民测血压。</p>'
    markup = simple(inside, title="视频｜义诊进社区").replace("</head>", '<script>var v = {"duration":"01:25"};</script></head>')
    article = read(page(markup))
    assert (article.kind, article.cover, article.duration_s) == ("video", "http://www.qlnews.example/v/1.jpg", 85)


def test_tables_are_kept_as_rows():
    inside = ("<p>2026年2月，全市共报告法定传染病132例，无死亡病例。</p><table><tr><th>病种</th><th>发病数</th></tr><tr><td>流行性感冒</td><td>98</td></tr>"
              "<tr><td>手足口病</td><td>34</td></tr></table><p>与上月相比，报告发病数下降百分之十二。</p>")
    lines = read(page(simple(inside))).text.split("\n")
    assert lines[1:4] == ["病种\t发病数", "流行性感冒\t98", "手足口病\t34"]


@pytest.mark.parametrize("bar, here, want", [
    ('<a href="778899_2.html">2</a><a href="778899_3.html">3</a><a href="778899_2.html">下一页</a>', "778899.html", "778899_2.html"),
    ('<a href="778899.html">1</a><a href="778899_3.html">3</a>', "778899_2.html", "778899_3.html"),
    ('<a href="778899.html">1</a><a href="778899_2.html">2</a>', "778899_3.html", ""),
    ('<a href="778900.html">下一篇</a><a href="778900.html">下一页</a>', "778899.html", ""),
    ('<a href="778899.html?page=2">下一页</a>', "778899.html?page=1", "778899.html?page=2"),
    ('<a href="http://other.example/2026/778899_2.html">下一页</a>', "778899.html", ""),
    ('<a href="javascript:next()">下一页</a>', "778899.html", ""),
])
def test_next_part(bar, here, want):
    base = "http://www.qlnews.example/2026/"
    article = read(page(simple(after=f'<div class="pages">{bar}</div>'), base + here))
    assert article.next_part == (base + want if want else "")


def test_join_keeps_order_and_repeats_nothing():
    first = read(page(simple(paragraphs(*BODY[:2]) + '<div><a href="123456_2.html">下一页</a></div>')))
    second = read(page(simple(paragraphs(BODY[1], BODY[2], "（记者 李明）")), "http://www.qlnews.example/2026/0301/123456_2.html"))
    whole = join(first, second)
    assert whole.text.split("\n")[:3] == list(BODY)
    assert whole.canonical == first.canonical and whole.next_part == "" and "李明" in whole.authors


def test_a_defaced_page_is_told_and_cleaned():
    bad = '<p><a href="http://bad.example/1">澳门新葡京官网</a> <a href="http://bad2.example/">六合彩开奖</a></p><div style="display:none"><a href="http://x.example">百家乐真人荷官</a></div>'
    article = read(page(simple(paragraphs(BODY[0]) + bad + paragraphs(*BODY[1:]))))
    assert len(article.injected) >= 3 and any("新葡京" in i for i in article.injected)
    assert article.text == "\n".join(BODY)


def test_an_article_about_gambling_is_not_defaced():
    text = ("青林警方通报，捣毁一个六合彩赌博窝点，抓获嫌疑人十二名。", "警方提醒，百家乐、时时彩等网络赌博十赌九输，市民切勿参与下注。", BODY[2])
    article = read(page(simple(paragraphs(*text), title="青林警方捣毁六合彩赌博窝点")))
    assert article.injected == () and article.text == "\n".join(text)


def _outlet(*rules: FieldRule) -> Outlet:
    return Outlet("ql", "青林网", Tier.MUNICIPAL, fields=rules)


def test_overrides_by_css_and_xpath_within_their_days():
    markup = simple(info='<b id="from">转载</b> 2026-03-01 08:00').replace("</h1>", '</h1><div id="real">改版后的真正标题</div>')
    outlet = _outlet(
        FieldRule("title", css="#real", since="2026-01-01"),
        FieldRule("source", xpath="//b[@id='from']"),
        FieldRule("editor", css="#nothing"),
    )
    article = read(page(markup), outlet)
    assert (article.title, article.source) == ("改版后的真正标题", "转载")
    assert article.signals["title"].origin == "override"
    old = _outlet(FieldRule("title", css="#real", until="2025-12-31"))
    assert read(page(markup), old).title == TITLE


def test_override_of_the_body():
    article = read(
        page(simple().replace('class="content"', 'class="content" id="zw"')), _outlet(FieldRule("text", css="#zw p:first-child"))
    )
    assert article.text == BODY[0]


def test_a_broken_selector_is_quarantined():
    with pytest.raises(Quarantine):
        read(page(simple()), _outlet(FieldRule("title", xpath="//b[")))


def test_subtitle_and_kicker_by_name():
    markup = simple().replace(f"<h1>{TITLE}</h1>", f'<div class="yinti">春季健康行动启动</div><h1>{TITLE}</h1><div class="subtitle">'
                                                   f'二十名医护服务三百居民</div>')
    article = read(page(markup))
    assert (article.kicker, article.title, article.subtitle) == ("春季健康行动启动", TITLE, "二十名医护服务三百居民")


def test_title_broken_by_tags_and_lines():
    markup = html("<title>青林市人民医院义诊队 走进南湖社区_青林网</title>", f"<h1>青林市<font>人民</font>医院<b>义诊队</b><br/>走进南湖社区</h1><div>2026-03-01 08:00</div>"
                                                          f"<div>{paragraphs(*BODY)}</div>")
    assert read(page(markup)).title == "青林市人民医院义诊队 走进南湖社区"


def test_damage_is_recorded():
    article = read(page(simple().encode().replace("居民赵大妈".encode(), "居民赵大妈".encode()[:-1])))
    assert article.damaged == 1 and article.encoding == "utf-8"


def test_canonical_link_of_the_same_piece_is_used():
    markup = simple().replace("<head>", '<head><link rel="canonical" href="https://www.qlnews.example/2026/0301/123456.html">')
    assert (
        read(page(markup, "http://m.qlnews.example/x/123456.html?from=wx")).canonical == "http://www.qlnews.example/2026/0301/123456.html"
    )
    front = simple().replace("<head>", '<head><link rel="canonical" href="https://www.qlnews.example/">')
    assert read(page(front)).canonical == "http://www.qlnews.example/2026/0301/123456.html"


def test_preformatted_lines_are_paragraphs():
    inside = f"<pre>\n　　{BODY[0]}\n　　{BODY[1]}\n\n　　{BODY[2]}\n</pre>"
    assert read(page(simple(inside))).text == "\n".join(BODY)


def test_a_title_cut_short_is_completed():
    markup = simple().replace(f"<h1>{TITLE}</h1>", f"<h1>{TITLE[:12]}...</h1>")
    assert read(page(markup)).title == TITLE


@pytest.mark.parametrize("name", ["tips", "hot", "links", "wx", "editor-wrap"])
def test_a_paragraph_in_a_box_with_an_unlucky_name_stays(name):
    article = read(page(simple(paragraphs(BODY[0]) + f'<div class="{name}">{paragraphs(BODY[1])}</div>' + paragraphs(BODY[2]))))
    assert article.text == "\n".join(BODY)


def test_the_teaser_inside_a_body_goes():
    teaser = f'<div class="hot"><h4><a href="/x/1.html">女警一天打百个电话被停机</a></h4><p>{BODY[1][:30]}，电信技术部门监测到其操作频繁，随后恢复。</p></div>'
    assert "女警" not in read(page(simple(paragraphs(*BODY[:2]) + teaser + paragraphs(BODY[2])))).text


def test_a_body_without_a_single_sentence():
    poem = ("春风吹过南湖岸", "白衣天使进社区", "量压测糖问安康", "笑语盈盈满庭芳")
    article = read(page(simple("".join(f"<p>{line}</p>" for line in poem), title="春日义诊小记")))
    assert article.text.split("\n") == list(poem)


def test_paragraphs_set_as_list_items_and_answers():
    items = "<ol>" + "".join(f"<li>{line}</li>" for line in BODY) + "</ol>"
    assert read(page(simple(items))).text == "\n".join(BODY)
    answers = "<dl>" + "".join(f"<dt>问：第{n}个问题是什么？</dt><dd>{line}</dd>" for n, line in enumerate(BODY)) + "</dl>"
    assert all(line in read(page(simple(answers))).text for line in BODY)


@pytest.mark.parametrize("head, tail, source", [
    ("", "<p>来源：健康报</p><p>编辑：李明</p>", "健康报"), ("<p>（本文转自：青林日报）</p>", "", "青林日报"), ("", "<p>来源丨《青林晚报》</p>", "青林晚报"),
    ("", "<p>来源：青林卫健</p>", "青林卫健"), ("", "<p>来源：网络</p>", "青林卫健"), ("", "<p>图片来源：青林日报</p>", "青林卫健"),
    ("", "<p>来源：青林日报、青林晚报</p>", "青林卫健"), ("", "", "青林卫健"),
])
def test_a_post_that_prints_where_it_came_from(head, tail, source):
    markup = WECHAT.replace('<section class="135editor">', f'<section class="135editor">{head}').replace("</section></div>", f"{tail}</section></div>")
    article = read(page(markup, _WX))
    assert (article.source, article.account) == (source, "青林卫健")
    assert article.text == "\n".join(BODY) or "图片来源" in tail


def test_a_browser_title_that_prints_the_kicker_before_the_title():
    markup = html("<title>医改十年看青林 从治病到健康 青林医改走出新路_青林日报</title>",
                  "<h3>医改十年看青林</h3><h1>从治病到健康<br>青林医改走出新路</h1><h2>——基层首诊率升至六成</h2><div>2026-03-01 08:00</div>" + paragraphs(*BODY))
    article = read(page(markup))
    assert (article.kicker, article.title, article.subtitle) == ("医改十年看青林", "从治病到健康 青林医改走出新路", "基层首诊率升至六成")


def test_words_put_into_a_paragraph_are_cut_out_of_it():
    bad = '<span style="font-size:0"><a href="http://b.example">彩票平台注册</a> <a href="http://b.example/2">百家乐投注</a></span>'
    half = len(BODY[0]) // 2
    for first in (BODY[0] + bad, BODY[0][:half] + bad + BODY[0][half:]):
        article = read(page(simple(paragraphs(first, *BODY[1:]))))
        assert len(article.injected) == 2 and article.text == "\n".join(BODY)
