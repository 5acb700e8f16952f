"""A real Elasticsearch node for the tests, put together from the server's jars at Maven Central.

The distribution itself is in no registry; its server, and since version 8 its HTTP transport, are published as jars.  They are brought by
Maven once and kept in the cache folder; the node runs without the entitlement checks and the extra modules of the distribution (no
security, so no API keys and no TLS), all else is the server itself.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from servers.postgres import free_port

BUILD = Path(__file__).resolve().parent / "elasticsearch_node"
VERSION = re.search(r"<version>([\d.]+)</version>", (BUILD / "pom.xml").read_text()).group(1)
ABSENT = "NO ELASTICSEARCH: the search server was NOT tried. It needs Java 21 or newer (JAVA_HOME, or /usr/lib/jvm) and Maven."
_NEEDED = 21


@lru_cache(maxsize=1)
def java() -> str | None:
    """The program of the newest Java found, if new enough."""
    found = {}
    homes = [*Path("/usr/lib/jvm").glob("*"), *map(Path, filter(None, [os.environ.get("JAVA_HOME")]))]
    for program in [*(h / "bin" / "java" for h in homes), *map(Path, filter(None, [shutil.which("java")]))]:
        if program.exists():
            said = subprocess.run([program, "-version"], capture_output=True, text=True).stderr
            if version := re.search(r'version "(\d+)', said):
                found[int(version[1])] = str(program)
    best = max(found, default=0)
    return found[best] if best >= _NEEDED else None


def possible() -> bool:
    return java() is not None and shutil.which("mvn") is not None


class Node:
    """A node that can be stopped and started again on its port, with what it holds."""

    def __init__(self, home: Path, jars: Path, heap_mb: int = 512, host: str = "127.0.0.1"):
        self.home, self.jars, self.heap_mb, self.host, self.port, self.other_port = home, jars, heap_mb, host, free_port(), free_port()
        self.address = f"http://{host}:{self.port}"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] if self.heap_mb <= 512 else []     # a node that lives long is worth optimising
        command = [java(), "-Xms256m", f"-Xmx{self.heap_mb}m", *quick, f"-Des.path.home={self.home}",
                   "-Dlog4j2.disable.jmx=true", "--add-opens=java.base/java.io=ALL-UNNAMED", "--module-path", self.jars,
                   "--enable-native-access=org.elasticsearch.nativeaccess,org.apache.lucene.core",
                   "--add-modules=jdk.incubator.vector,jdk.net,jdk.management.agent,org.elasticsearch.server",
                   BUILD / "NodeOfTests.java", self.home, self.host, self.port, self.other_port]
        with open(self.home / "log", "a") as log:
            self._process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home)
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/_cluster/health?wait_for_status=yellow&timeout=20s", timeout=30):
                    return
            except (urllib.error.URLError, OSError):
                if self._process.poll() is not None:
                    break
                time.sleep(0.2)
        raise RuntimeError("the node did not start:\n" + (self.home / "log").read_text()[-3000:])

    def stop(self, kill: bool = False) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill() if kill else self._process.terminate()
            self._process.wait(60)

    def freeze(self, on: bool) -> None:
        """Leave it there without an answer."""
        os.kill(self._process.pid, signal.SIGSTOP if on else signal.SIGCONT)
        while on and not all("T (stopped)" in t.read_text() for t in Path(f"/proc/{self._process.pid}/task").glob("*/status")):
            time.sleep(0.01)


@contextmanager
def running(heap_mb: int = 512, host: str = "127.0.0.1") -> Iterator[Node]:
    jars = _jars()
    with TemporaryDirectory(prefix="jianbao-elasticsearch-") as made:
        home = Path(made)
        module = home / "modules" / "transport-netty4"
        for folder in (module, home / "config", home / "data"):
            folder.mkdir(parents=True)
        for jar in (jars / "transport").iterdir():
            (module / jar.name).symlink_to(jar)
        shutil.copy(BUILD / "plugin-descriptor.properties", module)
        shutil.copy(BUILD / "log4j2.properties", home / "config")
        node = Node(home, jars / "server", heap_mb, host)
        try:
            node.start()
            yield node
        finally:
            node.stop()


def _jars() -> Path:
    """The folder with the jars of the server and of its transport; brought by Maven when it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jianbao-tests" / f"elasticsearch-{VERSION}"
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache.parent) as part:
            server, transport = Path(part) / "made" / "server", Path(part) / "made" / "transport"
            transport.mkdir(parents=True)
            subprocess.run(["mvn", "-q", "-B", "-f", str(BUILD / "pom.xml"), "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies",
                            f"-DoutputDirectory={server}"], check=True, stdin=subprocess.DEVNULL, timeout=600)
            for jar in [*server.glob("netty-*.jar"), *server.glob("transport-netty4-*.jar")]:
                jar.rename(transport / jar.name)
            try:
                (Path(part) / "made").rename(cache)
            except OSError:
                if not cache.exists():             # another run was quicker
                    raise
    return cache
