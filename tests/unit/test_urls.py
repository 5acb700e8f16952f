"""Canonical addresses: the same piece under two addresses is one, two pieces never become one."""

import pytest

from pipelines.urls import absolute, canonical, expires, identity, same_piece


@pytest.mark.parametrize("one, other", [
    ("HTTP://News.Example.CN:80/a/1.html#comment", "http://news.example.cn/a/1.html"),
    ("https://news.example.cn/a/1.html?utm_source=wx&spm=1.2.3&from=singlemessage&isappinstalled=0", "http://news.example.cn/a/1.html"),
    ("https://news.example.cn/show?id=7&page=2&share_token=abc", "http://news.example.cn/show?page=2&id=7"),
    ("http://news.example.cn/a/;jsessionid=AB12", "http://news.example.cn/a/"),
    ("http://news.example.cn//a/./b/../1.html", "http://news.example.cn/a/1.html"),
    ("http://news.example.cn/a/index.html", "http://news.example.cn/a/"),
    ("http://news.example.cn/%e5%8d%ab%e7%94%9f", "http://news.example.cn/卫生"),
    ("  http://news.example.cn ", "http://news.example.cn/"),
    ("https://mp.weixin.qq.com/s?__biz=MzA4==&mid=2651&idx=2&sn=ab12&chksm=ff&scene=21#wechat_redirect", "http://mp.weixin.qq.com/s?__biz"
            "=MzA4==&mid=2651&idx=2&sn=ab12"),
    ("https://mp.weixin.qq.com/s/AbCdEf_hIjKlMnOp-rStUv?scene=1", "http://mp.weixin.qq.com/s/AbCdEf_hIjKlMnOp-rStUv"),
])
def test_same(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize("one, other", [
    ("http://news.example.cn/show?id=7", "http://news.example.cn/show?id=8"),
    ("http://news.example.cn/a/1.html", "http://news.example.cn/a/1_2.html"),
    ("http://a.example.cn/1.html", "http://b.example.cn/1.html"),
    ("http://news.example.cn/s?a=1", "http://news.example.cn/s?b=1"),
    ("https://mp.weixin.qq.com/s?__biz=MzA4==&mid=2651&idx=1&sn=ab", "https://mp.weixin.qq.com/s?__biz=MzA4==&mid=2651&idx=2&sn=cd"),
    ("https://mp.weixin.qq.com/s/AbCdEf_hIjKlMnOp-rStUv", "https://mp.weixin.qq.com/s/AbCdEf_hIjKlMnOp-rStUV"),
])
def test_different(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example.cn/a?x=%E5%8D%AB&y=a+b",
        "https://mp.weixin.qq.com/s?__biz=MzA4==&mid=1&idx=1&sn=a",
        "http://例子.cn/新闻/1.html",
        "http://[::1]/a",
        "http://x.cn:99999/",
        "http://[bad/",
        "mailto:a@b.c",
        "",
        "javascript:alert(1)",
        "http://x.cn/" + "a/../" * 300,
    ],
)
def test_stable_and_never_fails(url):
    assert canonical(canonical(url)) == canonical(url)


def test_wechat_identity():
    assert identity("https://mp.weixin.qq.com/s?__biz=MzA4==&mid=2651&idx=2&sn=ab") == "MzA4==,2651,2"
    assert identity("http://mp.weixin.qq.com/s?__biz=MzA4==&amp;mid=2651&amp;idx=3") == "MzA4==,2651,3"
    assert identity("https://mp.weixin.qq.com/s/AbCdEf_hIjKlMnOp-rStUv") == ""
    assert identity("http://news.example.cn/?__biz=a&mid=1") == ""


def test_expiring_addresses_are_known():
    assert expires("https://mp.weixin.qq.com/s?src=11&timestamp=1772335800&ver=1&signature=abc")
    assert not expires("https://mp.weixin.qq.com/s?__biz=MzA4==&mid=2651&idx=2&sn=ab")


def test_absolute_and_same_piece():
    assert absolute("http://a.cn/b/c.html", "../d.jpg") == "http://a.cn/d.jpg"
    assert absolute("http://a.cn/b/", "javascript:x()") == "" and absolute("http://a.cn/", "http://[x") == ""
    assert same_piece("http://m.a.cn/x/123456.html", "http://www.a.cn/y/123456.shtml")
    assert not same_piece("http://www.a.cn/x/123456.html", "http://www.a.cn/")
    assert not same_piece("http://www.a.cn/x/123456.html", "http://www.b.com/x/123456.html")
