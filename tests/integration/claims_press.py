"""The sample press on a fixed day, partly held in the archive, for tests of claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

from app.house import House
from app.work import drain
from config.init import make
from config.sample.press import Press
from config.sample.press.site import Answer, Site
from model.page import Page
from pipelines.owner import owner
from pipelines.urls import canonical

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=timezone.utc)      # 23:00 in Shanghai, late in the fourth quarter


class Fixed:
    """A clock that stands, unless moved."""

    def __init__(self, now: datetime = NOW):
        self.at = now

    def now(self) -> datetime:
        return self.at


class Wider:
    """The sites of the press with pages added; what is added comes first, whatever share marks an address carries."""

    def __init__(self, site: Site, added: Mapping[str, Answer]):
        self.site, self.added = site, {canonical(url): answer for url, answer in added.items()}

    def answer(self, url: str, elapsed: float) -> Answer | None:
        return self.added.get(canonical(url)) or self.site.answer(url, elapsed)


def sample_house(folder: Path, press: Press, clock: Fixed | None = None) -> House:
    """The sample bureau in `folder`, reading the press through its proxy."""
    make(folder, sample=True)
    settings = folder / "settings.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("http://127.0.0.1:8421", press.proxy), encoding="utf-8")
    house = House(folder, "test")
    house.clock = clock or Fixed()
    return house


def hold(house: House, press: Press, urls: Iterable[str], extra: Callable[[str], bytes | None] = lambda url: None) -> None:
    """Put pages of the press into the archive as a crawl an hour ago would have, and work them through."""
    kept = []
    for url in urls:
        answer = press.site.answer(url, float("inf"))
        found = owner(house.bureau(), url)
        page = Page(
            url,
            house.clock.now() - timedelta(hours=1),
            answer.body,
            answer.status,
            {"content-type": answer.kind},
            found.id if found else "",
            "press",
        )
        kept.append((page, house.archive.append(page)))
    house.archive.flush()
    house.store.enqueue(kept, house.clock.now())
    drain(house)
