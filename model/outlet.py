"""An outlet (媒体) and the sources (feeds, list pages, e-papers, mirrors) it is read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from model.region import Region


class Tier(StrEnum):
    """Reach of an outlet; the *class* it counts in belongs to a scheme, not to the outlet."""

    CENTRAL = "central"
    INDUSTRY = "industry"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    COUNTY = "county"
    PORTAL = "portal"
    OWN = "own"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def rank(self) -> int:
        """Height for "highest tier reached": 6 central … 0 unknown."""
        return _RANKS[self]


_LABELS = {
    Tier.CENTRAL: "中央", Tier.INDUSTRY: "行业", Tier.PROVINCIAL: "省级", Tier.MUNICIPAL: "市级",
    Tier.COUNTY: "县级", Tier.PORTAL: "商业门户", Tier.OWN: "自有平台", Tier.UNKNOWN: "未登记",
}
_RANKS = {
    Tier.CENTRAL: 6, Tier.INDUSTRY: 5, Tier.PROVINCIAL: 4, Tier.MUNICIPAL: 3,
    Tier.COUNTY: 2, Tier.PORTAL: 1, Tier.OWN: 0, Tier.UNKNOWN: 0,
}


class SourceKind(StrEnum):
    FEED = "feed"          # RSS or Atom
    SITEMAP = "sitemap"
    LISTING = "listing"    # list page with links (and a "next" link)
    EPAPER = "epaper"      # e-paper: layout pages with article links
    WECHAT = "wechat"      # mirror page or bridge feed of a WeChat account


@dataclass(frozen=True)
class Source:
    """One address that is polled for links to articles.

    `url` may hold `{yyyy} {mm} {dd}` (e-papers by date, Asia/Shanghai).  `link_pattern` is a regular
    expression over the absolute URL, needed only where the generic link finder is not enough.
    """

    id: str
    outlet_id: str
    kind: SourceKind
    url: str
    link_pattern: str = ""
    min_interval_s: int = 300
    max_interval_s: int = 6 * 3600
    max_pages: int = 3            # "next" pages followed on one poll


@dataclass(frozen=True)
class FieldRule:
    """Override of one extracted field by a CSS or XPath selector, valid in a span of days (ISO, inclusive)."""

    name: str
    css: str = ""
    xpath: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Outlet:
    id: str
    name: str
    tier: Tier
    kind: str = "site"            # newspaper | site | tv | radio | gov | wechat | portal | agency | own
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()  # registrable or full host names; the longest match wins
    region: Region = Region()
    sources: tuple[Source, ...] = ()
    fields: tuple[FieldRule, ...] = ()
    delay_s: float | None = None
    own_unit: str = ""            # unit id, when this is a unit's own platform
    verified: bool = True         # False: listed, but could not be tried from here
    boilerplate: tuple[str, ...] = field(default=())
