"""settings.yaml → Settings: nested maps, every number inside its bounds, no password in the file."""

from __future__ import annotations

import ipaddress
import os
import re
from urllib.parse import urlsplit

from config.address import read_url
from config.entry import Entry, Report
from config.rules import LEVELS
from config.tree import Node
from model.bureau import ArchiveSettings, CrawlSettings, KeepSettings, LearningSettings, Settings, WebSettings
from model.search import SearchServer

_TOP = ("database", "database_env", "workers", "crawl", "keep", "archive", "web", "search", "learning", "digest_weekday", "digest_hour", "sign_minutes")
_CRAWL = ("user_agent", "proxy", "proxy_env", "delay_s", "timeout_s", "max_bytes", "max_redirects", "obey_robots", "private_addresses", "link_days", "ports")
_KEEP = ("unmatched_days", "audit_days", "archive_mb")
_ARCHIVE = ("place", "endpoint", "region", "key_env", "secret_env", "ca", "timeout_s")
_WEB = ("host", "port", "address", "idle_minutes", "lock_after", "lock_minutes")
_SEARCH = ("hosts", "index", "api_key_env", "ca", "timeout_s", "shards", "replicas")
_LEARNING = ("enabled", "after")
_ELSEWHERE = {key: (f"“{key}”的位置不对", f"写在 {place}: 下面，前面空两格；若刚去掉了行首的 #，{place}: 那一行的 # 也要去掉")
              for place, keys in (("crawl", _CRAWL), ("keep", _KEEP), ("archive", _ARCHIVE), ("web", _WEB), ("search", _SEARCH))
              for key in keys if key not in ("ca", "timeout_s")}       # those stand in several places
_DRIVERS = ("sqlite", "postgresql")


def read_settings(report: Report, root: Node) -> Settings:
    entry = Entry(report, root, "settings.yaml", _TOP, _ELSEWHERE)
    usual = Settings()
    return Settings(
        database=_database(entry), workers=entry.whole("workers", usual.workers, 0, 64, "（0 为按处理器个数）"),
        crawl=_crawl(entry.sub("crawl", "crawl", _CRAWL)), keep=_keep(entry.sub("keep", "keep", _KEEP)),
        archive=_archive(entry.sub("archive", "archive", _ARCHIVE)),
        web=_web(entry.sub("web", "web", _WEB)), search=_search(entry.sub("search", "search", _SEARCH)),
        learning=_learning(entry.sub("learning", "learning（经验修正）", _LEARNING)),
        digest_weekday=entry.whole("digest_weekday", usual.digest_weekday, 0, 6, "（0 星期一 … 6 星期日）"),
        digest_hour=entry.whole("digest_hour", usual.digest_hour, 0, 23), sign_minutes=_sign_minutes(report, entry, usual))


def _from_env(entry: Entry, key: str) -> str:
    """The value of the environment variable named under `key`."""
    name = entry.text(key)
    if not name:
        return ""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", name):
        entry.fault(key, f"“{key}”要写环境变量的名字", f"如 {key}: JIANBAO_DATABASE")
    elif not os.environ.get(name):
        entry.fault(key, f"环境变量 {name} 没有设置", "启动前设置它，或删去这一行")
    return os.environ.get(name, "")


def _database(entry: Entry) -> str:
    if "database" in entry and "database_env" in entry:
        entry.fault("database_env", "database 和 database_env 只能写一个", "删去一个")
    if "database_env" in entry:
        return _from_env(entry, "database_env")
    url = entry.text("database")
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        entry.fault("database", "数据库地址写法不对", "留空即用内置 SQLite；或写 postgresql://用户@主机/库名")
        return ""
    if parts.scheme.split("+")[0] not in _DRIVERS:
        entry.fault("database", f"数据库种类“{parts.scheme}”不认识", "留空即用内置 SQLite；或写 postgresql://用户@主机/库名")
        return ""
    if parts.password:
        entry.fault("database", "数据库口令写在了文件里", "改写 database_env: JIANBAO_DATABASE，把整个地址放进这个环境变量")
        return ""
    return url


def _ports(part: Entry) -> tuple[int, ...]:
    """Ports of addresses that people give, besides 80 and 443."""
    found = []
    for text, at in part.lined_texts("ports", 20):
        if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65_535:
            found.append(int(text))
        else:
            part.report.fault(at, f"端口“{text[:20]}”不对", "写 1 到 65535 之间的整数，如 ports: [8080]")
    return tuple(dict.fromkeys(found))


def _crawl(part: Entry) -> CrawlSettings:
    usual = CrawlSettings()
    proxy = _from_env(part, "proxy_env") if "proxy_env" in part else read_url(part, "proxy", required=False, proxy=True)
    made = CrawlSettings(
        user_agent=part.text("user_agent", usual.user_agent, limit=200), proxy=proxy,
        delay_s=part.number("delay_s", usual.delay_s, 0, 600, " 秒"), timeout_s=part.number("timeout_s", usual.timeout_s, 1, 600, " 秒"),
        max_bytes=part.whole("max_bytes", usual.max_bytes, 10_000, 200_000_000, " 字节"),
        max_redirects=part.whole("max_redirects", usual.max_redirects, 0, 20), obey_robots=part.flag("obey_robots", usual.obey_robots),
        private_addresses=part.flag("private_addresses", usual.private_addresses),
        link_days=part.whole("link_days", usual.link_days, 1, 36500, " 天"), ports=_ports(part))
    if "\n" in made.user_agent or not made.user_agent.isascii():
        part.fault("user_agent", "user_agent 只能用英文字符", "如 jianbao/0.1 (+https://单位网址的英文域名/)")
    if not made.obey_robots:
        part.report.warn(part.at("obey_robots"), "关掉了 robots.txt 检查", "除非已取得对方同意，写 obey_robots: true")
    if made.delay_s < 1 and not made.private_addresses:
        part.report.warn(part.at("delay_s"), f"对同一网站的间隔只有 {made.delay_s:g} 秒，会给对方造成压力", "写 2 秒以上")
    return made


