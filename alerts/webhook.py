"""Posting to chat robots and gateways.  What a robot answers is read: 200 with an error code inside is a failure.

Bounded in time and size, no redirects.  Nothing of the address and nothing the other side says is repeated: either may hold the secret.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
import logging
import ssl
import time
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

import httpx

from alerts.message import text_for
from model.alert import Message
from model.errors import Drop, Retry

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)     # below that they write addresses

TOTAL_S, CONNECT_S = 10.0, 4.0
MOST_BYTES = 65_536
AFTER_S = 5                        # first pause before trying again
ROBOTS = {"wecom": ("wecombot", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="),
          "dingtalk": ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token="),
          "feishu": ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/")}
_PLAIN = {"json": "http", "jsons": "https"}


def posts(kind: str, address: str) -> bool:
    """Is the address one that is posted to from here?  Others are apprise's."""
    scheme = address.partition("://")[0].lower()
    return kind != "mail" and (scheme in ("http", "https", *_PLAIN) or kind in ROBOTS and scheme == ROBOTS[kind][0])


def target(kind: str, address: str) -> tuple[str, str]:
    """(URL to post to, signing secret or "").  A secret stands behind `#` of a URL, or before `@` of `dingtalk://secret@token`."""
    scheme, _, rest = address.partition("://")
    scheme = scheme.lower()
    if kind in ROBOTS and scheme == ROBOTS[kind][0]:
        parts = urlsplit(f"//{rest}")
        token = (parts.netloc.rpartition("@")[2] or parts.path.strip("/")).strip("/")
        return ROBOTS[kind][1] + token, unquote(parts.netloc.rpartition("@")[0])
    url, _, secret = f"{_PLAIN.get(scheme, scheme)}://{rest}".partition("#")
    return url, secret


def payload(kind: str, message: Message, secret: str, now_s: float) -> tuple[dict[str, object], dict[str, str]]:
    """(JSON body, query to add) in the form each robot asks for."""
    text = text_for(message, kind)
    if kind == "wecom":
        return {"msgtype": "text", "text": {"content": text}}, {}
    if kind == "dingtalk":
        stamp = str(int(now_s * 1000))
        signed = {"timestamp": stamp, "sign": _signed(secret, f"{stamp}\n{secret}")} if secret else {}
        return {"msgtype": "text", "text": {"content": text}}, signed
    if kind == "feishu":
        stamp = str(int(now_s))
        signed = {"timestamp": stamp, "sign": _signed(f"{stamp}\n{secret}", "")} if secret else {}
        return {**signed, "msg_type": "text", "content": {"text": text}}, {}
    return {"version": "1.0", "type": "info", "title": message.title, "message": text, "key": message.key, "level": int(message.level),
            "link": message.link}, {}


def _signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def post(kind: str, address: str, message: Message) -> None:
    """Send.  Raises Retry when it was not taken; Drop when the address cannot be one."""
    url, secret = target(kind, address)
    body, query = payload(kind, message, secret, time.time())
    if query:
        url += ("&" if "?" in url else "?") + "&".join(f"{k}={quote(v, safe='')}" for k, v in query.items())
    try:
        status, headers, raw = _asked(url, body, {"Idempotency-Key": message.key})
    except httpx.InvalidURL:
        raise Drop("地址写法不对") from None
    except httpx.TimeoutException:
        raise Retry("超时未答", AFTER_S) from None
    except httpx.ConnectError:
        raise Retry("连接不上", AFTER_S) from None
    except (httpx.HTTPError, OSError, UnicodeError) as error:      # its text holds the address: only its kind is told
        raise Retry(f"网络出错（{type(error).__name__}）", AFTER_S) from None
    if why := refused(kind, status, raw):
        raise Retry(why, _pause(headers))


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Read once: it takes longer than a post."""
    return httpx.create_ssl_context()


def _asked(url: str, body: object, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
    ends, raw = time.monotonic() + TOTAL_S, b""
    here = (urlsplit(url).hostname or "") in ("127.0.0.1", "localhost", "::1")
    with httpx.Client(verify=_trusted(), timeout=httpx.Timeout(TOTAL_S, connect=CONNECT_S), follow_redirects=False,
                      trust_env=not here) as client:
        with client.stream("POST", url, json=body, headers=dict(headers)) as answer:
            for piece in answer.iter_bytes():
                raw += piece
                if len(raw) > MOST_BYTES:
                    break
                if time.monotonic() > ends:
                    raise httpx.ReadTimeout("slow")
            return answer.status_code, answer.headers, raw[:MOST_BYTES]


def refused(kind: str, status: int, raw: bytes) -> str:
    """Why an answer means that the message was not taken; "" when it was."""
    if not 200 <= status < 300:
        return f"对方返回 {status}"
    try:
        said = json.loads(raw)
    except ValueError:
        return "对方的回答不是 JSON，不能确认已接受" if kind in ROBOTS else ""
    if not isinstance(said, dict):
        return "" if kind not in ROBOTS else "对方的回答不成形，不能确认已接受"
    names = {"wecom": ("errcode",), "dingtalk": ("errcode",), "feishu": ("code", "StatusCode")}.get(kind, ("errcode",))
    codes = [said[n] for n in names if n in said]
    if kind in ROBOTS and not codes:
        return "对方没有给出结果代码，不能确认已接受"
    for code in codes:
        if str(code) != "0":
            return f"对方返回错误代码 {code}" if str(code).lstrip("-").isdigit() and len(str(code)) < 12 else "对方返回错误代码"
    if kind not in ROBOTS and (said.get("success") is False or said.get("ok") is False):
        return "对方回答未成功"
    return ""


def _pause(headers: Mapping[str, str]) -> int:
    told = headers.get("retry-after", "")
    return min(3600, max(AFTER_S, int(told))) if told.isascii() and told.isdigit() and len(told) < 6 else AFTER_S
