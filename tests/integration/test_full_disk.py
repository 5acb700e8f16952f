"""A disk that runs full under the archive: the crawl waits and says so, and goes on by itself when there is room; nothing is lost or fetched twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from app.house import House
from app.troubles import Troubles
from app.work import drain
from config.init import make
from config.sample.press import Press
from config.sample.truth import load as truth
from crawlers.handoff import TROUBLE

ROOT = Path(__file__).resolve().parents[2]
ROOM = 200_000


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 4 MB with ROOM bytes left, and the file that fills it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "jianbao-test", disk], capture_output=True).returncode:
        pytest.skip("NO SMALL DISK: a full disk was NOT tried. It needs root and leave to mount a tmpfs.")
    try:
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(4 * 1024 * 1024 - ROOM))
        yield disk, ballast
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def until(true, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


@pytest.mark.slow
def test_a_full_disk_is_told_and_waited_for(small_disk, tmp_path):
    disk, ballast = small_disk
    with Press() as press:
        press.publish_all()
        make(tmp_path / "bureau", sample=True)
        path = tmp_path / "bureau" / "settings.yaml"
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        settings["crawl"]["proxy"] = press.proxy
        settings["archive"] = {"place": str(disk / "archive")}
        path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
        house = House(tmp_path / "bureau", "test")
        troubles = Troubles(house, least_mb=1)
        with open(tmp_path / "log", "wb") as log:
            crawl = subprocess.Popen([sys.executable, "-m", "app.cli", "crawl", str(house.folder)], cwd=ROOT, stdout=log, stderr=log)
        try:
            until(lambda: house.store.get(TROUBLE))
            before = sum(house.store.page_counts().values())
            troubles.look()
            assert any("磁盘空间不足" in t and str(disk) in t for t in troubles.told) and any("存不下" in t for t in troubles.told)
            wanted = {e.url for e in truth(press.now)}
            time.sleep(2)
            assert sum(house.store.page_counts().values()) == before < len(wanted) and crawl.poll() is None
            ballast.unlink()
            until(lambda: sum(house.store.page_counts().values()) >= len(wanted))
            until(lambda: not house.store.get(TROUBLE))
            troubles.look()
            assert not troubles.told
        finally:
            crawl.terminate()
            crawl.wait(20)
        counted = drain(house)
        assert sum(counted.values()) >= len(wanted) and not counted.get("quarantined")
        assert {press.seen[url] for url in wanted} == {1}
        house.close()
