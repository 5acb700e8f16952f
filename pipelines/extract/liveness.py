"""Live signs: what is no article – error, verification, log-in, empty shell, list and front pages – and whether to try again."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from model.errors import Drop, Retry
from model.page import Page, PageStatus
from pipelines.extract.body import Body, worth
from pipelines.extract.candidates import Candidate
from pipelines.extract.document import Document

_GONE = re.compile(r"(?:404|410)\s{0,3}(?:not found|错误|error|页面|$|-)|not found|页面(?:不存在|未找到|已删除|已失效|丢失|找不到|走丢|没有找到)|(?:网页|页面|文章|内容|信息|稿件|"
                   r"新闻|文件|视频)(?:可能)?(?:已经?|不)(?:被)?(?:删除|存在|下线|过期|失效|撤回|移除|撤销)|"
                   r"找不到(?:您|你)?(?:要|所|访问|请求|页面|该|文件)|(?:您|你)(?:要|所)?(?:访问|查看|浏览|请求)的(?:页面|网页|内容|文章|信息|资源)[^。]{0,12}(?:不存在|已删除|已被删除|找不到|"
                   r"失效|过期|下线)|该(?:文章|页面|内容|信息|稿件)(?:已|不)|抱歉[^。]{0,10}(?:不存在|找不到|已删除|没有找到)|page you (?:requested|are looking)", re.I)
_CHECK = re.compile(r"安全验证|人机验证|滑动(?:滑块|验证)|请完成(?:下方|以下|下列|安全)?验证|完成验证|环境异常|请输入验证码|访问(?:过于)?频繁|异常(?:访问|流量|请求)|checking your browser|"
                    r"just a moment|enable javascript and cookies|access denied|访问被拒绝|您的请求(?:过于|已被|存在|被拦截)|"
                    r"请求被拦截|waf|防火墙|协助验证|访问受限|服务(?:器)?(?:繁忙|暂时不可用|不可用)|系统(?:繁忙|维护|升级)|正在维护|50[234] (?:bad gateway|service|gateway)|"
                    r"internal server error|请稍后(?:再试|重试)|频率过高", re.I)
_LOGIN = re.compile(r"请(?:先)?登录|登录后(?:查看|阅读|可见|继续)|请(?:先)?登錄|会员(?:专享|可见)|扫码登录|用户登录|忘记密码|立即登录", re.I)
_SCRIPTED = re.compile(r"(?:id|class)\s{0,2}=\s{0,2}[\"']?(?:app|root|__next|__nuxt|container|main-app)[\"'\s>]|__INITIAL_STATE__|"
                       r"webpackJsonp|__NUXT__|document\.write|location\.(?:href|replace)|setTimeout|eval\(", re.I)
_JAVASCRIPT = re.compile(r"(?:enable|需要|开启|启用|打开|允许).{0,12}javascript|javascript.{0,16}(?:enable|开启|启用|required)", re.I)
_INDEX = re.compile(r"/(?:index(?:_\d+)?|list(?:_\d+)?|default|more|channel|column|node)(?:\.\w+)?$|/$", re.I)
_ARTICLE_PATH = re.compile(r"\d{5,}|/\d{4}[-/]?\d{2}|[a-f0-9]{12,}|(?:content|article|detail|show|news|info|view)[_/-]?\d+|[?&](?:id|"
                           r"newsid|aid|articleid|contentid)=", re.I)
SHORT = 420
LOGIN = "需要登录"
SHELL = "空壳页：正文由脚本载入"


def check_status(page: Page) -> None:
    """The server's own word: 404 and 410 are gone, refusals and failures may pass."""
    if page.status in (404, 410, 451):
        raise Drop(f"服务器答复 {page.status}", PageStatus.GONE)
    if page.status in (401, 402):
        raise Drop(f"{LOGIN}（{page.status}）")
    if page.status in (403, 405, 412, 418, 429) or page.status >= 500:
        raise Retry(f"服务器答复 {page.status}", after_s=6 * 3600 if page.status in (403, 412) else 3600)
    if page.status in (204, 304):
        raise Drop(f"没有内容（{page.status}）")


