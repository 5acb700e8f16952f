"""One installation, three bureaus (one broken): one fetch of each page for all, and nothing of one bureau to be seen by another."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from typer.testing import CliRunner

from app.cli import app
from app.house import House
from app.people import add
from config.init import make, make_installation
from config.installation import installation_problems
from config.sample.press import Press
from config.sample.truth import load as truth
from model.search import Query
from model.user import Role
from servers.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
FEWER = ("shenzhou", "weishi", "linjiang")     # the outlets of the second bureau
pytestmark = pytest.mark.slow


def edited(path: Path, change) -> None:
    held = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(held)
    path.write_text(yaml.safe_dump(held, allow_unicode=True), encoding="utf-8")


def build(folder: Path, proxy: str) -> dict[str, int]:
    make_installation(folder, ["one"])
    ports = {}
    for name in ("one", "two", "ill"):
        if name != "one":
            make(folder / name, sample=True)
        else:
            for path in sorted((folder / name).rglob("*"), reverse=True):
                path.unlink() if path.is_file() else path.rmdir()
            make(folder / name, sample=True)
        ports[name] = free_port()
        edited(folder / name / "settings.yaml", lambda s: s["web"].update(port=ports[name]))
        edited(folder / name / "bureau.yaml", lambda b: b.update(id=name))
    edited(folder / "two" / "bureau.yaml", lambda b: b.update(name="清河县卫生健康局", aliases=["清河县卫健局"]))
    edited(folder / "two" / "outlets.yaml", lambda o: o.update(outlets=[x for x in o["outlets"] if x["id"] in FEWER]))
    edited(folder / "two" / "units.yaml", lambda u: u.update(units=[
        {"id": "qhj", "name": "清河县卫生健康局", "short": "清河卫健局", "is_bureau": True},
        *({**x, "parent": "qhj"} for x in u["units"] if x["id"] == "syy")]))
    (folder / "ill" / "units.yaml").write_text("units: [", encoding="utf-8")
    (folder / "installation.yaml").write_text("name: 全省\nbureaus: [one, two, ill]\n", encoding="utf-8")
    (folder / "settings.yaml").write_text(f"crawl: {{proxy: '{proxy}', delay_s: 0, timeout_s: 10}}\n", encoding="utf-8")
    return ports


class Running:
    def __init__(self, folder: Path, log: Path):
        self.folder, self.log, self.crew = folder, log, []

    def start(self, *command: str) -> None:
        with open(self.log, "ab") as out:
            self.crew.append(subprocess.Popen([sys.executable, "-m", "app.cli", *command], cwd=ROOT, stdout=out, stderr=out, env={**os.environ}))

    def end(self) -> None:
        for process in self.crew:
            process.terminate()
        for process in self.crew:
            process.wait(30)


def until(true, seconds: float = 150, log: Path | None = None):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := true():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError("waited in vain" + (log.read_text(encoding="utf-8")[-3000:] if log else ""))


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    folder = tmp_path_factory.mktemp("province") / "all"
    with Press() as press:
        press.publish_all()
        ports = build(folder, press.proxy)
        done = subprocess.run([sys.executable, "-m", "app.cli", "crawl", str(folder), "--once"], cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-3000:]
        running = Running(folder, folder.parent / "log")
        for command in (("work", str(folder), "--name", "work-1"), ("work", str(folder), "--name", "work-2"), ("serve", str(folder))):
            running.start(*command)
        houses = {name: House(folder / name, "test") for name in ("one", "two")}
        try:
            for house in houses.values():
                until(lambda: _worked(house), log=running.log)
            yield folder, press, ports, houses
        finally:
            running.end()
            for house in houses.values():
                house.close()
    said = running.log.read_text(encoding="utf-8")
    assert "Traceback" not in said, said[-3000:]


def _worked(house: House) -> bool:
    counts = house.store.page_counts()
    last = house.commons.store.pages_after(int(house.store.get("shared:page", "0")), 1)
    return not last and sum(counts.values()) > 5 and not counts["queued"] + counts["leased"] + house.store.task_counts()["pending"]


def test_every_page_was_fetched_once_for_all(province):
    _, press, _, houses = province
    urls = {name: {c.article.url for c in house.store.clippings(house.store.search(Query(per_page=500, matched_only=False)).ids)}
            for name, house in houses.items()}
    both = urls["one"] & urls["two"]
    assert len(both) >= 5 and len(urls["one"]) > len(both)
    articles = {e.url for e in truth(press.now)}
    assert {press.seen[u] for u in both & articles} == {1}


def test_a_bureau_has_all_of_its_outlets_and_nothing_of_others(province):
    _, press, _, houses = province
    counts = {name: sum(house.store.page_counts().values()) for name, house in houses.items()}
    log = houses["one"].commons.store.pages_after(0, 5000)
    of_two = sum(bool(houses["two"].bureau().outlet_of(urlsplit(p.url).hostname)) for p in log)
    assert counts == {"one": len(log), "two": of_two} and 0 < of_two < len(log)
    two = houses["two"].store.clippings(houses["two"].store.search(Query(per_page=500)).ids)
    assert two and {c.outlet_id for c in two} <= set(FEWER)
    assert {unit for c in two for unit in c.unit_ids} <= {"syy", "qhj", ""}
    assert {s.outlet_id for s in houses["two"].store.source_states()} == set(FEWER)
    first = houses["two"].store.clipping(two[0].id)
    assert first.ref.file.startswith("shared/") and houses["two"].archive.read(first.ref)


def logged_in(house: House, port: int) -> httpx.Client:
    """A browser of the bureau's admin: the first password, changed as it asks."""
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True)
    password = add(house, "zhang", "张三", Role.ADMIN, "")

    def token(path: str) -> str:
        return re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)[1]

    client.post("/login", data={"name": "zhang", "password": password, "csrf": token("/login")})
    new = f"only-for-tests-{house.folder.name}-8"
    client.post("/password", data={"old": password, "new": new, "again": new, "csrf": token("/password")})
    assert client.get("/").status_code == 200 and "/login" not in str(client.get("/").url)
    return client


