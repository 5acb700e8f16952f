"""Links out of feeds, sitemaps, list pages, e-papers and WeChat mirrors: what is taken, what is left, what the list told."""

from datetime import date

import pytest

from crawlers.spiders.address import absolute, day_in, on_day, shape, wechat_post
from crawlers.spiders.epaper import page_number, read_layout
from crawlers.spiders.feed import read_feed, read_sitemap
from crawlers.spiders.found import Unreadable
from crawlers.spiders.listing import read_listing, refresh_target
from crawlers.spiders.wechat import read_mirror

TODAY = date(2026, 11, 21)
SITE = ("ycrb.example",)


@pytest.mark.parametrize("url, day", [
    ("http://a.example/html/2026-11/20/content_123.htm", date(2026, 11, 20)),
    ("http://a.example/202611/t20261119_123.html", date(2026, 11, 19)),
    ("http://a.example/n1/2026/1118/c1-2.html", date(2026, 11, 18)),
    ("http://a.example/art/2026/11/7/art_12_345.html", date(2026, 11, 7)),
    ("http://a.example/20261105123456.html", date(2026, 11, 5)),
    ("http://a.example/26/1104/20/FIT0B0MS000181IU.html", date(2026, 11, 4)),
    ("http://a.example/202610/x.html", date(2026, 10, 31)),
    ("http://a.example/202611/x.html", TODAY),
    ("http://a.example/c/7rtKNyg6PU9", None),
    ("http://a.example/2027/01/05/1.html", None),
    ("http://a.example/2026-02-31/1.html", None),
    ("http://a.example/p/120261305.html", None),
])
def test_the_day_an_address_carries(url, day):
    assert day_in(url, TODAY) == day


def test_addresses_of_one_kind_have_one_shape():
    assert shape("http://a/x/2026-11/20/content_1.htm") == shape("http://a/y/2026-11/21/content_98765.htm")
    assert shape("http://a/a/733320600_429139") == shape("http://a/a/733320601_429140")
    assert shape("http://a/c/7rtKNyg6PU9") == shape("http://a/c/7pplXmYoC6f")
    assert shape("http://a/x/2026-11/20/content_1.htm") != shape("http://a/x/2026-11/20/node_1.htm")


@pytest.mark.parametrize("href, found", [
    ("../b/1.html#top", "http://a.example/b/1.html"),
    (" /b/1.html?id=3&utm_source=x&spm=1.2 ", "http://a.example/b/1.html?id=3"),
    ("//B.example:80/1.html", "http://b.example/1.html"),
    ("javascript:void(0)", ""), ("mailto:a@b.example", ""), ("#", ""), ("http://[oops/1.html", ""),
    ("http://user@a.example/1.html", ""), ("http://a.example\\@evil.example/", ""), ("data:text/html,x", ""),
])
def test_absolute_addresses(href, found):
    assert absolute("http://a.example/x/index.html", href) == found


@pytest.mark.parametrize("url, lasting", [
    ("https://mp.weixin.qq.com/s?sn=ab&idx=2&mid=22&__biz=MzA3&chksm=1&scene=27#rd", "https://mp.weixin.qq.com/s?__biz=MzA3&mid=22&idx=2&sn=ab"),
    ("https://mp.weixin.qq.com/s?__biz=MzA3==&amp;mid=22&amp;idx=1&amp;sn=ab", "https://mp.weixin.qq.com/s?__biz=MzA3==&mid=22&idx=1&sn=ab"),
    ("https://mp.weixin.qq.com/s/AbCdEfGhIjKl_12?from=timeline", "https://mp.weixin.qq.com/s/AbCdEfGhIjKl_12"),
    ("https://mp.weixin.qq.com/s?src=11&timestamp=1700000000&ver=1&signature=abc", ""),
    ("https://mp.weixin.qq.com/mp/profile_ext?action=home&__biz=MzA3", ""),
    ("https://other.example/s/AbCdEfGhIjKl_12", ""),
])
def test_wechat_permalinks(url, lasting):
    assert wechat_post(url) == lasting


