"""A real S3 server for the tests: Versity's gateway over a folder, built once by Go and kept in the cache folder."""

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
from pathlib import Path
from tempfile import TemporaryDirectory

from servers.postgres import free_port

VERSION = "v1.8.0"
ABSENT = "NO S3 SERVER: the archive in an object store was NOT tried. It needs Go 1.24 or newer, which builds versitygw once, or versitygw itself."
KEY, SECRET, BUCKET = "tester", "only-for-tests", "press"
_BUILT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jianbao-tests" / f"versitygw-{VERSION}"


def possible() -> bool:
    if shutil.which("versitygw") or (_BUILT / "versitygw").exists():
        return True
    go = shutil.which("go")
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True).stdout if go else ""
    found = re.match(r"go(\d+)\.(\d+)", said)
    return bool(found) and (int(found[1]), int(found[2])) >= (1, 24)


def program() -> Path:
    """Built when it is not there yet: a minute, and half a gigabyte of Go's own cache."""
    if own := shutil.which("versitygw"):
        return Path(own)
    if not (_BUILT / "versitygw").exists():
        subprocess.run(["go", "install", f"github.com/versity/versitygw/cmd/versitygw@{VERSION}"], check=True, timeout=500,
                       env=os.environ | {"GOBIN": str(_BUILT), "GOFLAGS": ""})
    return _BUILT / "versitygw"


class Store:
    """A server that can be stopped, held and started again on its port, with what it holds."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", port: int = 0, within: tuple[str, ...] = ()):
        """`within`: words that go before the command, of a network namespace for example."""
        self.folder, self.port, self.host, self.within = folder, port or free_port(), host, within
        self.endpoint = f"http://{host}:{self.port}"
        (folder / "buckets" / BUCKET).mkdir(parents=True)
        (folder / "beside").mkdir()
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [*self.within, program(), "--port", f"{self.host}:{self.port}", "--access", KEY, "--secret", SECRET, "--quiet",
                   "posix", "--sidecar", self.folder / "beside", self.folder / "buckets"]
        with open(self.folder / "log", "a") as log:
            self._process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + 20
        while time.monotonic() < until and self._process.poll() is None:
            if self.answers():
                return
            time.sleep(0.05)
        raise RuntimeError("the S3 server did not start:\n" + (self.folder / "log").read_text()[-2000:])

    def answers(self) -> bool:
        if self.within:                # it is not to be reached from here
            words = [*self.within, "bash", "-c", f"</dev/tcp/{self.host}/{self.port}"]
            return subprocess.run(words, stderr=subprocess.DEVNULL).returncode == 0
        try:
            urllib.request.urlopen(self.endpoint, timeout=2).close()
        except urllib.error.HTTPError:
            return True                # it wants a signature
        except OSError:
            return False
        return True

    def hold(self) -> None:
        """It takes connections and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait(20)

    def objects(self) -> list[Path]:
        return sorted(p for p in (self.folder / "buckets" / BUCKET).rglob("*.warc.gz"))


@contextmanager
def running() -> Iterator[Store]:
    with TemporaryDirectory(prefix="jianbao-s3-") as made:
        store = Store(Path(made))
        store.start()
        try:
            yield store
        finally:
            store.stop()
