"""What Prometheus is told, and who is told."""

import re
import urllib.error
import urllib.request

import pytest

from dashboards_office import serve, world
from store_samples import fetched, later


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("metrics"))
    made.alarm("云川市人民医院的纠纷")
    made.store.enqueue([fetched("http://a.example/1")], made.clock.now())
    made.address = serve(made)
    return made


def ask(address: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"{address}/metrics", headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_every_line_is_in_the_format_and_numbers_are_the_stores(made):
    status, text = ask(made.address)
    assert status == 200
    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="(\\.|[^"\\])*"(,[a-z_]+="(\\.|[^"\\])*")*\})? -?[0-9.e+]+', line), line
    assert f'jianbao_pages{{status="queued"}} {made.store.page_counts()["queued"]}' in text
    assert re.search(r'jianbao_incidents\{level="\d",state="open"\} 1', text)
    assert "jianbao_incidents_overdue " in text and 'jianbao_outbox_tasks{state="pending"}' in text
    assert "jianbao_search_up" not in text                     # no search server is configured


def test_an_alert_nobody_signs_for_becomes_overdue(made):
    before, made.clock.at = made.clock.now(), made.clock.now() + (later(days=1) - later())
    try:
        text = ask(made.address)[1]
        assert "jianbao_incidents_overdue 1" in text
        assert float(re.search(r"(?m)^jianbao_incident_unsigned_seconds_max (\S+)", text)[1]) >= 86_400
    finally:
        made.clock.at = before


def test_strangers_are_told_nothing(made, monkeypatch):
    assert ask(made.address, X_Forwarded_For="203.0.113.9") == (403, "not for you\n")
    monkeypatch.setenv("JIANBAO_METRICS_TOKEN", "s3cret")
    assert ask(made.address)[0] == ask(made.address, Authorization="Bearer wrong")[0] == 403
    assert ask(made.address, Authorization="Bearer s3cret", X_Forwarded_For="203.0.113.9")[0] == 200
