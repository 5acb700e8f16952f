"""Pages as the press prints them, through the real archive, queue and flow of a small bureau."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from app.eval_opinion import WORDS
from config.load import load_vocabulary
from dashboards_office import World, bureau, world
from model.page import Page, PageStatus
from model.region import Region
from model.unit import Alias, Unit
from pipelines.flow import Flow

PLACE = Region("江南省", "云川市")
UNITS = (
    Unit("wjw", "云川市卫生健康委员会", "市卫健委", region=PLACE, is_bureau=True),
    Unit("yy", "云川市人民医院", "市人民医院", (Alias("市一院", ambiguous=True),), PLACE),
    Unit("gp", "高平市人民医院", "高平医院", (Alias("市一院", ambiguous=True),), Region("江南省", "云川市", "高平市")),
)
SHIPPED = load_vocabulary(WORDS)
LINES = (
    "夜间门诊首批开设内科、外科、儿科三个诊室，每晚六时至九时接诊，周末和节假日不停诊，挂号可在手机上办理。",
    "负责人介绍，开诊前两周共接诊一千二百一十六人次，其中上班族和学生家长占七成，平均候诊时间十一分钟。",
    "药房、化验、影像同步延时服务，检查结果当晚可取，急需住院的患者可以直接转入病房，不必再跑一趟。",
    "下一步还将根据就诊数据调整科室和班次，并为值夜班的医护人员安排调休和餐食补助，让服务能长期办下去。",
)
OTHER = (
    "无偿献血志愿者昨天集中体检，共有三百四十二人参加，年龄最大的五十四岁，最小的刚满十八岁。",
    "工作人员为每人建立档案，测量血压和血红蛋白，不合格者当场说明原因并约定复查时间。",
    "本次活动由青年志愿者协会发起，采集的血液将优先保障外科手术和产科抢救，剩余部分入库备用。",
)


class Press:
    """`publish` puts a page out and lets the flow read it; returns the clipping's number (0: nobody of ours is named)."""

    def __init__(self, folder: Path, **more):
        self.world: World = world(folder, **{"units": UNITS, "vocabulary": SHIPPED, **more})
        self.store, self.clock = self.world.store, self.world.clock
        self.flow = self.new_flow()

    def new_flow(self, **more) -> Flow:
        held = self.world.office.bureau()
        return Flow(bureau(self.world.folder, units=more.get("units", held.units), outlets=held.outlets, vocabulary=held.vocabulary), self.store, self.world.office.archive, self.clock)

    def publish(self, title: str, lines=LINES, *, outlet: str = "guojia", number: int = 1, source: str = "", ago_h: float = 5) -> int:
        at = self.clock.now() - timedelta(hours=ago_h)
        name = next(o.name for o in self.world.office.bureau().outlets if o.id == outlet)
        body = "".join(f"<p>{line}</p>" for line in lines)
        html = (f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>"
                f"<div class='info'>{_printed(at)} 来源：{source or name}</div><div class='content'>{body}</div></body></html>")
        page = Page(f"http://{outlet}.example/2026/1121/{number}.html", self.clock.now(), html.encode(), headers={"content-type": "text/html; charset=utf-8"},
                    outlet_id=outlet)
        ref = self.world.office.archive.append(page)
        self.world.office.archive.flush()
        self.store.enqueue([(page, ref)], self.clock.now())
        self.work()
        return self.number(page.url)

    def work(self, flow: Flow | None = None) -> None:
        while pages := self.store.take_pages("test", 20, self.clock.now()):
            (flow or self.flow).run(pages)

    def rerun(self, flow: Flow | None = None) -> None:
        """All of the archive once more."""
        self.store.requeue(None, list(PageStatus), self.clock.now())
        self.work(flow or self.new_flow())

    def number(self, url: str) -> int:
        with self.store.write() as w:
            held = w.held(url)
        return held[0] if held else 0

    def story(self, number: int) -> set[int]:
        """The copies of a clipping's story."""
        return {c.id for c in self.store.story_copies(self.store.clipping(number).story.id)}


def _printed(at: datetime) -> str:
    return (at + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M")
