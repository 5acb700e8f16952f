"""What is fetched once comes to every bureau that lists the outlet: once, whole, whoever takes it over at the same moment; on both engines."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.bureau import Bureau, Settings
from model.outlet import Outlet, Source, SourceKind, Tier
from model.page import ArchiveRef, Page
from model.region import Region
from model.source_state import Link
from pipelines.archive_place import SHARED
from pipelines.shared import BureauStore, common_id, union
from pipelines.store import open_store

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)


def source(outlet: str, number: int = 1, **fields) -> Source:
    return Source(f"{outlet}-{number}", outlet, SourceKind.LISTING, f"http://www.{outlet}.example/list{number}", **fields)


def bureau(name: str, *outlets: Outlet) -> Bureau:
    return Bureau(name, name, Region(), Path(name), outlets=outlets)


def outlet(name: str, **fields) -> Outlet:
    return Outlet(name, name, Tier.MUNICIPAL, domains=(f"{name}.example",), **{"sources": (source(name),)} | fields)


CITY = bureau("city", outlet("paper", delay_s=1.0), outlet("radio"))
COUNTY = bureau("county", replace(outlet("paper", delay_s=5.0), id="local-paper",
                                  sources=(replace(source("paper"), id="ours", outlet_id="local-paper", min_interval_s=60),
                                           replace(source("paper", 2), outlet_id="local-paper"))),
                outlet("club"))


def test_the_crawl_sees_each_address_once_and_the_longest_pause():
    whole = union("省", Path("x"), [CITY, COUNTY], Settings())
    sources = [s for o in whole.outlets for s in o.sources]
    assert sorted(s.url for s in sources) == sorted({s.url for b in (CITY, COUNTY) for o in b.outlets for s in o.sources})
    assert {s.id for s in sources} == {common_id(s) for b in (CITY, COUNTY) for o in b.outlets for s in o.sources}
    assert next(s for s in sources if s.url == source("paper").url).min_interval_s == 60
    assert whole.outlet_of("www.paper.example").delay_s == 5.0
    assert all(s.outlet_id == o.id for o in whole.outlets for s in o.sources)


@pytest.fixture
def stores(place):
    common = open_store(place())
    own = {b.id: open_store(place()) for b in (CITY, COUNTY)}
    common.sync_sources([s for o in union("省", Path("x"), [CITY, COUNTY], Settings()).outlets for s in o.sources], NOW)
    yield common, {name: BureauStore(own[name], common, lambda b=b: b) for name, b in (("city", CITY), ("county", COUNTY))}
    for one in (common, *own.values()):
        one.close()


def fetched(common, host: str, *numbers: int, listed: Source | None = None) -> None:
    common.enqueue([(Page(f"http://{host}/{n}.html", NOW, b"x", source_id=common_id(listed) if listed else ""),
                     ArchiveRef(f"20261121/{host}.warc.gz", n, 10, "0" * 64)) for n in numbers], NOW)


def queue(store) -> list[tuple[str, str, str, str]]:
    return [(p.url, p.outlet_id, p.source_id, p.ref.file) for p in store.take_pages("w", 5000, NOW)]


def test_a_page_goes_to_all_who_list_its_outlet_under_their_own_names(stores):
    common, own = stores
    fetched(common, "www.paper.example", 1, listed=source("paper"))
    fetched(common, "m.paper.example", 2)
    fetched(common, "www.club.example", 3)
    fetched(common, "mirror.example", 4, listed=source("radio"))
    assert [s.take_over(NOW) for s in own.values()] == [3, 3]
    file = SHARED + "20261121/{}.warc.gz"
    assert queue(own["city"]) == [("http://www.paper.example/1.html", "paper", "paper-1", file.format("www.paper.example")),
                                  ("http://m.paper.example/2.html", "paper", "", file.format("m.paper.example")),
                                  ("http://mirror.example/4.html", "radio", "radio-1", file.format("mirror.example"))]
    assert [(u, o, s) for u, o, s, _ in queue(own["county"])] == [
        ("http://www.paper.example/1.html", "local-paper", "ours"), ("http://m.paper.example/2.html", "local-paper", ""),
        ("http://www.club.example/3.html", "club", "")]


def test_many_processes_take_over_at_once_and_none_comes_twice(stores):
    common, own = stores
    begin = threading.Barrier(5)

    def take() -> None:
        begin.wait()
        for _ in range(6):
            own["city"].take_over(NOW)

    def fetch() -> None:
        begin.wait()
        for n in range(40):
            fetched(common, "www.paper.example", *range(n * 20, n * 20 + 20))

    threads = [threading.Thread(target=t) for t in (take, take, take, take, fetch)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    own["city"].take_over(NOW)
    assert own["county"].take_over(NOW) == 800                      # one that was away takes up everything
    assert [u for u, *_ in queue(own["city"])] == [f"http://www.paper.example/{n}.html" for n in range(800)]
    assert own["city"].take_over(NOW) == 0


def test_addresses_asked_for_go_to_the_common_crawl_and_states_come_back_by_own_names(stores):
    common, own = stores
    assert own["county"].offer([Link("http://www.paper.example/1_2.html", "local-paper", "ours", {"part_of": "x"}, 5)], NOW) == 1
    assert own["city"].offer([Link("http://www.paper.example/1_2.html", "paper", "paper-1", {"part_of": "x"}, 5)], NOW) == 0
    [link] = common.due_links(NOW, 10)
    assert link.source_id == common_id(source("paper"))
    assert [(s.outlet_id, s.id) for s in own["county"].source_states()] == [("club", "club-1"), ("local-paper", "ours"), ("local-paper", "paper-2")]
    assert [s.id for s in own["city"].source_states()] == ["paper-1", "radio-1"]
    common.offer([Link("http://www.club.example/9.html", "club", common_id(source("club")), {}, 0)], NOW)
    assert own["city"].link_counts() == {"waiting": 0, "leased": 1, "done": 0, "failed": 0}
    assert own["county"].link_counts()["waiting"] == 1
