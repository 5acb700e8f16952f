"""`jianbao up`: supervises crawl, work and serve over one database.  A process that dies is started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.clock import SystemClock
from app.house import House
from app.installation import Houses
from dashboards.accounts import first_admin
from pipelines.store import StoreError

GRACE_S = 12          # after this a process that does not stop is killed
HEALTHY_S = 30        # a process that lived this long starts again at once
LONGEST_PAUSE_S = 30


@dataclass
class Child:
    """One supervised process: its command, and the pause before its next start."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen | None = None
    started: float = 0.0
    next_start: float = 0.0
    pause: float = field(default=1.0)

    def start(self, log: Path) -> None:
        with open(log, "ab") as out:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True,
                                            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"})
        self.started = time.monotonic()

    def watch(self, log: Path, say: Callable[[str], None]) -> None:
        """Start again what has died, after a pause that grows while it keeps dying."""
        if self.process is None:
            if time.monotonic() >= self.next_start:
                self.start(log)
            return
        code = self.process.poll()
        if code is None:
            return
        self.pause = 1.0 if time.monotonic() - self.started > HEALTHY_S else min(self.pause * 2, LONGEST_PAUSE_S)
        say(f"进程 {self.name} 已退出（{code}），{self.pause:.0f} 秒后重启；日志：{log}")
        self.process, self.next_start = None, time.monotonic() + self.pause


def children(folder: Path, workers: int) -> list[Child]:
    """One `serve`, one `crawl` and as many `work` as there are cores, unless told; of a bureau or of an installation."""
    me = [sys.executable, "-m", "app.cli"]
    return [Child("serve", [*me, "serve", str(folder)]),
            *(Child(f"work-{n + 1}", [*me, "work", str(folder), "--name", f"work-{n + 1}"]) for n in range(workers or os.cpu_count() or 1)),
            Child("crawl", [*me, "crawl", str(folder)])]


def run(house: House, sample: bool, say: Callable[[str], None]) -> int:
    """Supervise a bureau's processes until SIGINT or SIGTERM; returns the exit code."""
    if not free(house, say):
        return 1
    house.store.sync_sources([s for o in house.bureau().outlets for s in o.sources], house.clock.now())   # makes the tables before anyone else asks
    welcome = greeting(house)
    house.close()
    crew = children(house.folder, house.bureau().settings.workers)
    if sample:
        port = house.bureau().settings.crawl.proxy.rsplit(":", 1)[-1]
        crew.insert(0, Child("press", [sys.executable, "-m", "config.sample.press", "--port", port, "--state", str(house.bureau().var / "press.json")]))
    return supervise(crew, house.bureau().var / "logs", welcome, say)


def run_all(houses: Houses, say: Callable[[str], None]) -> int:
    """The same for an installation.  A bureau whose folder is broken, or whose port is taken, does not hold up the others."""
    welcome = []
    for house in houses.houses().values():
        if free(house, say):
            try:
                welcome += greeting(house)
            except StoreError as error:
                say(f"{house.bureau().name}：{error}")
    for name, wrong in houses.refused.items():
        say(f"单位 {name} 的文件夹有错，先不运行它：\n{wrong}")
    union = houses.union()
    houses.commons.store.sync_sources([s for o in union.outlets for s in o.sources], SystemClock().now())
    installation = houses.installation()
    houses.close()
    return supervise(children(houses.folder, installation.settings.workers), installation.var / "logs", welcome, say)


def supervise(crew: Sequence[Child], logs: Path, welcome: Sequence[str], say: Callable[[str], None]) -> int:
    logs.mkdir(exist_ok=True)
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    try:
        for child in crew:
            child.start(logs / f"{child.name}.log")
        for line in welcome:
            say(line)
        say("按 Ctrl-C 停止。")
        while not stop.wait(0.5):
            for child in crew:
                child.watch(logs / f"{child.name}.log", say)
    finally:
        say("正在停止……")
        end(crew)
    say("已停止；下次启动从停下的地方继续。")
    return 0


def free(house: House, say: Callable[[str], None]) -> bool:
    """Can the bureau's pages listen where they shall?"""
    web = house.bureau().settings.web
    if not taken(web.host, web.port):
        return True
    say(f"端口 {web.host}:{web.port} 已被占用。请在 {house.folder / 'settings.yaml'} 的 web.port 换一个端口，或先停止占用它的程序。")
    return False


def greeting(house: House) -> list[str]:
    password = first_login(house)
    return [f"剪报 {house.bureau().name}：{house.address()}/",
            f"首次登录：用户名 admin　密码 {password}" if password else "用户名和密码同前；忘记密码：jianbao user passwd admin"]


def first_login(house: House) -> str:
    """The password of the first log-in, kept (owner-readable) until it has been changed; "" after that."""
    path = house.bureau().var / "first-login.txt"
    made = first_admin(house.store, house.clock)
    if made:
        path.touch(mode=0o600)
        path.write_text(made[1], encoding="utf-8")
        return made[1]
    admin = house.store.user("admin")
    if admin and admin[0].must_change and path.exists():
        return path.read_text(encoding="utf-8")
    path.unlink(missing_ok=True)
    return ""


def end(crew: Sequence[Child]) -> None:
    """Ask every process to stop, wait, and kill what does not."""
    living = [c.process for c in crew if c.process and c.process.poll() is None]
    for process in living:
        process.terminate()
    deadline = time.monotonic() + GRACE_S
    for process in living:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