def test_who_is_in_one_bureau_is_a_stranger_in_the_other(province):
    _, _, ports, houses = province
    one = logged_in(houses["one"], ports["one"])
    assert "云川市卫生健康委员会" in one.get("/").text
    cookies = {c.name: c.value for c in one.cookies.jar}
    assert any(name == "jianbao-one" for name in cookies)
    clipping = houses["one"].store.search(Query(per_page=1)).ids[0]
    paths = ("/", "/clippings", f"/clippings/{clipping}", "/clippings?q=医院", "/incidents", "/live", "/claims", "/credits", "/digest", "/settings/users",
             f"/archive/{clipping}", "/outlets", "/duty")
    for sent in (cookies, {"jianbao-two": cookies["jianbao-one"]}):
        for path in paths:
            answer = httpx.get(f"http://127.0.0.1:{ports['two']}{path}", cookies=sent, follow_redirects=False)
            assert answer.status_code in (303, 401, 404) and "/login" in answer.headers.get("location", "/login"), (path, answer.status_code)
            assert "云川" not in answer.text
    two = logged_in(houses["two"], ports["two"])
    page = two.get("/").text
    assert "清河县卫生健康局" in page and "云川市卫生健康委员会" not in page
    assert one.get("/clippings").status_code == 200                    # both in at once: neither log-in ends the other
    assert houses["two"].store.user("zhang")[1] != houses["one"].store.user("zhang")[1]
    both = httpx.Client(base_url=f"http://127.0.0.1:{ports['two']}", cookies=cookies)
    csrf = re.search(r'name="csrf" value="([^"]+)"', both.get("/login").text)[1]
    answer = both.post("/login", data={"name": "zhang", "password": "only-for-tests-one-8", "csrf": csrf})
    assert answer.status_code == 401


def test_records_of_cases_claims_and_credits_are_apart(province):
    _, _, _, houses = province
    one, two = houses["one"].store, houses["two"].store
    assert one.incidents(limit=100) and one.ledger(limit=100)
    assert {u for i in two.incidents(limit=100) for u in i.units} <= {"syy", "qhj", ""}
    assert {r.unit_id for r in two.ledger(limit=500)} <= {"syy", "qhj"}
    only_one = next(c for c in one.clippings(one.search(Query(per_page=500)).ids) if c.outlet_id not in FEWER)
    assert not two.search(Query(f'"{only_one.article.title[:12]}"', matched_only=False)).total


def test_a_broken_bureau_is_told_and_taken_up_when_mended(province):
    folder, _, ports, _ = province
    assert any(p.file == "ill/units.yaml" and not p.warning for p in installation_problems(folder))
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{ports['ill']}/healthz")
    assert httpx.get(f"http://127.0.0.1:{ports['one']}/healthz").status_code == 200
    (folder / "ill" / "units.yaml").write_text((folder / "one" / "units.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert not [p for p in installation_problems(folder) if not p.warning]
    until(lambda: httpx.get(f"http://127.0.0.1:{ports['ill']}/healthz").status_code == 200, 30)
    mended = House(folder / "ill", "test")
    until(lambda: _worked(mended), 60)
    assert sum(mended.store.page_counts().values()) > 20
    mended.close()


def test_what_two_bureaus_must_not_share_is_refused(province, tmp_path):
    make_installation(tmp_path / "x", ["a", "b"])
    assert not [p for p in installation_problems(tmp_path / "x") if not p.warning]
    settings = tmp_path / "x" / "b" / "settings.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("port: 8421", "port: 8420"), encoding="utf-8")
    [told] = [p for p in installation_problems(tmp_path / "x") if not p.warning]
    assert "web.port" in str(told) and "单位 a" in str(told)
    for command in ("crawl", "up"):
        assert CliRunner().invoke(app, [command, str(tmp_path / "x" / "a")]).exit_code == 2
    assert CliRunner().invoke(app, ["search", "医院", "-b", str(tmp_path / "x")]).exit_code == 1
    assert CliRunner().invoke(app, ["check", str(tmp_path / "x")]).exit_code == 3
