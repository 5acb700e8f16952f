"""Elasticsearch as it is kept: one alias to search by, a family of monthly indices behind it, made from a template.

A family is a generation: `reindex` fills the next one beside the one in use and the alias is then turned over in one step.  The month is
that of `first_seen`, which never changes, so an article is in one index for good.  Texts come cut into words; the server only splits
them at blanks, so it finds exactly what the record's own index finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError, Elasticsearch, SSLError, TransportError
from elasticsearch.helpers import streaming_bulk

from model.search import SearchServer
from pipelines.store.codec import moment

_KEYWORD, _LONG = {"type": "keyword"}, {"type": "long"}
_WORDS = {"type": "text", "analyzer": "whitespace", "index_options": "positions"}
MAPPING: Mapping[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "id": _LONG, "title": _WORDS, "text": _WORDS, "outlet_id": _KEYWORD, "tier": _KEYWORD, "label": _KEYWORD, "units": _KEYWORD,
        "negative_units": _KEYWORD, "sort_at": _LONG,              # microseconds, as the record has it: the order has no ties by rounding
        "day": {"type": "date", "format": "strict_date"},          # of publication, in Asia/Shanghai
        "is_first": {"type": "boolean"},
    },
}
_REFUSED = (400, 413)              # the document itself is at fault: asking again would not help


class Unavailable(Exception):
    """The server does not answer, or not in time, or takes nothing; `str()` says it for the screen."""


@dataclass(frozen=True)
class Doc:
    """What the server is told of an article: its fields, or that it is not to be found (`fields` None)."""

    article_id: int
    version: int
    month: str                     # "2026.11"
    fields: Mapping[str, Any] | None


class Index:
    """The alias and its families on the servers of `settings`."""

    def __init__(self, settings: SearchServer):
        self.settings, self.alias = settings, settings.index
        self.reach = 10_000            # hits that the server reaches by from + size; beyond, search-after
        options: dict[str, Any] = {"request_timeout": settings.timeout_s, "max_retries": 0, "retry_on_timeout": False}
        if settings.api_key:
            options["api_key"] = settings.api_key
        if settings.ca:
            options["ca_certs"] = settings.ca
        if len(settings.hosts) > 1:                                # another node may answer what one did not
            options |= {"max_retries": 1, "retry_on_timeout": False, "dead_node_backoff_factor": 1}
        self.client = Elasticsearch(list(settings.hosts), **options)
        self.patient = self.client.options(request_timeout=10 * settings.timeout_s)       # what nobody waits for at a screen

    def search(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._search(self.client, body)

    def window(self, body: Mapping[str, Any], first: int, size: int) -> tuple[int, list[int]]:
        """(total, ids of hits [first, first + size)), however deep: what lies beyond reach is walked to by search-after."""
        if first + size <= self.reach:
            found = self.search({**body, "from_": first, "size": size})
            return found["hits"]["total"]["value"], _ids(found)
        total, ids = 0, []
        for found in self._walk(self.client, body, min(self.reach // 2, first + size)):
            total = found["hits"]["total"]["value"]
            ids += _ids(found)
            if len(ids) >= first + size or first >= total:
                break
        return total, ids[first:first + size]

    def all(self, body: Mapping[str, Any]) -> list[int]:
        """Ids of all hits; nobody waits for it at a screen."""
        return [i for found in self._walk(self.patient, body, self.reach // 2) for i in _ids(found)]

    def _walk(self, client: Elasticsearch, body: Mapping[str, Any], step: int) -> Iterable[Mapping[str, Any]]:
        """Answers of up to `step` hits each, one after another."""
        after: dict[str, Any] = {}
        while True:
            found = self._search(client, {**body, **after, "size": step})
            yield found
            hits = found["hits"]["hits"]
            if len(hits) < step:
                return
            after = {"search_after": hits[-1]["sort"]}

    def _search(self, client: Elasticsearch, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._ask(lambda: client.search(index=self.alias, **body).body)

    def tell(self, generation: int, docs: Sequence[Doc]) -> dict[int, str]:
        """Bring the documents; what is newer there already stays.  Returns what was refused for good, id → reason.

        Raises `Unavailable` when any could not be brought for now: bring them all again, that changes nothing.
        """
        refused: dict[int, str] = {}
        try:
            results = streaming_bulk(self.patient, (self._action(generation, d) for d in docs), chunk_size=500, max_chunk_bytes=20_000_000,
                                     raise_on_error=False, raise_on_exception=True, max_retries=0)
            for ok, result in results:
                told = next(iter(result.values()))
                status = told.get("status", 0)
                if ok or status in (404, 409):                     # gone already; newer there already
                    continue
                reason = _reason(told.get("error"))
                if status not in _REFUSED:
                    raise Unavailable(_plain(status, reason))
                refused[int(told["_id"])] = reason[:500]
        except (ApiError, TransportError) as error:
            raise _unavailable(error) from error
        return refused

    def _action(self, generation: int, doc: Doc) -> dict[str, Any]:
        action = {"_index": f"{self._family(generation)}-{doc.month}", "_id": str(doc.article_id), "version": doc.version, "version_type": "external_gte"}
        return action | ({"_op_type": "delete"} if doc.fields is None else {"_op_type": "index", "_source": {"id": doc.article_id, **doc.fields}})

    def months(self, generation: int, ids: Sequence[int]) -> dict[int, str]:
        """In which month those of `ids` are that are there."""
        if not ids:
            return {}
        family = f"{self._family(generation)}-*"
        self._ask(lambda: self.patient.indices.refresh(index=family))
        found = self._ask(lambda: self.patient.search(index=family, query={"ids": {"values": [str(i) for i in ids]}}, size=len(ids), source=False).body)
        return {int(hit["_id"]): hit["_index"].rsplit("-", 1)[1] for hit in found["hits"]["hits"]}

    def generation(self) -> int:
        """That which the alias stands for; 0 when there is none yet."""
        held = self._ask(lambda: self.patient.options(ignore_status=404).indices.get_alias(name=self.alias).body)
        return max((self._number(name) for name in held if self._number(name)), default=0)

    def prepare(self, generation: int) -> None:
        """The template of a family; its indices come into being as documents arrive."""
        self._template(generation, {})
        self._ask(lambda: self.patient.options(ignore_status=400).indices.create(index=f"{self._family(generation)}-0000.00"))

    def turn_to(self, generation: int) -> None:
        """Search this family from now on, in one step, and drop the others."""
        family = self._family(generation)
        self._ask(lambda: self.patient.indices.refresh(index=f"{family}-*"))
        old = [name for name in self._indices() if self._number(name) != generation]
        aliased = self._ask(lambda: self.patient.options(ignore_status=404).indices.get_alias(name=self.alias).body)
        actions: list[dict[str, Any]] = [{"remove": {"index": name, "alias": self.alias}} for name in old if name in aliased]
        actions.append({"add": {"index": f"{family}-*", "alias": self.alias}})
        self._ask(lambda: self.patient.indices.update_aliases(actions=actions))
        self._template(generation, {self.alias: {}})
        self._ask(lambda: self.patient.indices.update_aliases(actions=actions[-1:]))   # an index made between the two
        for name in old:
            self._ask(lambda: self.patient.options(ignore_status=404).indices.delete(index=name))
            self._ask(lambda: self.patient.options(ignore_status=404).indices.delete_index_template(name=name.rsplit("-", 1)[0]))

    def refresh(self) -> None:
        self._ask(lambda: self.patient.indices.refresh(index=self.alias))

    def ping(self) -> None:
        """Raises `Unavailable`."""
        self._ask(lambda: self.client.cluster.health(index=self.alias, wait_for_status="yellow", timeout="1s"))

    def close(self) -> None:
        self.client.close()

    def _template(self, generation: int, aliases: Mapping[str, Any]) -> None:
        settings = {"number_of_shards": self.settings.shards, "number_of_replicas": self.settings.replicas, "refresh_interval": "1s",
                    "sort.field": ["sort_at", "id"], "sort.order": ["desc", "desc"]}
        self._ask(lambda: self.patient.indices.put_index_template(
            name=self._family(generation), index_patterns=[f"{self._family(generation)}-*"], priority=500,
            template={"settings": settings, "mappings": MAPPING, "aliases": aliases}))

    def _indices(self) -> Iterable[str]:
        return [n for n in self._ask(lambda: self.patient.indices.get(index=f"{self.alias}-g*", expand_wildcards="all").body) if self._number(n)]

    def _family(self, generation: int) -> str:
        return f"{self.alias}-g{generation}"

    def _number(self, name: str) -> int:
        rest = name.removeprefix(f"{self.alias}-g").rsplit("-", 1)[0]
        return int(rest) if name.startswith(f"{self.alias}-g") and rest.isdecimal() else 0

    def _ask(self, request: Any) -> Any:
        try:
            return request()
        except (ApiError, TransportError) as error:
            raise _unavailable(error) from error


def _ids(found: Mapping[str, Any]) -> list[int]:
    return [hit["fields"]["id"][0] for hit in found["hits"]["hits"]]


def month_of(first_seen: int) -> str:
    return f"{moment(first_seen):%Y.%m}"


def _unavailable(error: ApiError | TransportError) -> Unavailable:
    if isinstance(error, ApiError):
        return Unavailable(_plain(error.status_code, str(error.message)))
    if isinstance(error, SSLError):
        return Unavailable("检索服务的证书不可信，检查 settings.yaml 里 search.ca 指的证书")
    return Unavailable("检索服务超时" if "timed out" in str(error).lower() or "Timeout" in type(error).__name__ else "连不上检索服务")


def _plain(status: int, reason: str) -> str:
    if "read-only" in reason or "cluster_block" in reason or "disk usage exceeded" in reason:
        return "检索索引只读（多半是磁盘将满），在检索服务器上清理磁盘后自动恢复"
    if status in (401, 403):
        return "检索服务不认这个密钥，或密钥权限不足"
    if status == 404:
        return "检索索引还没有建立，运行 jianbao reindex"
    return f"检索服务出错（{status} {reason[:120]}）"


def _reason(error: object) -> str:
    return f"{error.get('type', '')}: {error.get('reason', '')}" if isinstance(error, Mapping) else str(error)