def _keep(part: Entry) -> KeepSettings:
    usual = KeepSettings()
    return KeepSettings(
        unmatched_days=part.whole("unmatched_days", usual.unmatched_days, 1, 3650, " 天"),
        audit_days=part.whole("audit_days", usual.audit_days, 180, 36500, " 天（日志至少保存六个月）"),
        archive_mb=part.whole("archive_mb", usual.archive_mb, 1, 10_000, " MB"))


def _archive(part: Entry) -> ArchiveSettings:
    usual = ArchiveSettings()
    place, endpoint = part.text("place"), read_url(part, "endpoint", required=False)
    if "://" in place and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_.-]+)*/?", place) or ".." in place.split("/"):
        part.fault("place", f"存档位置“{place}”不对", "写一个文件夹，如 /mnt/archive，或 s3://桶名/前缀")
        place = usual.place
    if endpoint and not place.startswith("s3://"):
        part.fault("endpoint", "endpoint 只用于 s3:// 的存档", "place 写成 s3://桶名/前缀，或删去 endpoint")
    return ArchiveSettings(
        place=place, endpoint=endpoint, region=part.text("region"),
        key=_from_env(part, "key_env") if "key_env" in part else "", secret=_from_env(part, "secret_env") if "secret_env" in part else "",
        ca=part.text("ca"), timeout_s=part.number("timeout_s", usual.timeout_s, 0.5, 120, " 秒"))


def _web(part: Entry) -> WebSettings:
    usual = WebSettings()
    host = part.text("host", usual.host)
    if not re.fullmatch(r"[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}", host):
        part.fault("host", f"监听地址“{host}”不对", "写 127.0.0.1（只本机）、0.0.0.0（整个内网）或本机的一个地址")
        host = usual.host
    if host == "localhost" or _is_loopback(host):
        pass
    else:
        part.report.warn(part.at("host"), f"网页开放给 {host}，局域网内都能打开登录页", "确认防火墙只放行本单位内网；网页前面加一层 HTTPS 代理")
    return WebSettings(
        host=host, port=part.whole("port", usual.port, 1, 65535), address=read_url(part, "address", required=False).rstrip("/"),
        idle_minutes=part.whole("idle_minutes", usual.idle_minutes, 1, 1440, " 分钟"),
        lock_after=part.whole("lock_after", usual.lock_after, 1, 20, " 次"),
        lock_minutes=part.whole("lock_minutes", usual.lock_minutes, 1, 1440, " 分钟"))


def _search(part: Entry) -> SearchServer:
    usual = SearchServer()
    hosts = tuple(part.texts("hosts"))
    for host in hosts:
        try:
            parts = urlsplit(host)
            right = parts.scheme in ("http", "https") and parts.hostname and parts.port and not parts.password and not parts.username
        except ValueError:
            right = False
        if not right:
            part.fault("hosts", f"检索服务的地址“{host.split('@')[-1]}”不对", "写成 https://主机:9200；密钥放进环境变量，用 api_key_env")
    index = part.text("index", usual.index)
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,60}", index):
        part.fault("index", f"索引名“{index}”不对", "只用小写字母、数字和下划线，如 index: jianbao_ganzhou；每个单位用自己的")
        index = usual.index
    return SearchServer(
        hosts=hosts, index=index, api_key=_from_env(part, "api_key_env") if "api_key_env" in part else "", ca=part.text("ca"),
        timeout_s=part.number("timeout_s", usual.timeout_s, 0.2, 60, " 秒"), shards=part.whole("shards", usual.shards, 1, 50),
        replicas=part.whole("replicas", usual.replicas, 0, 5))


def _learning(part: Entry) -> LearningSettings:
    usual = LearningSettings()
    return LearningSettings(enabled=part.flag("enabled", usual.enabled), after=part.whole("after", usual.after, 1, 1000, " 条"))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _sign_minutes(report: Report, entry: Entry, usual: Settings) -> dict[int, int]:
    minutes = {int(level): m for level, m in usual.sign_minutes.items()}
    if "sign_minutes" not in entry:
        return minutes
    part = entry.sub("sign_minutes", "sign_minutes（签收时限）", tuple(LEVELS))
    for key in part.map:
        level = int(LEVELS[key])
        minutes[level] = part.whole(key, minutes[level], 1, 10_080, " 分钟")
    if list(minutes[n] for n in (1, 2, 3, 4)) != sorted(minutes.values()):
        report.warn(entry.at("sign_minutes"), "较重的等级签收时限反而更长", "等级越重，时限应当越短")
    return minutes
