"""What kind of page it is: an article, a notice, paid space, an own platform; from what is printed on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from model.clipping import Clipping
from model.outlet import Outlet, Tier
from model.unit import Unit
from pipelines.extract.document import Document
from pipelines.verify.accounts import account_of, own_unit

_NOTICE = re.compile(
    r"(?:公告|公示|启事|招标|中标|成交结果|采购(?:公告|项目|结果|意向)|比选|遴选|竞价|拍卖|讣告|"
    r"招聘(?:公告|简章|启事)?|拟录用|拟聘用|面试(?:公告|通知)|资格复审|挂号须知|停诊(?:通知|公告)|停电通知|停水通知|放假通知)(?:[（(][^）)]{0,20}[）)])?$"
    r"|^关于.{2,60}的(?:通知|公告|公示|通告|函|批复|意见|请示|说明)(?:[（(][^）)]{0,20}[）)])?$"
)
_WORD = (r"(?:(?<!公益)(?<!违法)(?<!虚假)(?<!医疗)(?<!违规)广告(?!热线|部|服务|投放|刊例|联系|招商|位|发布|经营|许可|监测|代理|法|费|语|牌)|(?:商业|品牌|专题|联合|合作|企业|产品|形象|付费)?推广(?!普通话|应用|使用|普及)"
         r"|商讯|软文|形象(?:展示|宣传|专版)|品牌(?:合作|展示|宣传)|企业(?:宣传|之声|形象|风采展示)|商业(?:信息|合作|内容)|付费(?:刊登|内容|专版)|赞助(?:刊登|内容|播出)?|冠名"
         r"|特约(?:刊[登发]|专版)|合作(?:专版|专刊|版面|内容|推广)|形象稿|专题专版|有偿刊登)")
_PAID = re.compile(_WORD)
_ALONE = re.compile(rf"^[\W_]{{0,4}}(?:(?:免责)?声明|特别?说明|提示|注)?[\W_]{{0,2}}[\u4e00-\u9fff]{{0,2}}{_WORD}(?:内容|信息|专区|专栏|专版|文章|稿)?[\W_]{{0,4}}$")
_HEADED = re.compile(rf"^[\W_]{{0,3}}{_WORD}\s?[·｜|:：/—–-]")
_ITSELF = re.compile(
    rf"(?:^[（(]?由|本文|本版|本专版|本专栏|本栏目?|本页|本期|本内容|以上内容|此文|此版|该文|上述内容|内容|专版|专刊|页面)[^。；]{{0,30}}?(?P<word>{_WORD}|协办(?:刊登)?|(?:独家)?呈现)"
)
_TAILED = re.compile(r"(?P<word>(?:赞助|付费|推广|商业|品牌|合作)(?:内容|专题|特刊|刊登|信息))[）)】\]]?$")
_MADE_BY = re.compile(r"^(?:策划|出品|联合出品|制作|撰文|文案|统筹|供稿)\s?[：:|/].{0,24}(?P<word>广告(?:中心|部|公司))")
_DENIED = re.compile(r"(?:不|非|无|未|没有|不含|谢绝|拒绝)[\u4e00-\u9fff]{0,4}$")
_CRUMB = re.compile(r"[>＞»›→]|&gt;")
_SEGMENT = re.compile(r"\s*(?:[>＞»›→/|]+|&gt;)+\s*")
NEAR = 4                           # lines before and after
_PAID_PATH = re.compile(r"/(?:ads?|adv|advert\w{0,10}|guanggao|tuiguang|tg|promo\w{0,8}|sponsor\w{0,4}|zhuanban|hzzb|shangxun|ruanwen|commercial)/", re.I)


@dataclass(frozen=True)
class Kind:
    """`id`: article | notice | paid | own; `why` what on the page says so."""

    id: str
    why: str = ""

    @property
    def label(self) -> str:
        return {"article": "新闻稿件", "notice": "通知公告", "paid": "广告或合作版面", "own": "自有平台"}[self.id]


def around(page: str, text: str) -> list[str]:
    """The few lines that a page prints right before and after the article's text: marks of paid space stand there."""
    lines = [" ".join(line.split()) for line in Document(page).text.split("\n") if line.strip()]
    body = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    if not body:
        return []
    first = next((n for n, line in enumerate(lines) if body[0][:30] in line), None)
    last = next((n for n in range(len(lines) - 1, -1, -1) if body[-1][-30:] in lines[n]), None)
    found = lines[max(0, first - NEAR):first] if first is not None else []
    return found + (lines[last + 1:last + 1 + NEAR] if last is not None else [])