LIST = """<html><body><div class="nav"><a href="/">首页</a><a href="/news/index.html">新闻</a><a href="/health/index.html">健康</a>
<a href="/about/contact.html">联系我们</a></div>
<ul class="list">
<li><a href="./t20261120_101.html" title="云川市开展冬季呼吸道疾病防治培训班">云川市开展冬季呼吸道疾病…</a><span>2026-11-20</span></li>
<li><a href="./t20261119_100.html">市一院完成首例手术机器人辅助手术</a><span>2026-11-19</span></li>
<li><a href="t20261118_99.html">我市三家医院通过胸痛中心认证</a><span>[2026-11-18 09:30]</span></li>
<li><a href="http://paper.other.example/2026-11/18/content_7.htm">省报刊发我市分级诊疗经验做法</a><span>2026-11-18</span></li>
<li><a href="/files/t20261118_97.pdf">关于印发工作方案的通知（附件）</a></li></ul>
<div class="page"><a href="index.html">首页</a><a href="index_1.html">下一页</a><a href="index_9.html">尾页</a></div>
<div class="foot"><a href="http://www.gov.example/2020/1/1/100001.html">上级机关网站友情链接在这里</a>
<a href="/licence/10120170001.html">互联网新闻信息服务许可证10120170001</a></div></body></html>"""


def test_a_list_page_gives_its_articles_and_nothing_else():
    found = read_listing(LIST, "http://www.ycrb.example/news/index.html", SITE, TODAY)
    assert list(found.links) == [
        "http://www.ycrb.example/news/t20261120_101.html", "http://www.ycrb.example/news/t20261119_100.html",
        "http://www.ycrb.example/news/t20261118_99.html", "http://paper.other.example/2026-11/18/content_7.htm"]
    first = found.links["http://www.ycrb.example/news/t20261120_101.html"]
    assert first == {"title": "云川市开展冬季呼吸道疾病防治培训班", "published": "2026-11-20"}
    assert found.links["http://www.ycrb.example/news/t20261118_99.html"]["published"] == "2026-11-18T09:30+08:00"
    assert found.more == ("http://www.ycrb.example/news/index_1.html",)


def test_identifiers_without_a_date_are_found_too():
    rows = "".join(f'<div class="card"><a href="/c/8aB{n}kNyg6PU{n}"><h4>本地医疗新闻标题第{n}条内容</h4></a></div>' for n in range(5))
    tags = "".join(f'<a href="/tag/9{n}384">标签{n}</a>' for n in range(8))
    found = read_listing(f"<body>{tags}{rows}<a href='/u/123456'>小编</a></body>", "http://ycrb.example/", SITE, TODAY)
    assert list(found.links) == [f"http://ycrb.example/c/8aB{n}kNyg6PU{n}" for n in range(5)]


def test_a_pattern_replaces_the_generic_choice():
    page = '<a href="/x/one">甲</a><a href="/y/two">乙</a><a href="/x/three">丙</a>'
    found = read_listing(page, "http://ycrb.example/", SITE, TODAY, pattern=r"/x/\w+$")
    assert list(found.links) == ["http://ycrb.example/x/one", "http://ycrb.example/x/three"]


def test_pages_that_a_script_numbers():
    page = LIST.replace('<a href="index_1.html">下一页</a>', '<script>createPageHTML(20, 3, "index", "html");</script>')
    assert read_listing(page, "http://www.ycrb.example/news/index_3.html", SITE, TODAY).more == ("http://www.ycrb.example/news/index_4.html",)


