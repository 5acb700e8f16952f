"""A saved page drawn as PDF: from its own bytes alone; it neither asks the network nor reads a file nor runs a script."""

from __future__ import annotations

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipelines import pictures


@pytest.fixture
def listener():
    """An open ear on loopback: (address, what was asked)."""
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def hostile(ear: str, secret: str) -> str:
    return f"""<html><head><meta http-equiv="refresh" content="0;url={ear}/refresh"><base href="{ear}/"><link rel="stylesheet" href="{ear}/link.css">
<style>@import url("{ear}/import.css"); body {{ background: url("{ear}/bg.png") }}</style>
<script>fetch("{ear}/script"); document.title = "ran"; location = "{secret}"</script></head>
<body onload="fetch('{ear}/onload')" background="{ear}/back.png" style="background:url({ear}/style.png)"><h1>云川市第一人民医院义诊</h1><p>正文在这里。</p>
<img src="{ear}/img.png" srcset="{ear}/set.png 2x"><img src="{secret}"><iframe src="{secret}"></iframe><embed src="{secret}"><object data="{secret}"></object>
<video src="{ear}/v.mp4" poster="{ear}/p.png"></video><svg><image href="{ear}/svg.png"/></svg><form action="{ear}/form"><input autofocus></form>
<a href="javascript:fetch('{ear}/js')" ping="{ear}/ping">去</a></body></html>"""


def test_nothing_that_runs_loads_or_leads_anywhere_is_left():
    left = pictures.harmless(hostile("http://127.0.0.1:1", "file:///etc/passwd"))
    assert "127.0.0.1" not in left and "file:" not in left and "<script" not in left and "onload" not in left and "正文在这里" in left


@pytest.mark.skipif(not pictures.browser(), reason="NO BROWSER: no page was drawn; install chromium or set JIANBAO_CHROMIUM")
def test_a_page_is_drawn_and_asks_nothing_of_the_network(listener, tmp_path):
    ear, asked = listener
    secret = tmp_path / "secret.html"
    secret.write_text("<p>" + "SECRET " * 400, encoding="utf-8")
    drawn = pictures.to_pdf(hostile(ear, secret.as_uri()))
    plain = pictures.to_pdf("<h1>云川市第一人民医院义诊</h1><p>正文在这里。</p>")
    assert drawn.startswith(b"%PDF") and b"%%EOF" in drawn[-1024:] and asked == []
    assert plain.startswith(b"%PDF") and abs(len(drawn) - len(plain)) < 20_000      # the secret's four hundred words are not in it


def test_without_a_browser_there_is_no_picture_and_no_error(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JIANBAO_CHROMIUM", raising=False)
    assert pictures.browser() == "" and pictures.to_pdf("<p>x</p>") == b""


@pytest.mark.skipif(os.name != "posix", reason="process groups are a matter of POSIX")
def test_a_browser_that_hangs_or_fails_gives_no_picture(tmp_path):
    for script in ("#!/bin/sh\nexit 3\n", "#!/bin/sh\nhead -c 31000000 /dev/zero > \"$(echo \"$@\" | sed 's/.*--print-to-pdf=\\([^ ]*\\).*/\\1/')\"\n"):
        fake = tmp_path / "chromium"
        fake.write_text(script, encoding="utf-8")
        fake.chmod(0o755)
        assert pictures.to_pdf("<p>x</p>", str(fake)) == b""