def paid(line: str) -> str:
    """What in a line that stands by itself says that its article is paid space, "" when nothing does.

    Such a line is the mark alone (品牌合作), headed by it (广告 · 某院提供), or speaks of this very page (本版由某院协办), or names an advertising office as its maker; a sentence about advertising
    is none.
    """
    line = line.strip()
    if not line or len(line) > 60 or "。" in line[:-1]:
        return ""
    if found := _ITSELF.search(line) or _TAILED.search(line) or _MADE_BY.match(line):
        return "" if _DENIED.search(line[:found.start("word")]) else found.group("word")
    found = _ALONE.match(line) if len(line) <= 24 else None
    if found is None and (headed := _HEADED.match(line)):
        found = headed
    if found is None:
        return ""
    word = _PAID.search(line)
    return "" if word is None or _DENIED.search(line[:word.start()]) else word.group()


def _column(line: str, title: str) -> str:
    """The paid column that a line of crumbs (首页 > 商讯 > 正文) names."""
    if len(line) > 100 or not _CRUMB.search(line) or not re.search(r"首页|位置|正文|频道|中心", line):
        return ""
    return next((s for s in _SEGMENT.split(line) if len(s) <= 12 and s not in title and _PAID.search(s)), "")


def kind_of(piece: Clipping, outlet: Outlet | None, near: Sequence[str] = (), units: Sequence[Unit] = (), claimed: str = "") -> Kind:
    """`units` are ours, `claimed` is the outlet as the form has it: an unlisted site that the form itself calls a unit's own is one."""
    article = piece.article
    if outlet is not None and outlet.tier is Tier.OWN:
        return Kind("own", f"{outlet.name}是本系统自有平台")
    posted = account_of(piece, outlet, near) or (article.source if outlet is not None and outlet.tier is Tier.PORTAL else "")
    if posted and (mine := own_unit(posted, units)):
        return Kind("own", f"由{mine.label}自己的账号“{posted}”发布，是自有平台")
    if outlet is None and claimed and (mine := own_unit(claimed, units)):
        return Kind("own", f"所填“{claimed}”是{mine.label}的自有平台")
    for where, text in (("栏目", article.column), ("版面", article.page_name), ("版位", article.position)):
        if found := _PAID.search(text):
            return Kind("paid", f"{where}为“{text[:30]}”（{found.group()}）")
    lines = [line.strip() for line in article.text.split("\n") if line.strip()]
    for line in (article.kicker, *lines[:2], *lines[-3:]):
        if said := paid(line):
            return Kind("paid", f"页面印有“{line[:40]}”（{said}）")
    for line in near:
        if len(line.strip()) <= 2:       # 广告 by itself is the label of a banner
            continue
        if said := paid(line) or _column(line, article.title):
            return Kind("paid", f"正文前后印有“{line[:40]}”（{said}）")
    if re.search(r"[（(【\[](?:广告|推广|专题推广)[）)】\]]", article.title):
        return Kind("paid", "标题注明广告或推广")
    if _PAID_PATH.search(urlsplit(article.url).path):
        return Kind("paid", "网址属于广告或合作栏目")
    if _NOTICE.search(article.title.strip()):
        return Kind("notice", f"标题是通知公告一类（“{article.title[-12:]}”）")
    return Kind("article")
