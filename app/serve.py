"""The serve process: the web app, and the timed jobs (outbox, digest, retention, backup)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import uvicorn
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from app import credits, digest
from app.claims import Desk
from app.duty_rules import RulesDesk
from app.house import House
from app.names import NameDesk
from app.outbox import Hands
from app.stories import StoryDesk
from app.troubles import Troubles
from app.words import WordsDesk
from app.post import Postman
from dashboards.office import COOKIE, Office
from dashboards.web import make_app
from pipelines.decode import decode

log = logging.getLogger("jianbao.serve")
ZONE = "Asia/Shanghai"
LOOK_S = 15           # how often it is looked whether something hinders the house


def run(house: House, made: Callable[[uvicorn.Server], None] = lambda server: None) -> None:
    """Serve until SIGTERM or SIGINT, or until the server that `made` is told of shall exit."""
    hands, troubles = Hands(house), Troubles(house)
    scheduler = jobs(house, hands)
    scheduler.add_job(troubles.look, IntervalTrigger(seconds=LOOK_S), id="troubles", next_run_time=house.clock.now())
    scheduler.start()
    hands.start()
    web = house.bureau().settings.web
    try:
        server = uvicorn.Server(uvicorn.Config(web_app(house, troubles), host=web.host, port=web.port, log_level="warning",
                                               timeout_graceful_shutdown=2, server_header=False))
        made(server)
        server.run()
    finally:
        hands.stopping.set()
        scheduler.shutdown(wait=True)
        hands.close()
        house.close()


def web_app(house: House, troubles: Troubles | None = None):
    return make_app(office(house, troubles))


def office(house: House, troubles: Troubles | None = None) -> Office:
    """What the pages are given of a house."""
    return Office(
        bureau=house.bureau, store=house.store, desk=house.incidents, archive=house.archive,
        decode=lambda body, headers: decode(body, headers).text, clock=house.clock, problems=lambda: house.watched.problems, secret=secret(house),
        troubles=lambda: troubles.told if troubles else (), cookie=f"{COOKIE}-{house.bureau().id}" if house.commons else COOKIE,
        claims=Desk(house), credits=credits.desk(house), stories=StoryDesk(house.store, house.bureau, house.clock),
        names=NameDesk(house.store, house.bureau, house.clock, house.flow, house.learned), digests=digest.desk(house), roster=house.roster,
        channels=house.channels, watches=house.watches, rules=RulesDesk(house.folder, house.store, house.bureau, house.clock),
        words=WordsDesk(house.folder, house.store, house.bureau, house.clock))


def secret(house: House) -> bytes:
    """The key that signs forms: made once, kept in the bureau's own folder, readable by its owner alone."""
    path = house.bureau().var / "secret.key"
    try:
        with open(path, "xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    return path.read_bytes()


def jobs(house: House, hands: Hands) -> BackgroundScheduler:
    """The timed jobs.  Each is done by one thread at a time; a missed turn is made up once."""
    desk, settings = Desk(house), house.bureau().settings
    scheduler = BackgroundScheduler(timezone=ZONE, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600})
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler.add_job(hands.tick, IntervalTrigger(seconds=10), id="tick")
    scheduler.add_job(hands.review, IntervalTrigger(minutes=5), id="review")
    scheduler.add_job(hands.check, IntervalTrigger(minutes=2), id="channels")
    scheduler.add_job(house.watches.daily, CronTrigger(hour="8-23", minute=5), id="watches")      # later where nothing ran at eight
    scheduler.add_job(weekly, CronTrigger(day_of_week=settings.digest_weekday, hour=settings.digest_hour), args=[house], id="digest")
    scheduler.add_job(monthly, CronTrigger(day=1, hour=9), args=[house], id="digests-ended")
    scheduler.add_job(WordsDesk(house.folder, house.store, house.bureau, house.clock).train_if_due, IntervalTrigger(seconds=5), id="learn")
    scheduler.add_job(Postman(house).run, IntervalTrigger(seconds=5), id="post")
    scheduler.add_job(daily, CronTrigger(hour=3, minute=20), args=[house], id="daily")
    scheduler.add_job(credits.desk(house).book_claims, IntervalTrigger(minutes=1), id="claims-credits")
    scheduler.add_job(desk.verify_new, IntervalTrigger(seconds=5), id="claims-new")
    scheduler.add_job(desk.again, CronTrigger(minute=40), id="claims-again")
    scheduler.add_job(desk.picture, IntervalTrigger(seconds=20), id="claims-pictures")
    if settings.search.hosts:
        scheduler.add_job(house.store.tell_search, IntervalTrigger(seconds=2), id="search")
    scheduler.add_job(desk.look_again, CronTrigger(day_of_week=6, hour=4), id="claims-recheck")
    return scheduler


def weekly(house: House) -> None:
    """This week's digest as files under var/digests, and on its way to those on the list."""
    for path in digest.write(house, house.bureau().var / "digests", forms=("docx", "pdf", "xlsx")):
        log.info("digest written: %s", path.name)
    digest.desk(house).scheduled()


def monthly(house: House) -> None:
    """Digests of the month, quarter, half and year that have ended, to those on their lists."""
    for kind in digest.ended(house.clock.now()):
        digest.desk(house).scheduled(kind)


def daily(house: House) -> None:
    """Retention and a backup."""
    now, settings = house.clock.now(), house.bureau().settings
    house.store.purge(now - timedelta(days=settings.keep.unmatched_days), now)
    backup(house.store, house.bureau().var, settings.database, f"{now:%Y%m%d}")


def backup(store, var: Path, database: str, day: str) -> None:
    """A copy of the record under var/backups; the last seven are kept."""
    folder = var / "backups"
    folder.mkdir(exist_ok=True)
    kind = "dump" if database.startswith("postgresql") else "db"
    store.backup(str(folder / f"jianbao-{day}.{kind}"))
    for old in sorted(folder.glob(f"jianbao-*.{kind}"))[:-7]:
        old.unlink()
