"""A small bureau with real store, archive and desk for the tests of the web app and the digest."""

from __future__ import annotations

import atexit
import shutil
import socket
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import httpx
import uvicorn
from alerts.channels import ChannelBook
from alerts.incidents import Incidents
from alerts.roster import Roster
from alerts.watches import Watches
from analysis.words import cut_for_index
from app.claims import Desk as ClaimsDesk
from app.names import NameDesk
from app.stories import StoryDesk
from app.digest import Digests
from dashboards.accounts import hash_password
from dashboards.office import Office
from dashboards.office import COOKIE
from dashboards.web import make_app
from model.alert import ChannelConfig, Level, LevelRule
from model.article import Article, Person, Signal
from model.bureau import Bureau
from model.clipping import Record
from model.credit import LedgerRow, OutletClass, Scheme
from model.errors import Problem
from model.mention import Mention
from model.opinion import Hit, Judgement, Label
from model.outlet import Outlet, Source, SourceKind, Tier
from model.page import Page, PageStatus
from model.region import Region
from model.source_state import Health
from model.story import Edge, First, FirstState, Relation
from model.unit import Alias, Unit
from model.user import Role, User
from model.vocabulary import Topic, Vocabulary
from pipelines.archive import WarcArchive
from pipelines.credit_desk import CreditDesk
from pipelines.decode import decode
from pipelines.flow import Flow
from pipelines.store import open_store
from selectolax.lexbor import LexborHTMLParser as HTMLParser

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=timezone.utc)          # a Saturday, 10:30 in Shanghai, ISO week 47
PASSWORD = "correct-horse-42"
_HASHED = hash_password(PASSWORD)
SECRET_ENV = "JIANBAO_TEST_WECOM"


class StillClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW):
        self.at = now

    def now(self) -> datetime:
        return self.at


def outlet(id: str, name: str, tier: Tier, **more) -> Outlet:
    return Outlet(id, name, tier, domains=(f"{id}.example",), **more)


OUTLETS = (
    outlet("guojia", "国家健康报", Tier.CENTRAL), outlet("sheng", "江南日报", Tier.PROVINCIAL),
    outlet("shi", "云川日报", Tier.MUNICIPAL, sources=(Source("shi-list", "shi", SourceKind.LISTING, "http://shi.example/news/"),)),
    outlet("wang", "云川在线", Tier.PORTAL, sources=(Source("wang-feed", "wang", SourceKind.FEED, "http://wang.example/rss.xml"),)),
    outlet("own", "云川市人民医院公众号", Tier.OWN, own_unit="yy"),
)
UNITS = (
    Unit("wjw", "云川市卫生健康委员会", "市卫健委", region=Region("江南省", "云川市"), group="委机关", is_bureau=True),
    Unit("yy", "云川市人民医院", "市人民医院", (Alias("市一院", ambiguous=True),), Region("江南省", "云川市"), group="市直医院"),
    Unit("zy", "云川市中医院", "市中医院", region=Region("江南省", "云川市"), group="市直医院"),
    Unit("dq", "云川市东桥区卫生健康局", "东桥区卫健局", region=Region("江南省", "云川市", "东桥区"), group="区县"),
)
SCHEME = Scheme("sample", "1", "样例计分办法", "2026-01-01", classes=(
    OutletClass("central", "中央媒体", 1000, tiers=("central",)), OutletClass("prov", "省级媒体", 600, tiers=("provincial",)),
    OutletClass("city", "市级媒体", 300, outlets=("shi",), tiers=("municipal",))))


def bureau(folder: Path, **more) -> Bureau:
    held = dict(
        id="yunchuan", name="云川市卫生健康委员会", region=Region("江南省", "云川市"), folder=folder, office="云川市卫生健康委办公室",
        units=UNITS, outlets=OUTLETS, schemes=(SCHEME,), channels=(ChannelConfig("duty", "wecom", url_env=SECRET_ENV),),
        levels=(LevelRule(Level.II, {"outlets": 20}, "传播广"), LevelRule(Level.III, {"outlets": 5, "topics": ["T01"]}),
            LevelRule(Level.IV, {})),
        vocabulary=Vocabulary(topics=(Topic("T01", "医疗纠纷", ("纠纷",), ("投诉",), ("纠纷调解",), 2),), frames=("引发质疑",)))
    return Bureau(**{**held, **more})


