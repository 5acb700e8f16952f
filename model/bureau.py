"""Everything a bureau's folder says, read once and strictly by `config`, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping

from model.alert import ChannelConfig, LevelRule
from model.credit import Scheme
from model.duty import DutyRules
from model.outlet import Outlet
from model.region import Region
from model.search import SearchServer
from model.unit import Unit
from model.vocabulary import Vocabulary


@dataclass(frozen=True)
class CrawlSettings:
    user_agent: str = "jianbao/0.1"
    proxy: str = ""                # http://host:port through which everything is fetched
    delay_s: float = 2.0           # between two requests to one host
    timeout_s: float = 30.0
    max_bytes: int = 10_000_000
    max_redirects: int = 5
    obey_robots: bool = True
    private_addresses: bool = False  # never fetch loopback or private hosts unless set
    link_days: int = 30            # links older than this (by their address) are not taken
    ports: tuple[int, ...] = ()    # besides 80 and 443, for addresses that people give


@dataclass(frozen=True)
class KeepSettings:
    unmatched_days: int = 30       # text of pages that name nobody of ours
    audit_days: int = 365
    archive_mb: int = 500          # size at which a WARC file is rotated


@dataclass(frozen=True)
class ArchiveSettings:
    """Where raw pages are kept; the keys are read from the environment and never shown."""

    place: str = ""                # "" = var/archive; a folder (of NFS); s3://bucket/prefix
    endpoint: str = ""             # https://host:port of an S3-compatible store; "" = Amazon's
    region: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    ca: str = ""                   # file of the root certificate
    timeout_s: float = 10.0


@dataclass(frozen=True)
class WebSettings:
    host: str = "127.0.0.1"
    port: int = 8420
    idle_minutes: int = 60
    lock_after: int = 5            # failed log-ins
    lock_minutes: int = 15
    address: str = ""              # https://name as people reach the pages, where a proxy stands before them


@dataclass(frozen=True)
class LearningSettings:
    """经验修正: what the desk's cases taught moves the rules' score."""

    enabled: bool = True
    after: int = 5                 # new cases after which it is trained anew by itself


@dataclass(frozen=True)
class Settings:
    database: str = ""             # SQLAlchemy URL; "" = SQLite under var/
    workers: int = 0               # 0 = one per core
    crawl: CrawlSettings = CrawlSettings()
    keep: KeepSettings = KeepSettings()
    archive: ArchiveSettings = ArchiveSettings()
    web: WebSettings = WebSettings()
    search: SearchServer = SearchServer()
    learning: LearningSettings = LearningSettings()
    digest_weekday: int = 4        # 0 Monday … 4 Friday
    digest_hour: int = 16
    sign_minutes: Mapping[int, int] = field(default_factory=lambda: {1: 10, 2: 15, 3: 30, 4: 60})


@dataclass(frozen=True)
class Bureau:
    id: str
    name: str
    region: Region
    folder: Path
    aliases: tuple[str, ...] = ()
    office: str = ""               # editing office printed on the digest
    units: tuple[Unit, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    vocabulary: Vocabulary = Vocabulary()
    levels: tuple[LevelRule, ...] = ()
    channels: tuple[ChannelConfig, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    settings: Settings = Settings()
    duty: DutyRules = DutyRules()

    @property
    def var(self) -> Path:
        """Where the program keeps what it makes: database, archive, logs."""
        return self.folder / "var"

    def unit(self, unit_id: str) -> Unit | None:
        return next((u for u in self.units if u.id == unit_id), None)

    def outlet(self, outlet_id: str) -> Outlet | None:
        return next((o for o in self.outlets if o.id == outlet_id), None)

    def outlet_of(self, host: str) -> Outlet | None:
        """The outlet whose domain is the longest suffix of `host`, or None."""
        host = host.lower().rstrip(".")
        best, found = -1, None
        for outlet in self.outlets:
            for domain in outlet.domains:
                if (host == domain or host.endswith("." + domain)) and len(domain) > best:
                    best, found = len(domain), outlet
        return found

    def scheme_on(self, day: str) -> Scheme | None:
        """The scheme in force on an ISO day: the newest `since` among those that hold."""
        held = [s for s in self.schemes if s.since <= day and (not s.until or day <= s.until)]
        return max(held, key=lambda s: (s.since, s.version), default=None)
