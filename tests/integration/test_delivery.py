"""Delivery over real HTTP: at least once under one key, retried, parked in sight, over to the next channel; and through fifty kills."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "unit"))

from alerts.channels import ChannelBook  # noqa: E402
from alerts.delivery import TRIES, Delivery  # noqa: E402
from alerts.telling import message_of, send_bundles  # noqa: E402
from app.house import House  # noqa: E402
from app.outbox import Hands  # noqa: E402
from config.init import make  # noqa: E402
from duty_room import Clips, Quiet, Room  # noqa: E402
from model.alert import ChannelConfig, Level  # noqa: E402
from model.duty import Route  # noqa: E402
from receiver import Receiver, receiving  # noqa: E402

KILLS = 50


def office(tmp_path, monkeypatch, *there: Receiver, kind: str = "webhook") -> tuple[Room, Delivery]:
    """A room whose channels a, b, … are the receivers, each with the one after it behind."""
    names = "abcdef"[:len(there)]
    for name, receiver in zip(names, there):
        monkeypatch.setenv(f"T_{name}", receiver.address())
    channels = tuple(ChannelConfig(n, kind, url_env=f"T_{n}", next=names[i + 1] if i + 1 < len(names) else "") for i, n in enumerate(names))
    room = Room(tmp_path, channels=channels)
    room.rules(routes=(Route(("a",)),))
    return room, Delivery(room.store, ChannelBook(room.store, lambda: room.bureau, room.clock).all, room.clock)


def work(room: Room, delivery: Delivery, rounds: int = 1, **pause: float) -> None:
    """Send what is due, in rounds with pauses between them on the moved clock."""
    for _ in range(rounds):
        for task in room.waiting():
            delivery.handle(task)
        room.clock.pass_by(**(pause or {"seconds": 0}))


def test_a_ring_is_sent_once_and_told_as_sent(tmp_path, monkeypatch):
    with receiving() as a:
        room, delivery = office(tmp_path, monkeypatch, a)
        incident = room.alarm()
        work(room, delivery, 3, minutes=1)
        ring, = room.events(incident, "ring")
        assert a.keys == [f"incident:{incident}:{ring.id}"] and [(s.ok, s.key) for s in room.store.sent()] == [(True, a.keys[0])]
        assert room.store.channel_states()["a"].ok_at is not None


def test_a_kill_between_sending_and_the_tick_sends_again_under_the_same_key(tmp_path, monkeypatch):
    with receiving() as a:
        room, delivery = office(tmp_path, monkeypatch, a)
        room.alarm()
        task, = room.waiting()
        ChannelBook(room.store, lambda: room.bureau, room.clock).all()["a"].send(message_of(task.payload))
        room.clock.pass_by(minutes=2)          # the lease of the killed process has ended
        work(room, delivery, 2, minutes=1)
        assert len(a.keys) == 2 and len(set(a.keys)) == 1


@pytest.mark.parametrize("kind, answer", [("webhook", (500, {})), ("wecom", (200, {"errcode": 45009, "errmsg": "api freq out of limit"})),
                                          ("dingtalk", (200, {"errcode": 310000})), ("feishu", (200, {"code": 9499}))])
def test_what_was_not_taken_is_tried_again_until_it_is(tmp_path, monkeypatch, kind, answer):
    good = (200, {"errcode": 0, "code": 0})
    with receiving(answer, answer, good) as a:
        room, delivery = office(tmp_path, monkeypatch, a, kind=kind)
        room.alarm()
        work(room, delivery, 1)
        work(room, delivery, 1, seconds=4)
        assert len(a.keys) == 1, "not before the pause is over"
        work(room, delivery, 3, minutes=1)
        assert len(a.keys) == 3 and len(set(a.keys)) == 1 and [s.ok for s in room.store.sent()] == [True, False, False]
        assert room.store.task_counts()["done"] == 1


def test_what_is_never_taken_is_parked_in_sight_and_can_be_sent_again(tmp_path, monkeypatch):
    with receiving((500, {})) as a:
        room, delivery = office(tmp_path, monkeypatch, a)
        room.alarm()
        work(room, delivery, TRIES + 3, hours=1)
        (task, channel, title, reason, _), = room.store.parked()
        assert len(a.keys) == TRIES + 1 and channel == "a" and "某" not in title and "500" in reason
        assert room.store.channel_states()["a"].dead
        a.answers[:] = [(200, {})]
        ChannelBook(room.store, lambda: room.bureau, room.clock).send_again(task, "甲")
        work(room, delivery)
        assert room.store.parked() == [] and not room.store.channel_states()["a"].dead


def test_a_dead_channel_is_seen_in_a_minute_and_the_next_takes_over(tmp_path, monkeypatch):
    with receiving((500, {})) as a, receiving() as b:
        room, delivery = office(tmp_path, monkeypatch, a, b)
        room.alarm()
        began = room.clock.now()
        while not b.keys:
            work(room, delivery, 1, seconds=5)
        assert room.clock.now() - began <= timedelta(minutes=1) and b.keys == [a.keys[0]] and len(a.keys) == 3
        states = room.store.channel_states()
        assert states["a"].dead and "500" in states["a"].detail and not states["b"].dead
        assert "改走通道 b" in room.store.parked()[0][3]
        assert [e.text for e in room.store.duty_events(began, room.clock.now()) if e.what == "channel"] == ["通道 a 不通：通道 a：对方返回 500；消息改走 b"]
        room.alarm("第二件")
        work(room, delivery, 2)
        assert len(a.keys) == 3 and len(b.keys) == 2, "while it is dead, new messages go to the next at once"
        a.answers[:] = [(200, {})]
        room.clock.pass_by(minutes=3)
        room.alarm("第三件")
        work(room, delivery)
        assert len(a.keys) == 4 and not room.store.channel_states()["a"].dead, "it is tried again from time to time"
        assert "恢复" in room.store.duty_events(began, room.clock.now() + timedelta(1))[-1].text


def test_a_dead_channel_is_seen_though_nothing_is_to_be_sent(tmp_path, monkeypatch):
    a = Receiver()
    room, delivery = office(tmp_path, monkeypatch, a)
    delivery.check()
    assert not room.store.channel_states().get("a") or not room.store.channel_states()["a"].dead
    port = a.port
    a.close()
    for _ in range(2):
        room.clock.pass_by(minutes=2)
        delivery.check()
    assert room.store.channel_states()["a"].dead and str(port) not in room.store.channel_states()["a"].detail
    with receiving() as again:
        monkeypatch.setenv("T_a", again.address())
        delivery.check()
        assert not room.store.channel_states()["a"].dead and again.got == [], "checking sends nothing"


def test_a_channel_that_is_not_set_up_fails_over_at_once(tmp_path, monkeypatch):
    with receiving() as b:
        room, delivery = office(tmp_path, monkeypatch, b, b)
        monkeypatch.delenv("T_a")
        room.alarm()
        work(room, delivery, 2)
        assert len(b.keys) == 1 and "环境变量 T_a" in room.store.channel_states()["a"].detail


def test_a_receiver_that_hangs_is_given_up_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr("alerts.webhook.TOTAL_S", 0.4)
    with receiving((200, None), (200, {})) as a:
        room, delivery = office(tmp_path, monkeypatch, a)
        room.alarm()
        work(room, delivery, 1, seconds=10)
        assert "超时未答" in room.store.sent()[0].detail
        work(room, delivery)
        assert room.store.sent()[0].ok and len(set(a.keys)) == 1


def test_a_reminder_is_not_sent_once_somebody_has_signed(tmp_path, monkeypatch):
    with receiving() as a:
        room, delivery = office(tmp_path, monkeypatch, a)
        incident = room.alarm()
        work(room, delivery)
        room.clock.pass_by(minutes=61)
        room.desk.escalate()
        room.desk.sign(incident, "甲")
        work(room, delivery)
        assert len(a.keys) == 1 and room.store.task_counts()["pending"] == 0


def test_a_bundle_tells_each_ring_it_holds_as_sent(tmp_path, monkeypatch):
    with receiving() as a:
        room, delivery = office(tmp_path, monkeypatch, a)
        room.rules(quiet=Quiet("10:00", "14:00"))
        for title in ("一", "二"):
            room.alarm(title)
        room.clock.pass_by(hours=3)
        send_bundles(room.store, room.clock.now())
        work(room, delivery)
        rings = {f"incident:{i.id}:{e.id}" for i in room.store.incidents() for e in room.events(i.id, "ring")}
        assert len(a.keys) == 1 and len(rings) == 2 and rings <= {s.key for s in room.store.sent() if s.ok}


def test_testing_a_channel_sends_and_tells(tmp_path, monkeypatch):
    with receiving((200, {"errcode": 0}), (200, {"errcode": 93000})) as a:
        room, _ = office(tmp_path, monkeypatch, a, kind="wecom")
        book = ChannelBook(room.store, lambda: room.bureau, room.clock)
        assert book.test("a", "张三") == "" and "测试" in a.got[0][2]["text"]["content"]
        assert "93000" in book.test("a", "张三") and room.store.channel_states()["a"].dead
        assert "没有编号" in book.test("z", "张三")
        assert [e.data["ok"] for e in room.store.duty_events(room.clock.now(), room.clock.now() + timedelta(1))] == [True, False]


def test_no_secret_is_kept_anywhere(tmp_path, monkeypatch, caplog):
    """Failures, fail-over, checks and tests of channels whose addresses hold a secret: the database and the log are searched for it."""
    canary = "CANARYs3cr3tt0ken"
    with receiving((200, {"errcode": 1, "errmsg": canary}), (500, canary.encode())) as a:
        room, delivery = office(tmp_path, monkeypatch, a, a, kind="wecom")
        monkeypatch.setenv("T_a", a.address(f"/send?key={canary}"))
        monkeypatch.setenv("T_b", f"http://127.0.0.1:1/send?key={canary}")
        room.alarm()
        work(room, delivery, 12, minutes=1)
        ChannelBook(room.store, lambda: room.bureau, room.clock).test("a", "甲")
        delivery.check()
        delivery.check()
        assert len(room.store.parked()) == 1 and room.store.channel_states()["b"].dead
        room.store.backup(str(tmp_path / "copy.db"))
    assert canary.encode() not in (tmp_path / "copy.db").read_bytes() and canary not in caplog.text


SERVE = """
import os, signal, sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
from analysis.words import cut
from app.house import House
from app.outbox import Hands
house = House(Path({folder!r}), "serve")
cut("先把词典读进来")
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in sys.stdin:                      # each line starts one more, killed by who asked for it
    child = os.fork()
    if child == 0:
        hands = Hands(house, 3, 4)
        while True:
            hands.drain()
            hands.deliver()
            hands.tick()
            time.sleep(0.01)
    print(child, flush=True)
