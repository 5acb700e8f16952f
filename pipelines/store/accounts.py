"""Who may log in, who is logged in, and the audit log of who did what."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from model.user import Role, User
from pipelines.store.codec import micros, moment, plain
from pipelines.store.part import StorePart
from pipelines.store.tables import account, audit, session

LOGIN, OK, FAILED = "login", "ok", "failed"   # audit: `what` of a log-in and its `result`
_FORGOTTEN = timedelta(days=30)    # a session not seen for so long is swept away at the next log-in


class AccountsPart(StorePart):

    def user(self, name: str) -> tuple[User, str] | None:
        with self.db.read() as conn:
            row = conn.execute(select(account).where(account.c.name == plain(name))).first()
        return (_user(row), row.password_hash) if row else None

    def users(self) -> list[User]:
        with self.db.read() as conn:
            return [_user(r) for r in conn.execute(select(account).order_by(account.c.id))]

    def save_user(self, user: User, password_hash: str | None) -> int:
        fields = {"name": user.name, "display": plain(user.display), "role": str(user.role), "unit_id": user.unit_id,
                  "active": user.active, "must_change": user.must_change}
        if password_hash is not None:
            fields["password_hash"] = password_hash
        with self.db.write() as conn:
            if not user.id:
                return conn.execute(insert(account).values(**fields)).inserted_primary_key[0]
            conn.execute(update(account).where(account.c.id == user.id).values(**fields))
            if not user.active:
                conn.execute(delete(session).where(session.c.user_id == user.id))
        return user.id

    def failed_logins(self, name: str, since: datetime) -> int:
        """Audit rows "login" of that name with the result "failed", since then and since its last "ok"."""
        mine = (audit.c.who == plain(name)) & (audit.c.what == LOGIN)
        last_ok = select(func.coalesce(func.max(audit.c.id), 0)).where(mine, audit.c.result == OK).scalar_subquery()
        failed = select(func.count()).select_from(audit).where(mine, audit.c.result == FAILED, audit.c.at >= micros(since),
                                                               audit.c.id > last_ok)
        with self.db.read() as conn:
            return conn.execute(failed).scalar_one()

    def open_session(self, token_hash: str, user_id: int, now: datetime) -> None:
        with self.db.write(None) as conn:
            conn.execute(delete(session).where(session.c.seen_at < micros(now - _FORGOTTEN)))
            conn.execute(insert(session).values(token_hash=token_hash, user_id=user_id, opened_at=micros(now), seen_at=micros(now)))

    def session(self, token_hash: str) -> tuple[User, datetime] | None:
        with self.db.read() as conn:
            row = conn.execute(select(account, session.c.seen_at).join(session, session.c.user_id == account.c.id)
                               .where(session.c.token_hash == token_hash)).first()
        return (_user(row), moment(row.seen_at)) if row else None

    def touch_session(self, token_hash: str, now: datetime) -> None:
        with self.db.write(None) as conn:
            conn.execute(update(session).where(session.c.token_hash == token_hash).values(seen_at=micros(now)))

    def close_session(self, token_hash: str) -> None:
        with self.db.write(None) as conn:
            conn.execute(delete(session).where(session.c.token_hash == token_hash))

    def audit(self, who: str, what: str, target: str, result: str, now: datetime, address: str = "") -> None:
        with self.db.write(None) as conn:
            conn.execute(insert(audit).values(at=micros(now), who=plain(who)[:100], what=plain(what)[:60], target=plain(target)[:500],
                                              result=plain(result)[:500], address=address[:100]))

    def audit_rows(self, limit: int = 200) -> list[tuple[datetime, str, str, str, str, str]]:
        """(at, who, what, target, result, address), newest first."""
        with self.db.read() as conn:
            return [(moment(r.at), r.who, r.what, r.target, r.result, r.address)
                    for r in conn.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))]


def _user(row: object) -> User:
    return User(row.id, row.name, row.display, Role(row.role), row.unit_id, row.active, row.must_change)
