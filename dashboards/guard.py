"""What stands before every page: security headers, a bound on what is sent in, form tokens, a calm page when something breaks."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 64 * 1024
_FILES = ((re.compile(r"/claims/(hand-in|submissions/\d+/materials)"), 60_000_000),      # forms that carry files: what their reader itself bounds,
          (re.compile(r"/duty/sheet"), 6_000_000))                                         # told there in its own words
POLICY = ("default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
          "frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
SAVED_PAGE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
_HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
    "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_log = logging.getLogger("jianbao.web")


class TooLarge(Exception):
    """More was sent in than any form of ours holds."""


class Guard:
    """ASGI middleware around the whole app.  `broken(number)` and `too_large()` make the pages shown instead."""

    def __init__(self, app: ASGIApp, broken: Callable[[str], Response], too_large: Callable[[], Response]):
        self.app, self.broken, self.too_large = app, broken, too_large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        taken, started = 0, False
        most = next((size for path, size in _FILES if path.fullmatch(scope["path"])), MAX_BODY)

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLarge
            return message

        async def headed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            declared = dict(scope["headers"]).get(b"content-length", b"0")
            if not declared.isdigit() or int(declared) > most:
                raise TooLarge
            await self.app(scope, bounded, headed)
        except TooLarge:
            await self.too_large()(scope, receive, headed)
        except Exception:
            number = secrets.token_hex(4)
            _log.exception("request %s %s failed, shown as error %s", scope["method"], scope["path"], number)
            if started:
                raise
            await self.broken(number)(scope, receive, headed)


def form_token(secret: bytes, cookie: str) -> str:
    """The token every form of a session carries: bound to the cookie, so another site cannot know it."""
    return hmac.new(secret, b"form\n" + cookie.encode(), hashlib.sha256).hexdigest()


def token_fits(secret: bytes, cookie: str, token: str) -> bool:
    return bool(cookie) and hmac.compare_digest(form_token(secret, cookie).encode(), token.encode())


def safe_target(target: str) -> str:
    """A path of our own to go to after the log-in; anything else becomes "/"."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target or not target.isprintable() or len(target) > 500:
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else target
