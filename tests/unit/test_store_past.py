"""Articles of a span read in one pass, on every engine."""

from store_samples import NOW, article, later, record, saved


def test_only_the_wanted_of_the_span_come_out_newest_first(store):
    made = saved(store, *(record(article(n, title=f"市人民医院第{n}篇", published=later(days=-n))) for n in range(5)),
                 record(article(9, title="无关一篇"), matched=False))
    asked = []
    read, kept = store.past(later(days=-3), later(days=1), lambda title, text: asked.append(title) or "第1篇" not in title)
    assert (read, [s.id for s in kept]) == (4, [made[0], made[2], made[3]])
    assert len(asked) == 4 and kept[0].mentions[0].unit_id == "u1" and kept[0].at == NOW and "夜间门诊" in kept[0].text and kept[0].outlet == "o1报"