@dataclass
class World:
    """`office` is what the app gets; the rest makes things happen in it."""

    folder: Path
    clock: StillClock
    office: Office
    desk: Incidents
    numbers: dict[str, int] = field(default_factory=dict)
    address: str = ""
    sessions: dict[str, str] = field(default_factory=dict)

    @property
    def store(self):
        return self.office.store

    def clip(self, title: str, text: str = "", *, outlet: str = "shi", unit: str = "yy", negative: bool = False, story: int | None = None,
             age: timedelta = timedelta(hours=3), url: str = "", unresolved: str = "", hours_late: float = 0.2, **article) -> int:
        """Save a clipping the way the flow does and return its id; `story` joins an existing one as a repost."""
        text = text or f"{title}。本报讯，云川市人民医院今天介绍了有关情况。\n记者在现场看到，各项工作正常进行。"
        published = self.clock.now() - age
        address = url or f"http://{outlet}.example/{len(self.numbers) + 1}.html"
        found = next((o for o in self.office.bureau().outlets if o.id == outlet), None)
        page = Page(address, published + timedelta(hours=hours_late),
            f"<html><title>{title}</title><body><p>{text}</p></body></html>".encode(), outlet_id=outlet)
        ref = self.office.archive.append(page)
        self.office.archive.flush()
        page_id, = self.store.enqueue([(page, ref)], page.fetched_at)
        whole, fields = f"{title}\n{text}", dict(source=found.name if found else outlet,
            people=(Person("张三"), Person("李四", "correspondent")))
        made = Article(address, address, title, text, **{"published": published, "precision": "minute", **fields, **article},
                       signals={"title": Signal("h1", 0.9), "published": Signal("meta:pubdate", 1.0, "与正文一致")})
        mentions, judgements = [], []
        name = next((u.name for u in UNITS if u.id == unit), "")
        if name and name in whole:
            at = whole.index(name)
            mentions.append(Mention(unit, name, at, at + len(name), "全称"))
        elif unit:
            mentions.append(Mention(unit, title[:2], 0, 2, "标题所指"))
        if unresolved and unresolved in whole:
            at = whole.index(unresolved)
            mentions.append(Mention("", unresolved, at, at + len(unresolved), "简称无地名，不能确定", False, candidates=("yy", "zy")))
        if negative:
            at = whole.find("纠纷")
            hits = (Hit("纠纷", "T01", "strong", at, at + 2),) if at >= 0 else ()
            held = Judgement(unit, Label.NEGATIVE, 0.86, 2, "T01", name, text.split("。")[0], ("纠纷",), hits, "强词“纠纷”与单位同句，没有反转")
            judgements += [held, replace(held, unit_id="")]
        else:
            judgements.append(Judgement("", Label.POSITIVE, 0.7, reason="没有判定词"))
        record = Record(page_id, outlet if found else "", found.name if found else outlet, (found.tier if found else Tier.UNKNOWN).value,
            made,
                        tuple(mentions), tuple(judgements), True, str(len(self.numbers)), None, cut_for_index(title), cut_for_index(text))
        seen = page.fetched_at
        with self.store.write() as w:
            article_id = w.save_article(record, seen)
            if story is None:
                story = w.new_story(title, seen)
                w.join(story, Edge(article_id, None, Relation.DIFFERENT, 1.0, "没有相近的稿件"), seen)
                w.set_first(story, First(article_id, FirstState.CONFIRMED, "来源就是本媒体"), title, record.tier)
            else:
                first = w.members(story)[0]
                w.join(story, Edge(article_id, first, Relation.REPOST, 0.97, "正文 97% 相同"), seen)
            w.finish_page(page_id, PageStatus.CLIPPED, "", seen, article_id)
        self.numbers[title] = article_id
        return article_id

    def story_of(self, article_id: int) -> int:
        return self.store.clipping(article_id).story.id

    def alarm(self, title: str, text: str = "", **more) -> int:
        """A negative clipping and the incident that the real desk opens on it; returns the incident's id."""
        article_id = self.clip(title, text or f"{title}，患者家属与云川市人民医院的纠纷引发质疑。", negative=True, **more)
        incident = self.desk.consider(article_id)
        assert incident is not None
        return incident

    def credit(self, article_id: int, unit: str, class_id: str, name: str, cents: int, at: datetime | None = None,
        corrects: int | None = None) -> int:
        row = LedgerRow(0, at or self.clock.now() - timedelta(hours=1), unit, article_id, self.story_of(article_id), "sample@1", class_id,
            name,
                        cents, "2026Q4", f"{name} {cents / 100:.2f} × 1 = {cents / 100:.2f}", "首发，单位确定", corrects=corrects)
        with self.store.write() as w:
            return w.add_ledger(row)

    def fill(self) -> None:
        """A week as it may be: reposts, an alert, an own platform, last week's piece, an unregistered outlet, sources in every state."""
        first = self.clip("云川市人民医院开设夜间门诊", age=timedelta(hours=30))
        self.clip("我市一医院开设夜间门诊方便上班族", outlet="wang", story=self.story_of(first), age=timedelta(hours=20), source="云川日报")
        self.clip("江南云川：夜间门诊进医院", outlet="sheng", story=self.story_of(first), age=timedelta(hours=18), source="云川日报")
        second = self.clip("云川市中医院义诊走进东桥社区", "云川市中医院组织专家义诊，云川市东桥区卫生健康局参加。", unit="zy", outlet="guojia", age=timedelta(days=2))
        self.clip("公众号：本院门诊安排", outlet="own", age=timedelta(hours=9))
        self.clip("某自媒体谈夜间门诊", outlet="zimeiti", age=timedelta(hours=8), unresolved="云川市人民医院", unit="")
        self.clip("上周的一篇旧稿", age=timedelta(days=8))
        self.alarm("云川市人民医院一起纠纷引关注", age=timedelta(minutes=50))
        row = self.credit(first, "yy", "city", "市级媒体", 300)
        self.credit(second, "zy", "central", "中央媒体", 1000)
        self.credit(first, "yy", "city", "市级媒体", -300, corrects=row)
        self.credit(first, "yy", "city", "市级媒体", 300)
        now = self.clock.now()
        self.store.sync_sources([s for o in self.office.bureau().outlets for s in o.sources], now)
        ok, bad = sorted(self.store.due_sources(now, 10), key=lambda s: s.id)
        self.store.record_poll(replace(ok, health=Health.OK, last_poll=now, last_ok=now, next_due=now + timedelta(minutes=10)), [], now)
        self.store.record_poll(replace(bad, health=Health.FAILING, last_poll=now, failures=4, fail_kind="http_503",
            fail_detail="Service Unavailable",
                                       next_due=now + timedelta(hours=1)), [], now)


