"""Connections to the very IP that was judged, each with one deadline over all its steps."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import httpcore

from model.address import is_public

Resolve = Callable[[str, int], Iterable[str]]


class FetchFailed(Exception):
    """`kind`: refused (never to be asked for) | robots | gone | blocked | dns | connect | tls | timeout | too_large | type | redirect |
    protocol.

    `later`: it may be had another time; `status`: what the site answered (HTTP), 0 when it gave no answer.
    """

    def __init__(self, kind: str, reason: str, later: bool = False, status: int = 0):
        super().__init__(reason)
        self.kind, self.reason, self.later, self.status = kind, reason, later, status


def resolve(host: str, port: int) -> list[str]:
    """IP literals of a name, as the system resolves it."""
    return list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@dataclass
class Deadline:
    at: float

    def left(self, timeout: float | None) -> float:
        rest = self.at - time.monotonic()
        if rest <= 0:
            raise httpcore.ReadTimeout("deadline")
        return min(rest, timeout) if timeout else rest


class _Stream(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline: a server that drips a byte a second does not hold us."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline):
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to an IP that was judged public, whatever the name answers next; `trusted` is the configured proxy's (host, port)."""

    def __init__(self, inner: httpcore.NetworkBackend, lookup: Resolve, deadline: Deadline, trusted: tuple[str, int] | None = None):
        self._inner, self._lookup, self._deadline, self._trusted = inner, lookup, deadline, trusted

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
                    socket_options: Iterable[object] | None = None) -> httpcore.NetworkStream:
        if self._trusted == (host, port):
            return self._connect(host, port, timeout, socket_options)
        try:
            found = list(self._lookup(host, port))
        except OSError as error:
            raise FetchFailed("dns", f"域名 {host} 查不到，网站可能已关闭或地址有误", later=True) from error
        inside = [ip for ip in found if not is_public(ip)]
        if inside or not found:
            raise FetchFailed("refused", f"{host} 指向内部网络地址（{'、'.join(inside[:3]) or '无'}），不予访问")
        failed: Exception | None = None
        for ip in found[:4]:
            try:
                return self._connect(ip, port, timeout, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore.ConnectError(host)

    def _connect(self, ip: str, port: int, timeout: float | None, socket_options: Iterable[object] | None) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_tcp(ip, port, self._deadline.left(timeout), None, socket_options), self._deadline)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[object] | None = None
    ) -> httpcore.NetworkStream:
        raise FetchFailed("refused", "不访问本机套接字")

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)
