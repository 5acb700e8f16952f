"""What is no article: told apart into gone for good, to be tried again, never an article, refused."""

import pytest
from extract_pages import BODY, FOOT, NAV, TITLE, html, page, paragraphs, simple

from model.errors import Decision, Drop, Retry
from model.page import PageStatus
from pipelines.extract import explain, read

_ITEMS = "".join(f'<li><a href="/2026/03/{i}.html">我市第{i}家社区卫生服务中心挂牌运行，居民就近看病</a><span>2026-03-{i:02d}</span></li>' for i in range(1, 25))
_CARDS = "".join(f'<div class=item><h3><a href="/2026/03/{i}.html">我市第{i}家社区卫生服务中心挂牌</a></h3><p>{BODY[0]}</p><span>2026-03-{i:02d}</span>'
                 f'</div>' for i in range(1, 15))
_WX = "https://mp.weixin.qq.com/s/AbCdEf_hIjKlMnOp-rStUv"

NO_ARTICLES = {
    "list": (
        html("<title>健康青林-青林网</title>", f"{NAV}<ul>{_ITEMS}</ul>{FOOT}"),
        "http://www.ql.example/jkql/index.html",
        PageStatus.NOT_ARTICLE,
    ),
    "list of cards": (
        html("<title>健康青林-青林网</title>", f"{NAV}<div class=list>{_CARDS}</div>{FOOT}"),
        "http://www.ql.example/jkql/list_3.h" "tml",
        PageStatus.NOT_ARTICLE,
    ),
    "front page": (
        html("<title>青林网</title>", f"{NAV}<h2>要闻</h2><ul>{_ITEMS}</ul>{NAV}{FOOT}"),
        "http://www.ql.example/",
        PageStatus.NOT_ARTICLE,
    ),
    "log-in": (
        html("<title>用户登录</title>", "<form>请先登录 用户名<input>密码<input><button>登录</button>忘记密码</form>"),
        "http://www.ql.example/a/1.ht" "ml",
        PageStatus.NOT_ARTICLE,
    ),
    "404 with 200": (
        html("<title>404</title>", '<h2>对不起，您访问的页面不存在或已被删除</h2><a href="/">返回首页</a>'),
        "http://www.ql.example/a/1.html",
        PageStatus.GONE,
    ),
    "taken down": (html("<title>提示信息</title>", "<p>该文章已被删除。</p>"), "http://www.ql.example/a/1.html", PageStatus.GONE),
    "verification": (
        html("<title>安全验证</title>", "<p>请完成下方验证后继续访问</p><script>slide()</script>"),
        "http://www.ql.example/a/1.html",
        PageStatus.BLOCKED,
    ),
    "shell": (
        html("<title>青林</title>", '<div id="app"></div><script>window.__INITIAL_STATE__={}</script>'),
        "http://www.ql.example/a/1.h" "tml",
        PageStatus.BLOCKED,
    ),
    "wechat deleted": (html("<title></title>", '<div class="weui-msg"><h2>该内容已被发布者删除</h2></div>'), _WX, PageStatus.GONE),
    "wechat violation": (
        html("<title></title>", '<div class="weui-msg"><h2>此内容因违规无法查看</h2><p>由用户投诉并经平台审核</p></div>'),
        _WX,
        PageStatus.GONE,
    ),
    "wechat moved": (html("<title></title>", "<p>该公众号已迁移</p><p>该公众号已迁移至新的账号，原账号已回收。</p>"), _WX, PageStatus.GONE),
    "wechat expired": (html("<title></title>", "<p>链接已过期</p>"), _WX, PageStatus.GONE),
    "wechat verification": (
        html("<title></title>", "<h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a>去验证</a>"),
        _WX,
        PageStatus.BLOCKED,
    ),
    "wechat too often": (html("<title></title>", "<p>访问过于频繁，请用微信扫描二维码进行访问</p>"), _WX, PageStatus.BLOCKED),
}


@pytest.mark.parametrize("name", NO_ARTICLES)
def test_no_article(name):
    markup, url, status = NO_ARTICLES[name]
    with pytest.raises(Decision) as decision:
        read(page(markup, url))
    assert decision.value.status is status and decision.value.reason
    assert isinstance(decision.value, Retry) == (status is PageStatus.BLOCKED)


@pytest.mark.parametrize(
    "status, kind",
    [
        (404, PageStatus.GONE),
        (410, PageStatus.GONE),
        (403, PageStatus.BLOCKED),
        (429, PageStatus.BLOCKED),
        (503, PageStatus.BLOCKED),
        (401, PageStatus.NOT_ARTICLE),
    ],
)
def test_the_servers_word(status, kind):
    with pytest.raises(Decision) as decision:
        read(page(simple(), status=status))
    assert decision.value.status is kind


def test_a_short_notice_is_an_article():
    article = read(page(simple("<p>因管网检修，3月1日9时至17时中山路沿线停水，请市民提前储水。</p>", "2026-03-01 08:00　来源：青林发布", "青林市区今日停水通知")))
    assert (article.title, article.source) == ("青林市区今日停水通知", "青林发布")


def test_an_article_that_speaks_of_such_pages_is_one():
    text = ("有市民反映，打开医院公众号时看到“该内容已被发布者删除”的提示。", "医院回应称，访问过于频繁时需要完成验证，并非页面不存在，请稍后再试即可。", BODY[2])
    assert read(page(simple(paragraphs(*text)))).text.startswith("有市民反映")


def test_explain_tells_instead_of_raising():
    markup, url, _ = NO_ARTICLES["taken down"]
    told = explain(page(markup, url))
    assert told.article is None and told.verdict.startswith("已失效：")
    told = explain(page(simple()))
    assert told.article.title == TITLE and told.verdict == "稿件"
    assert told.candidates["title"][0].value == TITLE and len(told.candidates["title"]) > 1
    assert {"title", "published", "source"} <= set(told.candidates)
    assert [c.score for c in told.candidates["title"]] == sorted((c.score for c in told.candidates["title"]), reverse=True)


def test_nothing_but_a_heading_is_no_article():
    with pytest.raises(Drop):
        read(page(html(f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1>")))
