"""What keeps the house from doing its work, in words for the pages: a full disk, an archive or a search server that is away."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from app.house import House
from crawlers.handoff import TROUBLE

log = logging.getLogger("jianbao.troubles")
LEAST_MB = 500         # below, databases and archives are about to stop


class Troubles:
    """`look` is called by a timed job, so that no page waits for a server that does not answer; `told` is the newest answer."""

    def __init__(self, house: House, least_mb: int = LEAST_MB):
        self.house, self.least_mb, self.told = house, least_mb, ()

    def look(self) -> None:
        found = [*self._disks(), *self._handoff(), *self._search()]
        for line in found:
            if line not in self.told:
                log.warning("%s", line)
        self.told = tuple(found)

    def _disks(self) -> list[str]:
        found: dict[int, str] = {}
        for folder in self.house.kept_in():
            try:
                place, free = _standing(folder), shutil.disk_usage(_standing(folder)).free // 1_000_000
            except OSError as error:
                found[len(found)] = f"存放数据的文件夹打不开：{folder}（{error.strerror}）。请检查磁盘和挂载。"
                continue
            if free < self.least_mb:
                found[place.stat().st_dev] = (f"磁盘空间不足：{folder} 只剩 {free} MB。空间用完后采集和入库会停下等待，已采网页不会丢失；"
                                              "请清理旧备份或扩容，之后自动继续。")
        return list(found.values())

    def _handoff(self) -> list[str]:
        told = self.house.crawl_store.get(TROUBLE)
        return [f"采到的网页暂时存不下，采集已停下等待，恢复后自动继续。{told}"] if told else []

    def _search(self) -> list[str]:
        if not self.house.bureau().settings.search.hosts:
            return []
        told = self.house.store.search_state().trouble
        return [f"{told}；检索已改由数据库进行，入库和报警不受影响。"] if told else []


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return folder if folder.exists() or folder == folder.parent else _standing(folder.parent)
