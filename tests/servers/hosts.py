"""Hosts of their own on one machine: network namespaces, each joined to this one by a cable that can be pulled.

Needs root, and Linux that lets it make namespaces; this machine is the host of the servers, at `SERVERS`.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

ABSENT = "NO NETWORK NAMESPACES: several hosts were NOT tried. It needs root, iproute2 (ip netns) and a kernel that allows them."
SERVERS, NETWORK = "10.213.77.254", "10.213.77.0/24"
_NEWNET = 0x40000000


@lru_cache(maxsize=1)
def possible() -> bool:
    if os.geteuid() != 0 or not shutil.which("ip"):
        return False
    name = f"jbtry{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode == 0
    tried = made and subprocess.run(["ip", "link", "add", name[:13], "type", "veth", "peer", "name", "eth0", "netns", name], capture_output=True).returncode == 0
    if made:
        subprocess.run(["ip", "netns", "del", name], capture_output=True)
    return tried


class Host:
    def __init__(self, name: str, number: int):
        self.name, self.cable = f"jb{os.getpid()}-{name}", f"jb{os.getpid()}-{number}"[-15:]
        self.within = ("ip", "netns", "exec", self.name)
        here, there = f"10.213.77.{4 * number + 1}", f"10.213.77.{4 * number + 2}"
        _ip("netns", "add", self.name)
        _ip("link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        _ip("addr", "add", f"{here}/30", "dev", self.cable)
        _ip("link", "set", self.cable, "up")
        for words in (("addr", "add", f"{there}/30", "dev", "eth0"), ("link", "set", "lo", "up"), ("link", "set", "eth0", "up"),
                      ("route", "add", "default", "via", here)):
            _ip("-n", self.name, *words)

    def cut_off(self) -> None:
        _ip("link", "set", self.cable, "down")

    def join(self) -> None:
        _ip("link", "set", self.cable, "up")

    def call(self, function: Callable[[], object]):
        """What `function` gives, its sockets being this host's."""
        got: list = []

        def inside() -> None:
            with open(f"/run/netns/{self.name}") as space:
                if ctypes.CDLL(None, use_errno=True).setns(space.fileno(), _NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")
            got.append(function())

        thread = threading.Thread(target=inside)
        thread.start()
        thread.join()
        return got[0]

    def end(self) -> None:
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)
        subprocess.run(["ip", "link", "del", self.cable], capture_output=True)


@contextmanager
def hosts(*names: str) -> Iterator[list[Host]]:
    _ip("addr", "add", f"{SERVERS}/32", "dev", "lo")
    made: list[Host] = []
    try:
        for number, name in enumerate(names, 1):
            made.append(Host(name, number))
        yield made
    finally:
        for host in made:
            host.end()
        _ip("addr", "del", f"{SERVERS}/32", "dev", "lo")


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")
