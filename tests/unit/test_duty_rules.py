"""Watches and channels set up on their pages, over a real folder: what is written, what is refused; no address is ever shown back."""

import io
import stat
from types import SimpleNamespace

import openpyxl
import pytest
from app.house import House
from app.serve import office
from config.init import make
from dashboards.accounts import hash_password
from dashboards_office import PASSWORD, client_as, token_on
from model.user import Role, User
from receiver import receiving

SECRET = "very-secret-key-77"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rules") / "bureau"
    make(folder, sample=True)
    house = House(folder, "test")
    hashed = hash_password(PASSWORD)
    for name, role in (("root", Role.ADMIN), ("desk", Role.DUTY), ("reader", Role.READER)):
        house.store.save_user(User(0, name, name, role), hashed)
    yield house
    house.close()


@pytest.fixture(scope="module")
def served(house):
    return SimpleNamespace(office=office(house), address="", sessions={})


@pytest.fixture
def root(served):
    return client_as(served, "root")


@pytest.fixture
def desk(served):
    return client_as(served, "desk")


def post(client, path, **data):
    return client.post(path, data={"csrf": token_on(client.get("/password")), **data})


def rules(house):
    return (house.folder / "rules.yaml").read_text(encoding="utf-8")


def test_a_watch_is_set_up_changed_and_ended_on_its_page(house, desk):
    before = rules(house)
    unit = house.bureau().units[1].id
    assert "新设监测" in desk.get("/watches").text and desk.get("/watches/new").status_code == 200
    bad = post(desk, "/watches/new", name="挂号费调整", words="挂号费", since="2026-12-31", until="2026-12-01")
    assert bad.status_code == 409 and "早于起日" in bad.text and 'value="挂号费调整"' in bad.text and rules(house) == before
    made = post(desk, "/watches/new", name="挂号费调整", words="挂号费、门诊 价格", since="2020-01-01", until="2099-12-31", unit=unit)
    watch, = house.bureau().duty.watches
    assert made.url.path == f"/watches/{watch.id}" and watch.words == ("挂号费", "门诊", "价格") and watch.units == (unit,)
    assert all(line in rules(house) for line in before.splitlines() if line.startswith("#")), "comments are kept"
    post(desk, f"/watches/{watch.id}/edit", name="挂号费", words="挂号费", since="2020-01-01", until="2099-12-31")
    assert house.bureau().duty.watches[0].words == ("挂号费",) and not house.bureau().duty.watches[0].units
    assert post(desk, f"/watches/{watch.id}/stop").url.path == "/watches"
    assert house.bureau().duty.watches[0].until < "2099" and "到今天为止" in desk.get("/duty/log").text
    post(desk, "/watches/new", name="还没开始的", words="词", since="2098-01-01", until="2099-12-31")
    ahead = next(w for w in house.bureau().duty.watches if w.since == "2098-01-01")
    post(desk, f"/watches/{ahead.id}/stop")
    assert [w.id for w in house.bureau().duty.watches] == [watch.id]
    assert post(desk, "/watches/nothing/stop").status_code == 404


def test_a_channel_is_added_tried_changed_and_taken_out_and_its_address_shows_nowhere(house, root):
    with receiving() as there:
        address = f"{there.address().rstrip('/')}/{SECRET}"
        assert post(root, "/duty/channels/edit", channel="坏 编号", kind="webhook", address=address).status_code == 409
        refused = post(root, "/duty/channels/edit", channel="hook", kind="webhook", address="没有网址")
        assert refused.status_code == 409 and "一整个网址" in refused.text and "没有网址" not in refused.text
        assert "环境变量名" in post(root, "/duty/channels/edit", channel="hook", kind="webhook").text
        assert post(root, "/duty/channels/edit", channel="hook", kind="webhook", address=address, next="nobody",
                    min_level="4").status_code == 409
        kept = house.folder / "secrets" / "hook.txt"
        assert not kept.exists(), "what is refused leaves nothing behind"
        assert post(root, "/duty/channels/edit", channel="hook", kind="webhook", address=address,
                    min_level="3").url.path == "/duty/channels"
        config, = house.bureau().channels
        assert (config.url_file, int(config.min_level)) == ("secrets/hook.txt", 3) and SECRET not in rules(house)
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600 and stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
        assert "已送达" in post(root, "/duty/channels/test", channel="hook").text and len(there.got) == 1
        post(root, "/duty/channels/edit", held="hook", kind="webhook", address="", min_level="4")
        assert int(house.bureau().channels[0].min_level) == 4 and kept.read_text().strip() == address, "an empty field changes no address"
        again = post(root, "/duty/channels/edit", channel="hook", kind="webhook", address=address)
        assert again.status_code == 409 and "已经有了" in again.text
    shown = [root.get(path).text for path in ("/duty/channels", "/duty/channels/edit?channel=hook", "/duty/log", "/settings/channels",
                                              "/settings/audit", "/settings")]
    assert not any(SECRET in text for text in shown) and "hook" in shown[4]
    assert not any(SECRET.encode() in path.read_bytes() for path in house.folder.rglob("*") if path.is_file() and path != kept)
    post(root, "/duty/channels/remove", channel="hook")
    assert house.bureau().channels == () and not kept.exists()


@pytest.mark.parametrize("name, watches, channels", [("desk", 200, 403), ("reader", 403, 403)])
def test_watches_are_the_desk_s_and_channels_the_admin_s(served, name, watches, channels):
    client = client_as(served, name)
    assert client.get("/watches/new").status_code == watches and client.get("/duty/channels/edit").status_code == channels
    assert post(client, "/duty/channels/edit", channel="x", kind="webhook", address="http://a/b").status_code == 403
    assert post(client, "/duty/channels/remove", channel="x").status_code == 403


def test_a_roster_sheet_larger_than_a_common_form_is_taken(house, desk):
    book = openpyxl.Workbook()
    book.active.append(("日期", "带班领导", "值班员", "备注"))
    for day in range(1, 29):
        book.active.append((f"2027-02-{day:02}", "王主任", "张三、李四",
                            "备注" + "".join(chr(0x4E00 + (day * 7919 + n * 104729) % 20000) for n in range(1600))))
    packed = io.BytesIO()
    book.save(packed)
    assert packed.tell() > 64 * 1024
    answer = desk.post("/duty/sheet", data={"csrf": token_on(desk.get("/duty"))}, files={"sheet": ("值班.xlsx", packed.getvalue())})
    assert answer.status_code == 200
    huge = desk.post("/duty/sheet", data={"csrf": "x"}, files={"sheet": ("值班.xlsx", bytes(7_000_000))})
    assert huge.status_code == 413


def test_what_the_house_sends_is_masked(house):
    assert house.incidents.mask("患者张建国，男，电话13812345678") == "患者张某某，男，电话138****5678"
