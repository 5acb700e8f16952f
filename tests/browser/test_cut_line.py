"""The line to an open page is cut while things happen: when it is back, the page has been told of each, once, in order."""

import contextlib
import socket
import threading

import pytest
from dashboards_office import PASSWORD
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class Wire:
    """A line to the served app that can be cut: what runs over it breaks off, and nobody gets through until it is mended."""

    def __init__(self, port: int):
        self.port, self.whole, self.ends = port, True, set()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self.door.accept()
                if not self.whole:
                    caller.close()
                    continue
                callee = socket.create_connection(("127.0.0.1", self.port))
                self.ends |= {caller, callee}
                for a, b in ((caller, callee), (callee, caller)):
                    threading.Thread(target=self._carry, args=(a, b), daemon=True).start()

    def _carry(self, a: socket.socket, b: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := a.recv(65536):
                b.sendall(piece)
        for end in (a, b):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self) -> None:
        self.whole = False
        for end in list(self.ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.whole = True


def test_what_happened_while_the_line_was_cut_is_told_when_it_is_back(chromium, made):
    wire = Wire(int(made.address.rsplit(":", 1)[1]))
    context = chromium.new_context(base_url=wire.address, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto("/")
    page.get_by_label("登录名").fill("duty")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#live-state")).to_have_text("实时")
    wire.cut()
    expect(page.locator("#live-state")).to_contain_text("正在重连")
    numbers = [made.alarm(f"云川市人民医院的第{n}起纠纷", f"云川市人民医院的第{n}起纠纷引发质疑。") for n in "一二三"]
    made.desk.sign(numbers[1], "舆情值班甲")
    wire.mend()
    expect(page.locator("#live-state")).to_have_text("实时", timeout=20_000)
    expect(page.locator("#live-alerts .ring")).to_have_count(2)
    assert [int(n.get_attribute("data-incident")) for n in page.locator("#live-alerts .ring").all()] == [numbers[2], numbers[0]]
    expect(page).to_have_title("（2）今日 · 云川市卫生健康委员会")
    context.close()
