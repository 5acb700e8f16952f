"""A receiver of messages on a port of this machine: it answers as told, and keeps what it was sent."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """`answers`: (status, body) given in turn, the last one for ever; a body of None hangs."""

    def __init__(self, *answers: tuple[int, object]):
        self.answers, self.got, self.wait = list(answers or [(200, {})]), [], threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), json.loads(body)))
                status, said = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                if said is None:
                    outer.wait.wait(20)
                    return
                packed = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(packed)))
                self.end_headers()
                self.wfile.write(packed)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    def address(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def keys(self) -> list[str]:
        return [headers["Idempotency-Key"] for _, headers, _ in self.got]

    def close(self) -> None:
        self.wait.set()
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def receiving(*answers: tuple[int, object]):
    made = Receiver(*answers)
    try:
        yield made
    finally:
        made.close()
