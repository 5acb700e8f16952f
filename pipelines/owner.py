"""Whose page it is: the outlet that owns an address, and for platforms the account that posted."""

from __future__ import annotations

from model.article import Article
from model.bureau import Bureau
from model.outlet import Outlet, Tier
from urllib.parse import urlsplit

PLATFORMS = ("mp.weixin.qq.com",)   # hosts whose pages belong to an account, not to the host


def owner(bureau: Bureau, url: str, outlet_id: str = "") -> Outlet | None:
    """The outlet of an address by its domain, else the one whose source listed it."""
    return bureau.outlet_of(urlsplit(url).hostname or "") or bureau.outlet(outlet_id)


def account(bureau: Bureau, article: Article, found: Outlet | None) -> Outlet | None:
    """On a platform the account's name decides; elsewhere the owner stays."""
    posted = article.account or article.source
    if (urlsplit(article.canonical).hostname or "") in PLATFORMS and posted:
        return next((o for o in bureau.outlets if posted in (o.name, *o.aliases)), found)
    return found


def named(outlet: Outlet | None, article: Article) -> tuple[str, str, str]:
    """(outlet id, name, tier) as kept with the article; a host that is in no list stands under its own name as unknown."""
    if outlet is None:
        host = urlsplit(article.canonical).hostname or ""
        return "", ((article.account or article.source) if host in PLATFORMS else "") or host, Tier.UNKNOWN.value
    return outlet.id, outlet.name, outlet.tier.value


def region_of_source(bureau: Bureau, source: str):
    """The region of the outlet printed as 来源, for names that its reposters cannot place; None when not listed."""
    name = source.strip("《》 \u3000")
    return next((o.region for o in bureau.outlets if name and name in (o.name, *o.aliases)), None)
