"""媒体: how each source is, when it last gave something new, what is wrong and when it is asked again."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter
from fastapi.responses import Response
from model.source_state import Health

from dashboards.render import page
from dashboards.visitor import Reading

router = APIRouter()
_ORDER = (Health.FAILING, Health.PAUSED, Health.SILENT, Health.NEW, Health.OK)


@router.get("/outlets")
def index(visitor: Reading, health: str = "") -> Response:
    visitor.need("outlets")
    bureau, store = visitor.office.bureau(), visitor.office.store
    states = store.source_states()
    counts = Counter(s.health for s in states)
    chosen = health if health in set(Health) else ""
    listed = [(bureau.outlet(s.outlet_id), s) for s in states if not chosen or s.health == chosen]
    listed.sort(key=lambda pair: (_ORDER.index(pair[1].health), -(pair[0].tier.rank if pair[0] else 0), pair[1].outlet_id, pair[1].id))
    return page(visitor, "outlets.html", "/outlets", listed=listed, counts=[(h, counts[h]) for h in _ORDER], total=len(states),
                chosen=chosen, links=store.link_counts(), unread=[o for o in bureau.outlets if not o.sources])
