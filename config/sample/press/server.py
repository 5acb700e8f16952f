"""The press over HTTP on loopback: a proxy for absolute addresses, and a plain server by Host header; ETag, Last-Modified, 304."""

from __future__ import annotations

import hashlib
import sys
import time
from email.utils import format_datetime, parsedate_to_datetime
from datetime import timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable

from config.sample.press.site import Answer

Ask = Callable[[str], "Answer | None"]
Note = Callable[[str, int], None]


class PressServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, ask: Ask, note: Note, pause_s: float = 0.0) -> None:
        self.ask, self.note, self.pause_s = ask, note, pause_s
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that hangs up is no error of the press; anything else is printed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "press"
    sys_version = ""
    disable_nagle_algorithm = True
    server: PressServer

    def do_GET(self) -> None:
        url = self.path if self.path.startswith("http://") else f"http://{self.headers.get('Host', '')}{self.path}"
        self.server.note(url, +1)
        try:
            answer = self.server.ask(url.split("#")[0])
            time.sleep(self.server.pause_s)
        finally:
            self.server.note(url, -1)      # before the answer leaves: a reader's next request must not meet its last
        self._send(answer)

    do_HEAD = do_GET

    def _send(self, answer: Answer | None) -> None:
        if answer is None:
            answer = Answer("<html><title>404</title><body>404 您访问的页面不存在</body></html>".encode(), "text/html; charset=utf-8", 404)
        tag = '"' + hashlib.sha256(answer.body).hexdigest()[:20] + '"'
        status, body = answer.status, answer.body
        if status == 200 and self._held(answer, tag):
            status, body = 304, b""
        self.send_response(status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        if answer.location:
            self.send_header("Location", answer.location)
        if status in (200, 304):
            self.send_header("ETag", tag)
            if answer.modified:
                self.send_header("Last-Modified", format_datetime(answer.modified.astimezone(timezone.utc), usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _held(self, answer: Answer, tag: str) -> bool:
        """Does the client hold this already?  If-None-Match decides alone when it is there (RFC 9110, 13.2.2)."""
        if self.headers.get("If-None-Match"):
            return tag in (t.strip() for t in self.headers["If-None-Match"].split(","))
        since = self.headers.get("If-Modified-Since")
        if not since or not answer.modified:
            return False
        try:
            return answer.modified <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def log_message(self, format: str, *args: object) -> None:
        pass
