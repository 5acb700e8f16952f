"""One bureau's house: its folder, store and archive opened and put together for whichever process needs them."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from analysis.events import same_event
from analysis.masking import masked
from analysis.learning import Learned
from alerts.channels import ChannelBook
from alerts.incidents import Incidents
from alerts.roster import Roster
from alerts.watches import Watches
from app.clock import SystemClock
from app.commons import Commons
from app.learned import LearnedFile
from config.installation import installation_of, load_installation
from config.watch import Watched
from model.bureau import Bureau
from pipelines.archive_place import BesideShared, open_archive
from pipelines.flow import Flow
from pipelines.shared import BureauStore
from pipelines.store import open_store


class House:
    """`folder` must be a bureau's folder (ConfigError otherwise).  Everything is opened when first asked for.

    A bureau of an installation shares `commons` with the others; they are found by the folder above when not given.
    """

    def __init__(self, folder: Path, process: str = "cli", commons: Commons | None = None):
        self.folder, self.process, self.clock = folder.resolve(), process, SystemClock()
        self._given = commons is not None
        if commons is None and (above := installation_of(self.folder)):
            commons = Commons(load_installation(above), process)
        self.commons = commons
        self.watched = Watched(self.folder)
        self.bureau().var.mkdir(mode=0o750, exist_ok=True)

    def bureau(self) -> Bureau:
        """The folder as it stands now; a broken change leaves the last good one in force."""
        return self.watched.current()

    @functools.cached_property
    def store(self):
        settings = self.bureau().settings
        own = open_store(settings.database or str(self.bureau().var / "jianbao.db"), search=settings.search)
        return BureauStore(own, self.commons.store, self.bureau) if self.commons else own

    @property
    def crawl_store(self):
        """Where the crawl keeps its frontier and says what hinders it."""
        return self.commons.store if self.commons else self.store

    @functools.cached_property
    def archive(self):
        settings = self.bureau().settings
        own = open_archive(settings.archive, self.bureau().var / "archive", self.process, settings.keep.archive_mb)
        return BesideShared(own, self.commons.archive) if self.commons else own

    def kept_in(self) -> list[Path]:
        """The folders that must not run full."""
        places = [(self.bureau().var, self.bureau().settings)]
        if self.commons:
            places.append((self.commons.installation.var, self.commons.installation.settings))
        return [var for var, _ in places] + [var.parent / s.archive.place for var, s in places
                                             if s.archive.place and not s.archive.place.startswith("s3://")]

    def flow(self, held: Flow | None = None) -> Flow:
        """The flow of the bureau as it stands; `held` itself while neither the folder nor what the desk taught has changed."""
        bureau, learned = self.bureau(), self.learned()
        if held is not None and held.bureau is bureau and held.learned is learned:
            return held
        return Flow(bureau, self.store, self.archive, self.clock, learned)

    def learned(self) -> Learned | None:
        """What the desk's cases taught; None while it is switched off or nothing was taught."""
        return self._taught.current() if self.bureau().settings.learning.enabled else None

    @functools.cached_property
    def _taught(self) -> LearnedFile:
        return LearnedFile(self.bureau().var)

    def address(self) -> str:
        """Where the pages are, as people reach them: web.address, or JIANBAO_ADDRESS of a bureau alone, when a proxy stands before it."""
        web = self.bureau().settings.web
        alone = "" if self.commons else os.environ.get("JIANBAO_ADDRESS", "").rstrip("/")
        return web.address or alone or f"http://{web.host}:{web.port}"

    @functools.cached_property
    def incidents(self) -> Incidents:
        return Incidents(self.store, self.bureau, same_event, self.clock, self.address, masked)

    @functools.cached_property
    def roster(self) -> Roster:
        return Roster(self.store, self.bureau, self.clock)

    @functools.cached_property
    def channels(self) -> ChannelBook:
        return ChannelBook(self.store, self.bureau, self.clock)

    @functools.cached_property
    def watches(self) -> Watches:
        return Watches(self.store, self.bureau, self.clock)

    def close(self) -> None:
        for name in ("archive", "store"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()
        if self.commons and not self._given:
            self.commons.close()
