"""Who may come in: argon2 passwords, a lock after too many failures, sessions kept by the store.

The cookie holds the log-in name and a random token; the store holds only a hash over the token and the password hash, so a
changed password ends every session that was opened with the old one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import threading
from dataclasses import dataclass, replace
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from model.bureau import WebSettings
from model.ports import Accounts, Clock
from model.user import Role, User

LOGIN = "login"
_HASHER = PasswordHasher(time_cost=3, memory_cost=24 * 1024, parallelism=1)     # above OWASP's floor, 24 MiB a log-in
_AT_ONCE = threading.Semaphore(2)      # a storm of log-ins may wait; it may not take the machine's memory
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))     # verified when there is no such user: both answers take the same time
_SYLLABLES = ("ba bai bao bei bo cao cha chen chi da dai dong du fan fei feng gan gao gu hai han he hua ji jia jing ke kuan lan lei li "
              "liang lin lu mai mao mei min mu nan ning pan pei ping qi qin qiu ran ren rong sha shan shu song tan tao tian wan wei "
              "wen xi xia xin yan yang yi yuan yun zhe zhen zhi zhou zhu").split()
MIN_LENGTH = 10


@dataclass(frozen=True)
class Entry:
    """The answer to a log-in: `cookie` when it went well, else `refusal` in Chinese."""

    user: User | None = None
    cookie: str = ""
    refusal: str = ""


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


def fits(password: str, hashed: str) -> bool:
    try:
        with _AT_ONCE:
            return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def readable_password() -> str:
    """A random password that can be read aloud: six syllables and four digits, about 50 bits."""
    syllables = [secrets.choice(_SYLLABLES) for _ in range(6)]
    return "-".join("".join(syllables[i:i + 2]) for i in (0, 2, 4)) + f"-{secrets.randbelow(10_000):04d}"


def first_admin(store: Accounts, clock: Clock) -> tuple[str, str] | None:
    """Make the log-in `admin` when there is no user at all; (name, password) to be shown once, or None."""
    if store.users():
        return None
    name, password = "admin", readable_password()
    store.save_user(User(0, name, "管理员", Role.ADMIN, must_change=True), hash_password(password))
    store.audit("系统", "user_add", name, "ok", clock.now())
    return name, password


def weakness(password: str, name: str) -> str:
    """Why a new password will not do, in Chinese; "" when it will."""
    if len(password) < MIN_LENGTH:
        return f"新密码至少 {MIN_LENGTH} 个字符。"
    if len(password) > 200:
        return "新密码不能超过 200 个字符。"
    kinds = sum(any(test(c) for c in password) for test in (str.isalpha, str.isdigit, lambda c: not c.isalnum()))
    if kinds < 2:
        return "新密码须含字母、数字、符号中的至少两种。"
    if name and name.lower() in password.lower():
        return "新密码不能包含登录名。"
    return ""


def log_in(store: Accounts, clock: Clock, rules: WebSettings, name: str, password: str, address: str = "") -> Entry:
    """Check name and password; every try is in the audit log.  A locked name is refused before the password is looked at."""
    now, name = clock.now(), name.strip()[:64]
    if store.failed_logins(name, now - timedelta(minutes=rules.lock_minutes)) >= rules.lock_after:
        store.audit(name, LOGIN, "", "locked", now, address)
        return Entry(refusal=f"连续 {rules.lock_after} 次登录失败，请 {rules.lock_minutes} 分钟后再试。")
    held = store.user(name)
    if not fits(password[:1000], held[1] if held else _NOBODY) or held is None or not held[0].active:
        store.audit(name, LOGIN, "", "failed", now, address)
        return Entry(refusal="登录名或密码不正确。")
    store.audit(name, LOGIN, "", "ok", now, address)
    return Entry(held[0], _open(store, clock, held[0], held[1]))


def _open(store: Accounts, clock: Clock, user: User, hashed: str) -> str:
    token = secrets.token_urlsafe(32)
    store.open_session(_digest(token, hashed), user.id, clock.now())
    return base64.urlsafe_b64encode(user.name.encode()).decode().rstrip("=") + "." + token


def _digest(token: str, hashed: str) -> str:
    return hashlib.sha256(f"{token}\n{hashed}".encode()).hexdigest()


def _key(store: Accounts, cookie: str) -> str:
    """The store's key of the session that `cookie` names; "" when it cannot name one."""
    name, dot, token = cookie.partition(".")
    if not dot or len(cookie) > 400:
        return ""
    try:
        held = store.user(base64.b64decode(name + "=" * (-len(name) % 4), altchars=b"-_", validate=True).decode())
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return _digest(token, held[1]) if held else ""


def visitor_of(store: Accounts, clock: Clock, rules: WebSettings, cookie: str, touch: bool = True) -> User | None:
    """The user of a live session, or None.  A session not used for `rules.idle_minutes` is closed."""
    key = _key(store, cookie)
    found = store.session(key) if key else None
    if found is None:
        return None
    user, seen = found
    now = clock.now()
    if not user.active or now - seen > timedelta(minutes=rules.idle_minutes):
        store.close_session(key)
        return None
    if touch and now - seen > timedelta(seconds=20):
        store.touch_session(key, now)
    return user


def log_out(store: Accounts, clock: Clock, cookie: str, who: str) -> None:
    key = _key(store, cookie)
    if key:
        store.close_session(key)
    store.audit(who, "logout", "", "ok", clock.now())


def change_password(store: Accounts, clock: Clock, user: User, old: str, new: str) -> tuple[str, str]:
    """(new cookie, "") when changed, ("", why not) otherwise."""
    held = store.user(user.name)
    if held is None or not fits(old[:1000], held[1]):
        store.audit(user.name, "password", user.name, "failed", clock.now())
        return "", "原密码不正确。"
    refusal = weakness(new, user.name) or ("新密码不能与原密码相同。" if old == new else "")
    if refusal:
        return "", refusal
    hashed, changed = hash_password(new), replace(held[0], must_change=False)
    store.save_user(changed, hashed)
    store.audit(user.name, "password", user.name, "ok", clock.now())
    return _open(store, clock, changed, hashed), ""