"""


@pytest.mark.slow
def test_fifty_kills_lose_no_incident_and_no_ring(tmp_path):
    """The process that does the jobs of serve is killed at random moments, while pieces come in and a receiver fails now and then."""
    folder, rng = tmp_path / "bureau", random.Random(20261121)
    make(folder, sample=True)
    with receiving(*[(rng.choice((200, 200, 500)), {}) for _ in range(400)], (200, {})) as there:
        rules = folder / "rules.yaml"
        rules.write_text(rules.read_text(encoding="utf-8").replace("channels: []", "channels:\n  - {id: hook, kind: webhook, url_env: T_HOOK}\n"), encoding="utf-8")
        house = House(folder, "test")
        feed, script = Feed(house), tmp_path / "serve.py"
        script.write_text(SERVE.format(root=str(ROOT), folder=str(folder)))
        mother = subprocess.Popen([sys.executable, str(script)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  env={**os.environ, "T_HOOK": there.address(), "OPENBLAS_NUM_THREADS": "1"})

        def start() -> int:
            mother.stdin.write("\n")
            mother.stdin.flush()
            return int(mother.stdout.readline())

        pieces = 0
        for _ in range(KILLS):
            running = start()
            for _ in range(2):
                feed.put(pieces)
                pieces += 1
            time.sleep(rng.uniform(0, 0.2))
            os.kill(running, signal.SIGKILL)
        running, until = start(), time.monotonic() + 90
        while time.monotonic() < until and not settled(house):
            time.sleep(0.2)
        os.kill(running, signal.SIGKILL)
        mother.stdin.close()
        mother.wait()
        incidents = house.store.incidents(limit=1000)
        stories = [s for i in incidents for s in i.stories]
        assert len(stories) == len(set(stories)) == feed.stories and sum(i.articles for i in incidents) == pieces
        rings = [e for i in incidents for e in house.store.incident_events(i.id) if e.what == "ring"]
        assert sum("opened" in e.data["reasons"] for e in rings) == len(incidents), "each incident opened once"
        assert {f"incident:{e.incident_id}:{e.id}" for e in rings} == set(there.keys), "each ring delivered, nothing else"
        house.close()


def settled(house: House) -> bool:
    counts = house.store.task_counts()
    return not counts["pending"] + counts["leased"]


class Feed(Clips):
    """Pieces as work processes save them: every third opens a story of its own, the others copy it."""

    def __init__(self, house: House):
        super().__init__(house.store, house.clock)
        self.stories, self.last, self.unit = 0, 0, house.bureau().units[0].id

    def put(self, number: int) -> None:
        fresh = number % 3 == 0
        piece = self.clip(f"第{number}件互不相干的事{number * 7919}" if fresh else "转载", story=0 if fresh else self.last, unit=self.unit, outlet=f"o{number}")
        if fresh:
            self.last, self.stories = self.story_of(piece), self.stories + 1
        with self.store.write() as w:
            w.put("alert", f"alert:{piece}", {"article": piece}, self.clock.now(), again=True)


def test_a_channel_that_hangs_holds_up_no_other(tmp_path, monkeypatch):
    with receiving((200, None)) as slow, receiving() as quick:
        monkeypatch.setenv("T_SLOW", slow.address())
        monkeypatch.setenv("T_QUICK", quick.address())
        room = Room(tmp_path, channels=(ChannelConfig("slow", "webhook", url_env="T_SLOW"), ChannelConfig("quick", "webhook", url_env="T_QUICK")))
        room.alarm(outlet="guojia", tier="central")
        room.alarm("另一件", outlet="guojia", tier="central")
        hands = Hands(Rooms(room))
        until = time.monotonic() + 8
        while time.monotonic() < until and len(quick.keys) < 2:
            hands.deliver()
            time.sleep(0.02)
        assert len(quick.keys) == 2 and len(slow.keys) == 1 and room.incident(1).level is Level.II
        slow.wait.set()
        hands.stopping.set()
        hands.close()


def test_a_piece_is_judged_and_told_by_itself_the_urgent_one_first(tmp_path, monkeypatch):
    with receiving() as there:
        monkeypatch.setenv("T_A", there.address())
        room = Room(tmp_path, channels=(ChannelConfig("a", "webhook", url_env="T_A"),))
        pieces = [room.clip(f"第{n}件") for n in range(3)]
        with room.store.write() as w:
            for n, piece in enumerate(pieces):
                due = room.clock.now() - timedelta(hours=n)
                w.put("alert", f"alert:{piece}", {"article": piece}, room.clock.now(), again=True, due=due)
        hands = Hands(Rooms(room))
        hands.start()
        until = time.monotonic() + 20
        while time.monotonic() < until and len(there.keys) < 3:
            time.sleep(0.02)
        hands.close()
        assert [i.title for i in sorted(room.store.incidents(), key=lambda i: i.id)] == ["第2件", "第1件", "第0件"]
        assert len(there.keys) == 3 and room.store.task_counts() == {"pending": 0, "leased": 0, "done": 6, "parked": 0}


class Rooms:
    """What the hands need of a house."""

    def __init__(self, room: Room):
        self.store, self.clock, self.incidents, self.room = room.store, room.clock, room.desk, room

    def bureau(self):
        return self.room.bureau
