"""The houses of an installation: every bureau that can be opened, whatever is wrong with the others."""

from __future__ import annotations

import logging
from pathlib import Path

from app.commons import Commons
from app.house import House
from config.installation import FILE, load_installation
from model.bureau import Bureau
from model.errors import ConfigError
from model.installation import Installation
from pipelines.shared import union

log = logging.getLogger("jianbao.installation")


class Houses:
    """`folder` must be an installation's (ConfigError otherwise); its changes are taken up, a broken change leaves what was."""

    def __init__(self, folder: Path, process: str = "cli"):
        self.folder, self.process = folder.resolve(), process
        self._mark, self._installation = self._marked(), load_installation(self.folder)
        self.commons = Commons(self._installation, process)
        self._open: dict[str, House] = {}
        self._refused: dict[str, str] = {}
        self._union: tuple[list[Bureau], Bureau] | None = None

    def installation(self) -> Installation:
        if (mark := self._marked()) != self._mark:
            self._mark = mark
            try:
                self._installation = load_installation(self.folder)
            except ConfigError as error:
                log.error("%s 改坏了，仍按原来的运行：%s", FILE, error)
        return self._installation

    def houses(self) -> dict[str, House]:
        """Folder name → house, of the bureaus whose folders are right; what is wrong with the others is told once."""
        listed = self.installation().bureaus
        for name in [n for n in self._open if n not in listed]:
            self._open.pop(name).close()
        for name in listed:
            if name in self._open:
                continue
            try:
                self._open[name] = House(self.folder / name, self.process, self.commons)
                self._refused.pop(name, None)
            except (ConfigError, OSError) as error:
                if self._refused.get(name) != str(error):
                    self._refused[name] = str(error)
                    log.error("单位 %s 的文件夹有错，先不运行它，其他单位照常：%s", name, error)
        return {name: self._open[name] for name in listed if name in self._open}

    def forget(self, name: str) -> None:
        """Open the bureau's house anew when it is next asked for."""
        self._open.pop(name, None)

    @property
    def refused(self) -> dict[str, str]:
        """Folder name → what is wrong, of the bureaus that are not opened."""
        return dict(self._refused)

    def union(self) -> Bureau:
        """What the crawl sees: the same object as long as no bureau has changed."""
        bureaus = [house.bureau() for house in self.houses().values()]
        settings = self.installation().settings
        if self._union is None or self._union[1].settings != settings or [id(b) for b in bureaus] != [id(b) for b in self._union[0]]:
            self._union = bureaus, union(self.installation().name, self.folder, bureaus, settings)
        return self._union[1]

    def _marked(self) -> tuple:
        found = []
        for name in (FILE, "settings.yaml"):
            try:
                stat = (self.folder / name).stat()
                found.append((stat.st_size, stat.st_mtime_ns, stat.st_ino))
            except OSError:
                found.append(None)
        return tuple(found)

    def close(self) -> None:
        for house in self._open.values():
            house.close()
        self.commons.close()
