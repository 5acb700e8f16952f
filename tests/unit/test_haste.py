"""Urgent pages wait for no batch: claimed before all others, done between two thoughts of a batch that is under way."""

import time
from types import SimpleNamespace

import pytest
from app.work import BATCH, LEASE_S, LOOK_S, Haste, urgent_first
from crawlers.visit import priority_of
from model.outlet import Outlet, Tier
from model.source_state import SourceState
from store_samples import NOW, fetched


class SlowFlow:
    """Does nothing but note in which order pages are thought about, and that slowly."""

    def __init__(self, at_first=lambda: None):
        self.order, self.at_first = [], at_first

    def run(self, pages, between=lambda: None):
        for page in pages:
            between()
            self.order.append(page.url)
            if len(self.order) == 1:
                self.at_first()
            time.sleep(LOOK_S)


def put(store, url, priority):
    store.enqueue([fetched(url, hint={"priority": str(priority)})], NOW)


def test_a_page_that_comes_while_a_batch_is_thought_about_is_done_in_between(store):
    for n in range(4):
        put(store, f"http://a.example/{n}", 0)
    flow = SlowFlow(lambda: (put(store, "http://a.example/same", 0), put(store, "http://a.example/news", 1)))
    house = SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: NOW))
    pages = store.take_pages("w", BATCH, NOW, LEASE_S)
    flow.run(pages, Haste(house, "w", flow, 1).look)
    assert [url.rsplit("/", 1)[1] for url in flow.order] == ["0", "news", "1", "2", "3"], "and what is no more urgent waits"
    assert [p.url for p in store.take_pages("w", BATCH, NOW)] == ["http://a.example/same"]


def test_the_more_urgent_is_claimed_first_and_kept_in_a_transaction_of_its_own(store):
    for n, priority in enumerate((0, 1, 2, 0)):
        put(store, f"http://a.example/{n}", priority)
    pages = store.take_pages("w", BATCH, NOW, LEASE_S)
    assert [p.hint["priority"] for p in pages] == ["2", "1", "0", "0"]
    assert [[p.hint["priority"] for p in lot] for lot in urgent_first(pages)] == [["2", "1"], ["0", "0"]]


@pytest.mark.parametrize("tier, seen, priority", [(Tier.CENTRAL, NOW, 2), (Tier.PROVINCIAL, NOW, 2), (Tier.MUNICIPAL, NOW, 1), (Tier.PORTAL, NOW, 1),
                                                  (Tier.CENTRAL, None, 0)])
def test_news_of_high_outlets_come_before_other_news_and_all_news_before_what_was_there(tier, seen, priority):
    assert priority_of(Outlet("o", "报", tier), SourceState("s", "o", "listing", "http://o.example/", last_ok=seen)) == priority
