"""The outbox: once per key, at least once done, nothing asked for while it is done is lost."""

from store_samples import NOW, later


def put(store, key="1", kind="alert", again=False, now=NOW, **payload):
    with store.write() as w:
        w.put(kind, key, payload, now, again=again)


def test_a_task_is_kept_once_per_kind_and_key(store):
    for _ in range(2):
        put(store, article=1)
    put(store, kind="credit")
    assert store.task_counts() == {"pending": 2, "leased": 0, "done": 0, "parked": 0}
    [task] = store.take_tasks(["alert"], 5, NOW)
    assert (task.kind, task.key, task.payload, task.tries, task.created_at) == ("alert", "1", {"article": 1}, 0, NOW)


def test_a_lease_that_ends_gives_the_task_again(store):
    put(store)
    store.take_tasks(["alert"], 5, NOW, lease_s=60)
    assert store.take_tasks(["alert"], 5, later(seconds=59)) == []
    assert [t.tries for t in store.take_tasks(["alert"], 5, later(seconds=60))] == [1]


def test_a_failed_task_waits_then_is_parked_in_sight(store):
    put(store)
    [task] = store.take_tasks(["alert"], 5, NOW)
    store.task_failed(task.id, "超时", later(minutes=5), NOW)
    assert store.take_tasks(["alert"], 5, later(minutes=4)) == []
    assert [t.tries for t in store.take_tasks(["alert"], 5, later(minutes=5))] == [1]
    store.task_failed(task.id, "拒收", None, NOW)
    assert store.task_counts()["parked"] == 1
    assert store.take_tasks(["alert"], 5, later(days=9)) == []


def test_done_is_done_unless_asked_again(store):
    put(store)
    [task] = store.take_tasks(["alert"], 5, NOW)
    store.task_done(task.id, NOW)
    put(store)
    assert store.take_tasks(["alert"], 5, NOW) == []
    put(store, again=True, article=2)
    assert [(t.id, t.payload, t.tries) for t in store.take_tasks(["alert"], 5, NOW)] == [(task.id, {"article": 2}, 0)]


def test_what_is_asked_again_while_being_done_is_done_once_more(store):
    put(store)
    [task] = store.take_tasks(["alert"], 5, NOW)
    put(store, again=True)
    store.task_done(task.id, NOW)
    [again] = store.take_tasks(["alert"], 5, NOW)
    store.task_done(again.id, NOW)
    assert store.task_counts()["done"] == 1


def test_asking_again_does_not_hurry_a_retry(store):
    put(store)
    [task] = store.take_tasks(["alert"], 5, NOW)
    store.task_failed(task.id, "超时", later(hours=1), NOW)
    put(store, again=True, now=later(minutes=1))
    assert store.take_tasks(["alert"], 5, later(minutes=59)) == []


def test_what_was_sent_is_known_by_channel_and_key(store):
    store.record_sent("wecom", "k1", False, "HTTP 500", NOW)
    assert not store.was_sent("wecom", "k1")
    store.record_sent("wecom", "k1", True, "", later(minutes=1))
    assert store.was_sent("wecom", "k1")
    assert not store.was_sent("mail", "k1")
    assert [(s.ok, s.detail) for s in store.sent()] == [(True, ""), (False, "HTTP 500")]
    assert len(store.sent(limit=1)) == 1
