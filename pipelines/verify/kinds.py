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
_PAID = re.compile(r"广告|专题推广|形象展示|形象宣传|品牌推广|商业推广|推广信息|合作推广|企业宣传|特约刊登|合作版面|合作专版|付费|商讯|赞助(?:刊登|内容)|专题专版|形象稿")
_PAID_LINE = re.compile(
    r"^(?:(?:免责)?声明|特别?说明|提示|注)?[：:]?\s?[（(\[【]?\s?(?:本版(?:面)?(?:为|系)?|本文(?:为|系)?|以上(?:内容)?(?:为|系)?|内容(?:为)?)?"
    r"\s?(?:广告|推广|商业推广|商业信息|商业合作|付费(?:推广|内容|刊登)|合作(?:推广|专版|版面)|品牌合作|专题推广|企业形象展示|形象展示)(?:内容|信息)?\s?[）)\]】]?$"
)
_SPONSORED = re.compile(r"^[（(\[【]?(?:本版|本栏目?|本专版|本文|本页|此版)(?:面|内容)?由.{2,30}(?:特约刊登|特约刊发|特约|冠名|赞助|独家呈现|协办刊登|合作刊登|付费刊登|提供赞助)(?:播出|播映)?[）)\]】]?$")
_CRUMB = re.compile(r"^(?:您?(?:当前|现在|所在)?(?:的)?位置|首页|返回首页|[\u4e00-\u9fff]{2,8}首页).{0,4}(?:[>＞»›→/|丨-]|&gt;)")
NEAR = 4                           # lines before and after
_PAID_PATH = re.compile(r"/(?:ad|ads|advert|guanggao|gg|tuiguang|tg|promo|zhuanban|hzzb)/", re.I)


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
        if line and (len(line) <= 30 and _PAID_LINE.match(line) or len(line) <= 40 and _SPONSORED.match(line)):
            return Kind("paid", f"页面印有“{line}”")
    for line in near:
        if len(line) <= 60 and _CRUMB.match(line) and (found := _PAID.search(line)):
            return Kind("paid", f"所在栏目为“{line[:40]}”（{found.group()}）")
        if len(line) <= 40 and _SPONSORED.match(line) or len(line) <= 30 and _PAID_LINE.match(line) and (line[0] in "（([【" or len(line) > 2):
            return Kind("paid", f"正文前后印有“{line}”")
    if re.search(r"[（(【\[](?:广告|推广|专题推广)[）)】\]]", article.title):
        return Kind("paid", "标题注明广告或推广")
    if _PAID_PATH.search(urlsplit(article.url).path):
        return Kind("paid", "网址属于广告或合作栏目")
    if _NOTICE.search(article.title.strip()):
        return Kind("notice", f"标题是通知公告一类（“{article.title[-12:]}”）")
    return Kind("article")