def check_short(doc: Document, body: Body) -> None:
    """A page with hardly any text: error, verification, log-in or an empty shell."""
    text = doc.text.strip()
    gain = sum(max(0.0, worth(b)) for b in body.blocks)
    if len(text) > SHORT * 3 or gain > 260:
        return
    short = len(text) <= SHORT
    shown = f"{doc.title} {text}"[:1200]
    gone, check = _GONE.search(shown), _CHECK.search(shown)
    title_gone, title_check = _GONE.search(doc.title), _CHECK.search(doc.title)
    if title_gone or gone and gain < (120 if short else 90) and not (check and check.start() < gone.start()):
        raise Drop(f"页面已失效：{(title_gone or gone).group().strip()}", PageStatus.GONE)
    if title_check and gain < 200 or check and short and gain < 120:
        raise Retry(f"验证或出错页：{(title_check or check).group().strip()}")
    login = _LOGIN.search(shown)
    if login and short and gain < 120:
        raise Drop(f"{LOGIN}：{login.group()}")
    if len(text) < 120 and gain < 40 and "<script" in doc.markup.lower():
        if _SCRIPTED.search(doc.markup[:300_000]) or _JAVASCRIPT.search(doc.markup[:200_000]) or sum(map(len, doc.scripts)) > 2000:
            raise Retry(SHELL)


def check_list(doc: Document, body: Body, titles: list[Candidate], times: list[Candidate], source: str, url: str) -> None:
    """Points for and against an article; fewer than two make a list or front page."""
    reasons: list[str] = []
    gain = sum(max(0.0, worth(b)) for b in body.blocks)
    points = 0.0
    top = titles[0] if titles else None
    if top is not None and top.at >= 0 and top.score >= 0.6:
        points += 2
    elif top is not None and (top.at >= 0 and top.score >= 0.25 or top.score >= 0.55):
        points += 1
    else:
        reasons.append("没有标题")
    if body.origin == "embedded" and top is not None:
        points += 1                          # text that a page carries as data, with a title
    first = times[0] if times else None
    if first is not None and first.at >= 0 and first.score >= 0.7:
        points += 1.5
    elif first is not None and first.origin not in ("text:relative", "text:no-year", "hint"):
        points += 0.7
    if source:
        points += 0.5
    points += 2 if gain > 900 else 1.5 if gain > 300 else 0.7 if gain > 100 else 0.0 if gain > 30 else -1.0
    if gain <= 100:
        reasons.append("几乎没有正文")
    path = urlsplit(url).path if "://" in url else url
    query = urlsplit(url).query if "://" in url else ""
    if not query and (_INDEX.search(path) or path in ("", "/")):
        points -= 2
        reasons.append("地址像列表")
    elif _ARTICLE_PATH.search(path + ("?" + query if query else "")):
        points += 0.7
    inside = doc.within(body.start, body.end) if body.box is not None else []
    if inside:
        linked = sum(1 for b in inside if b.link * 10 > len(b.text) * 7 and len(b.text) >= 8)
        dated = sum(1 for b in inside if len(b.text) < 60 and re.search(r"(?:20\d\d[-./年])?\d{1,2}[-./月]\d{1,2}", b.text))
        if linked >= 6 and linked * 3 > len(inside):
            points -= 2.5
            reasons.append(f"正文区有 {linked} 行链接")
        elif dated >= 6 and dated * 4 > len(inside) and linked >= 3:
            points -= 2
            reasons.append(f"正文区有 {dated} 行日期")
    links = sum(b.link for b in doc.blocks)
    chars = sum(len(b.text) for b in doc.blocks) or 1
    if links > 0.75 * chars and gain < 300:
        points -= 1.5
        reasons.append("页面多为链接")
    if points < 2:
        raise Drop("列表页或首页：" + "，".join(reasons or ["证据不足"]))
