"""What the bureaus of one installation have in common: the crawl's frontier and log of fetched pages, and the archive of those pages."""

from __future__ import annotations

import functools

from model.installation import Installation
from pipelines.archive_place import open_archive
from pipelines.store import open_store


class Commons:
    """Everything is opened when first asked for."""

    def __init__(self, installation: Installation, process: str):
        self.installation, self.process = installation, process
        installation.var.mkdir(mode=0o750, exist_ok=True)

    @functools.cached_property
    def store(self):
        return open_store(self.installation.settings.database or str(self.installation.var / "jianbao.db"))

    @functools.cached_property
    def archive(self):
        settings = self.installation.settings
        return open_archive(settings.archive, self.installation.var / "archive", self.process, settings.keep.archive_mb)

    def close(self) -> None:
        for name in ("archive", "store"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()
