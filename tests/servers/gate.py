"""A gate before a real Elasticsearch node: TLS with an authority of its own, and nobody without the API key.

The jars that the node is put together from hold no security module; what the client must do of its own (trust one authority alone, send the
key, go to another node) is tried against this gate, and what lies behind it is the server itself.
"""

from __future__ import annotations

import http.client
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

KEY = "aWQ6c2VjcmV0"


def authority(folder: Path, name: str) -> tuple[Path, Path]:
    """(certificate of a new authority, certificate and key of a server on 127.0.0.1 signed by it), as files."""
    own, served = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = datetime.now(UTC)

    def made(subject: x509.Name, key, is_authority: bool) -> x509.CertificateBuilder:
        return x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key()).serial_number(
            x509.random_serial_number()).not_valid_before(day - timedelta(days=1)).not_valid_after(day + timedelta(days=1)).add_extension(
            x509.BasicConstraints(is_authority, None), True)

    top = made(issuer, own, True).add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False).sign(own, hashes.SHA256())
    server = made(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "node")]), served, False).add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False).sign(own, hashes.SHA256())
    plain = serialization.NoEncryption()
    ca, both = folder / f"{name}.pem", folder / f"{name}-server.pem"
    ca.write_bytes(top.public_bytes(serialization.Encoding.PEM))
    both.write_bytes(served.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
                     + server.public_bytes(serialization.Encoding.PEM))
    return ca, both


class _Through(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _go(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.asked += 1
        if self.headers.get("authorization") != f"ApiKey {KEY}":
            return self._answer(401, [("content-type", "application/json"), ("x-elastic-product", "Elasticsearch")],
                                b'{"error":{"type":"security_exception","reason":"unable to authenticate"},"status":401}')
        passed = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "authorization", "connection", "accept-encoding")}
        behind = http.client.HTTPConnection(self.server.behind, timeout=60)
        behind.request(self.command, self.path, body or None, passed)
        answer = behind.getresponse()
        whole = answer.read()
        behind.close()
        kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in ("content-length", "transfer-encoding", "connection")]
        self._answer(answer.status, kept, whole)

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in (*headers, ("content-length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _go

    def log_message(self, *said: object) -> None:
        pass


class Gate(ThreadingHTTPServer):
    """`asked`: how many requests came through TLS."""

    daemon_threads = True

    def __init__(self, behind: str, both: Path):
        super().__init__(("127.0.0.1", 0), _Through)
        self.behind, self.asked = urlsplit(behind).netloc, 0
        held = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        held.load_cert_chain(both)
        self.socket = held.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.address = f"https://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us hangs up."""


@contextmanager
def gate(behind: str, both: Path) -> Iterator[Gate]:
    made = Gate(behind, both)
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
