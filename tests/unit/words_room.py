"""A bureau's house in a folder of its own for the tests of words, rules and cases: the real folder, store, flow, desk and pages."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from app.house import House
from app.serve import office
from dashboards.accounts import hash_password
from dashboards.office import Office
from dashboards_office import PASSWORD
from model.page import Page
from model.user import Role, User

SAMPLE = Path(__file__).resolve().parents[2] / "config" / "sample" / "bureau"
DRAMA = "云川市第一人民医院话剧《误诊》上演 医生护士登台{}", "话剧《误诊》在云川市第一人民医院上演，讲述医院误诊引发家属质疑的故事，医生护士登台表演，观众点评热烈，讲述第{}段往事。"


@dataclass
class Room:
    """Served as any other `World` of the tests: `office`, `address`, `sessions`."""

    house: House
    office: Office
    address: str = ""
    sessions: dict[str, str] = field(default_factory=dict)
    pages: int = 0

    @property
    def folder(self) -> Path:
        return self.house.folder

    @property
    def store(self):
        return self.house.store

    def publish(self, title: str, text: str, *, age: timedelta = timedelta(hours=1)) -> int:
        """A page through the whole flow as a work process takes it now, and its alert; returns the number of the clipping."""
        self.pages += 1
        at = datetime.now(timezone.utc) - age
        url = f"http://www.ycrb.example.cn/{at:%Y-%m/%d}/c_{self.pages}.html"
        body = "".join(f"<p>{part}</p>" for part in text.split("\n"))
        html = (f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>"
                f"<div class='time'>{at:%Y-%m-%d %H:%M}　来源：云川日报</div><div class='content'>{body}</div></body></html>")
        page = Page(url, at, html.encode(), headers={"content-type": "text/html; charset=utf-8"})
        ref = self.house.archive.append(page)
        self.house.archive.flush()
        self.store.enqueue([(page, ref)], at)
        flow = self.house.flow()
        flow.run(self.store.take_pages("test", 10, self.house.clock.now()))
        with self.store.write() as w:
            held = w.held(url)
        assert held, "the page became no clipping"
        self.house.incidents.consider(held[0])
        return held[0]

    def judged(self, article_id: int, unit: str = ""):
        return next(j for j in self.store.clipping(article_id).judgements if j.unit_id == unit)


def room(folder: Path) -> Room:
    shutil.copytree(SAMPLE, folder / "bureau")
    house = House(folder / "bureau", "test")
    hashed = hash_password(PASSWORD)
    for role in Role:
        house.store.save_user(User(0, role.value, f"{role.label}甲", role, house.bureau().units[0].id if role is Role.UNIT else ""), hashed)
    return Room(house, office(house))