@cache
def _template() -> Path:
    """A database with its tables and a user for every role, made once and copied."""
    folder = Path(tempfile.mkdtemp(prefix="jianbao-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = open_store(folder / "made.db")
    for role in Role:
        store.save_user(User(0, role.value, f"{role.label}甲", role, "yy" if role is Role.UNIT else ""), _HASHED)
    store.backup(str(folder / "copy.db"))
    store.close()
    return folder / "copy.db"


def world(folder: Path, *, clock: StillClock | None = None, problems: list[Problem] | None = None, **more) -> World:
    """An empty one with a user for every role; the log-in name is the role, the password PASSWORD."""
    clock = clock or StillClock()
    shutil.copy(_template(), folder / "jianbao.db")
    store, archive, held = open_store(folder / "jianbao.db", clock=clock), WarcArchive(folder / "archive", "test"), bureau(folder, **more)
    desk = Incidents(store, lambda: held, lambda clipping, others: (False, ""), clock, lambda: "http://test")
    office = Office(lambda: held, store, desk, archive, lambda body, headers: decode(body, headers).text, clock, lambda: problems or [],
        b"test secret of the forms", claims=ClaimsDesk(SimpleNamespace(store=store, bureau=lambda: held, clock=clock)), credits=CreditDesk(store, lambda: held, clock), roster=Roster(store, lambda: held, clock),
        channels=ChannelBook(store, lambda: held, clock), watches=Watches(store, lambda: held, clock),
        digests=Digests(store, lambda: held, clock, lambda: "http://test"), stories=StoryDesk(store, lambda: held, clock),
        names=NameDesk(store, lambda: held, clock, lambda: Flow(held, store, archive, clock)))
    made = World(folder, clock, office, desk)
    return made


_servers: list[uvicorn.Server] = []


def serve(made: World) -> str:
    """Serve the app over a real port of this machine until the tests end; its address."""
    server = uvicorn.Server(uvicorn.Config(make_app(made.office), port=0, log_level="critical", timeout_graceful_shutdown=1))
    listening = socket.socket(proto=socket.IPPROTO_TCP)          # named, so that answers are sent without delay
    listening.bind(("127.0.0.1", 0))
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    while not server.started:
        time.sleep(0.005)
    _servers.append(server)
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@atexit.register
def _stop() -> None:
    for server in _servers:
        server.should_exit = True


def client_of(made: World) -> httpx.Client:
    """A browser that nobody has logged in with."""
    if not made.address:
        made.address = serve(made)
    return httpx.Client(base_url=made.address, follow_redirects=True, timeout=20, trust_env=False)


def log_in(client: httpx.Client, name: str, password: str = PASSWORD, target: str = "/") -> httpx.Response:
    """Fill in the log-in form as it is shown."""
    return client.post("/login", data={"name": name, "password": password, "csrf": token_on(client.get("/login",
        params={"next": target})), "next": target})


def client_as(made: World, name: str) -> httpx.Client:
    """A browser of the user's; all browsers of one user share a session, as the tabs of one do."""
    client = client_of(made)
    if name in made.sessions:
        client.cookies.set(COOKIE, made.sessions[name])
    else:
        answer = log_in(client, name)
        assert answer.status_code == 200 and "登录名或密码" not in answer.text, answer.text
        made.sessions[name] = client.cookies[COOKIE]
    return client


def token_on(answer: httpx.Response) -> str:
    """The form token of a shown page."""
    return HTMLParser(answer.text).css_first("input[name=csrf]").attributes["value"]
