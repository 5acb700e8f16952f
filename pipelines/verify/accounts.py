"""Whose account a page was posted under: on a portal or WeChat the owner of the account counts, not the platform."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from analysis.cleaning import fold
from model.clipping import Clipping
from model.outlet import Outlet, Tier
from model.unit import Unit
from pipelines.owner import PLATFORMS

_KINDS = r"(?:网易|搜狐|百家|头条|人民|企鹅|大鱼|一点|澎湃|新浪|腾讯|凤凰|抖音|快手|视频|微信公众|公众|订阅|政务)"
_BEHIND = re.compile(rf"^[「“《]?([\u4e00-\u9fffA-Za-z0-9·]{{2,20}}?)[」”》]?\s?(?:的)?\s?(?:(?:{_KINDS}[平台]{{0,2}})?官方\s?(?:账号|帐号|号|认证)|{_KINDS}号)(?:\s|$)")
_BEFORE = re.compile(rf"^(?:{_KINDS}号|(?:官方|发布|认证|作者)?(?:账号|帐号))\s?[：:·/|丨]\s?[「“《]?([\u4e00-\u9fffA-Za-z0-9·]{{2,20}})")
_PLATE = re.compile(r"(?:的)?(?:官方)?(?:网站|官网|门户网|网|微信公众号|微信公众平台|公众号|公众平台|订阅号|服务号|微信|微博|抖音号?|快手号?|视频号|头条号|客户端|app|新媒体|融媒体中心|宣传科|党办|办公室|院办|院报|内刊|简报)$", re.I)


_SOURCE = re.compile(r"来\s{0,2}源\s?[：:]\s?[「“《]?([\u4e00-\u9fffA-Za-z0-9·]{2,24})")


def account_of(piece: Clipping, owner: Outlet | None, near: Sequence[str]) -> str:
    """The name of the account that posted a portal's or platform's page, as printed near the text; "" when none is printed."""
    if piece.article.identity or piece.outlet_name in PLATFORMS:
        return piece.article.account or piece.article.source
    if owner is None or owner.tier is not Tier.PORTAL:
        return ""
    for line in near:
        if len(line) <= 40 and (found := _BEHIND.search(line) or _BEFORE.search(line)):
            return found.group(1)
    if not piece.article.source:
        return next((found.group(1) for line in near if len(line) <= 80 and (found := _SOURCE.search(line))), "")
    return ""


def own_unit(name: str, units: Sequence[Unit]) -> Unit | None:
    """The unit whose name this is, alone or as its site, account or office; ambiguous aliases do not tell."""
    key = fold(unicodedata.normalize("NFKC", name))
    bare = _PLATE.sub("", key)
    for unit in units:
        names = {fold(n) for n in (unit.name, *(a.name for a in unit.aliases if not a.ambiguous))}
        if key in names or bare in names:
            return unit
    return None