def test_an_article_is_no_list_page():
    body = "".join(f"<p>第{n}段，医院负责人介绍，今年以来全市各级医疗机构持续改进服务，群众就医更加便利，有关工作得到肯定。"
                   "随后记者走访了三家社区卫生服务中心，看到取药窗口井然有序，值班医生正在接诊，家属在一旁等候，候诊区设有饮水处。</p>" for n in range(8))
    related = "".join(f'<li><a href="/news/t2026112{n}_5.html">相关稿件的标题写在这里第{n}条</a></li>' for n in range(2))
    with pytest.raises(Unreadable, match="像一篇稿件"):
        read_listing(f"<html><body><h1>标题</h1><div>{body}</div><ul>{related}</ul></body></html>", "http://ycrb.example/a.html", SITE, TODAY)


def test_a_page_without_article_links_says_so():
    with pytest.raises(Unreadable, match="没有找到稿件链接"):
        read_listing("<html><body><a href='/'>首页</a><a href='/about/'>关于</a></body></html>", "http://ycrb.example/", SITE, TODAY)


def test_hostile_markup_ends_quickly_and_gives_nothing_odd():
    page = "<a href='javascript:alert(1)'>" * 3000 + "<a href='http://ycrb.example/2026/11/20/1.html'>" + "甲" * 10_000
    found = read_listing(page, "http://ycrb.example/", SITE, TODAY)
    assert list(found.links) == ["http://ycrb.example/2026/11/20/1.html"]
    assert len(found.links["http://ycrb.example/2026/11/20/1.html"]["title"]) == 300


RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>卫健</title>
<item><title>疫苗接种&lt;b&gt;通知&lt;/b&gt;</title><link>http://ycrb.example/n/1.html</link><pubDate>Fri, 20 Nov 2026 01:30:00 GMT</pubDate>
<description>&lt;p&gt;摘要&lt;/p&gt;</description></item>
<item><title>本地时间</title><link>/n/2.html</link><pubDate>2026-11-20 09:30:00</pubDate></item>
<item><title>坏链接</title><link>javascript:alert(1)</link></item></channel></rss>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_rss(encoding):
    found = read_feed(RSS.format(encoding=encoding).encode(encoding), "http://ycrb.example/rss.xml")
    assert dict(found.links) == {
        "http://ycrb.example/n/1.html": {"title": "疫苗接种 通知", "published": "2026-11-20T09:30+08:00", "feed_summary": "摘要"},
        "http://ycrb.example/n/2.html": {"title": "本地时间", "published": "2026-11-20T09:30+08:00"}}


def test_atom():
    body = ('<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>一则消息</title><id>tag:1</id>'
            '<link rel="alternate" href="http://ycrb.example/n/3.html"/><updated>2026-11-20T10:00:00+08:00</updated></entry></feed>')
    assert read_feed(body.encode(), "http://ycrb.example/a.xml").links["http://ycrb.example/n/3.html"]["published"] == "2026-11-20T10:00+08:00"


@pytest.mark.parametrize("body", [b"<html><body>hello</body></html>", b"", b"\xff\xfe\x00garbage", b"/etc/hostname"])
def test_what_is_no_feed_is_refused(body):
    with pytest.raises(Unreadable):
        read_feed(body, "http://ycrb.example/rss.xml")


def test_sitemaps():
    news = ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
            "<url><loc>http://ycrb.example/1.html</loc><lastmod>2026-01-02</lastmod></url>"
            "<url><loc>http://ycrb.example/2.html</loc><n:news><n:publication_date>2026-11-20T08:00:00+08:00</n:publication_date>"
            "<n:title>标题</n:title></n:news></url></urlset>").encode()
    assert dict(read_sitemap(news, "http://ycrb.example/s.xml", since="2026-10-22").links) == {
        "http://ycrb.example/2.html": {"title": "标题", "published": "2026-11-20T08:00:00+08:00"}}
    index = ("<sitemapindex><sitemap><loc>/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap>"
             "<sitemap><loc>/new.xml</loc><lastmod>2026-11-01</lastmod></sitemap></sitemapindex>").encode()
    assert read_sitemap(index, "http://ycrb.example/s.xml").more == ("http://ycrb.example/new.xml", "http://ycrb.example/old.xml")
    entity = b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'
    assert not read_sitemap(entity, "http://ycrb.example/s.xml").links


LAYOUT = """<html><head><title>云川日报数字报 第02版</title></head><body><a href="../../2026-11/19/node_2.htm">上一期</a>
<map name="m"><area href="content_31.htm" coords="1,1,2,2"><area href="content_32.htm" coords="1,1,2,2"></map>
<ul><li><a href="content_31.htm?div=-1">卫生院里来了省城专家</a></li><li><a href="content_32.htm">图片新闻</a></li></ul>
<ul><li><a href="node_1.htm">第01版：要闻</a></li><li><a href="node_2.htm">第02版：民生·健康</a></li><li><a href="node_3.htm">第A03版：专版</a></li></ul>
<a href="page2.pdf">PDF版</a></body></html>"""


def test_a_layout_page_maps_articles_to_its_page():
    layout = read_layout(LAYOUT, "http://paper.ycrb.example/html/2026-11/20/node_2.htm", SITE, TODAY)
    base = "http://paper.ycrb.example/html/2026-11/20/"
    assert list(layout.links) == [base + "content_31.htm", base + "content_32.htm"]
    assert layout.links[base + "content_31.htm"] == {
        "title": "卫生院里来了省城专家", "published": "2026-11-20", "page_no": "2", "page_name": "民生·健康"}
    assert layout.pages == {base + "node_1.htm": ("1", "要闻"), base + "node_3.htm": ("A03", "专版")}
    front = read_layout(LAYOUT, base + "node_1.htm", SITE, TODAY)
    assert front.links[base + "content_31.htm"]["position"] == "头版"


@pytest.mark.parametrize("hostile", ["<div>" * 1_000_000, "<a " + "x " * 500_000 + "href=1.html>", "<area coords='" + "1," * 500_000 + "'>",
                                     "<div style='left:1%;top:1%;width:9%;height:9%'>" * 1400 + "<b></b>" * 100_000])
def test_pages_made_to_keep_a_parser_busy_are_refused(hostile):
    for read in (read_layout, read_listing):
        with pytest.raises(Unreadable):
            read(hostile, "http://paper.ycrb.example/html/2026-11/20/node_1.htm", SITE, TODAY)


@pytest.mark.parametrize("printed, number", [("01", "1"), ("A02", "A02"), ("三", "3"), ("十二", "12"), ("10", "10")])
def test_page_numbers(printed, number):
    assert page_number(printed) == number


def test_a_front_page_that_sends_on():
    page = '<HTML><head><META HTTP-EQUIV="REFRESH" CONTENT="0; URL=html/2026-11/20/node_1.htm"></head></HTML>'
    assert refresh_target(page, "http://paper.ycrb.example/") == "http://paper.ycrb.example/html/2026-11/20/node_1.htm"
    assert refresh_target("<script>window.location.href='/p/1.htm'</script>", "http://a.example/") == "http://a.example/p/1.htm"
    assert refresh_target("<html>nothing</html>", "http://a.example/") == ""


def test_a_wechat_mirror_gives_posts_by_their_lasting_address():
    page = ('<ul><li><a href="https://mp.weixin.qq.com/s/AbCdEfGhIjKl_12?scene=1">冬季养生小贴士请您收好</a></li>'
            '<li><a href="https://mp.weixin.qq.com/s?src=11&timestamp=17&signature=zz">会过期的链接不应当采集</a></li>'
            '<li><a href="/gzh/2026/11/20/77.html">公众号文章在官网的镜像页面</a></li></ul>')
    found = read_mirror(page.encode(), page, "http://wjw.ycrb.example/gzh/", SITE, TODAY)
    assert set(found.links) == {"https://mp.weixin.qq.com/s/AbCdEfGhIjKl_12", "http://wjw.ycrb.example/gzh/2026/11/20/77.html"}


def test_addresses_by_date():
    assert on_day("http://p.example/{yyyy}-{mm}/{dd}/node_1.htm", TODAY) == "http://p.example/2026-11/21/node_1.htm"
