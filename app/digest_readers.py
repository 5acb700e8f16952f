"""Who gets a digest: the groups, persons and channels of a bureau, its lists of receivers, and the channels behind a name."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence

from config.edit import change
from model.bureau import Bureau
from model.digest import SCHEDULED
from model.ports import Clock
from pipelines.store.store import SqlStore


class Readers:
    """The part of `model.ports_digest.DigestDesk` about receivers."""

    store: SqlStore
    bureau: Callable[[], Bureau]
    clock: Clock

    def readers(self) -> list[tuple[str, str]]:
        bureau = self.bureau()
        people = [(p.id, p.name) for p in bureau.duty.people if p.channels]
        return [*((g.id, f"{g.name}（组）") for g in bureau.duty.groups), *people, *((c.id, f"通道 {c.id}") for c in bureau.channels)]

    def list_of(self, kind: str) -> tuple[str, ...]:
        return self.bureau().duty.digests.get(kind, ())

    def set_list(self, kind: str, names: Sequence[str], who: str) -> None:
        known = {name for name, _ in self.readers()}
        if unknown := [n for n in names if n not in known]:
            raise ValueError(f"没有这个接收人：{'、'.join(unknown)}")
        if kind not in SCHEDULED:
            raise ValueError("这种期次不定时发送")

        def alter(rules: MutableMapping) -> None:
            lists = rules.setdefault("digests", {})
            if names:
                lists[kind] = list(dict.fromkeys(names))
            else:
                lists.pop(kind, None)
            if not lists:
                del rules["digests"]

        if wrong := [p for p in change(self.bureau().folder, "rules.yaml", alter) if not p.warning]:
            raise ValueError("没有存下：" + "；".join(map(str, wrong)))
        self.store.audit(who, "digest_list", kind, "、".join(names) or "（无）", self.clock.now())

    def targets(self, names: Sequence[str]) -> list[tuple[str, ...]]:
        """Channels to tell, each once: a target is a channel with those that stand behind it."""
        rules, known = self.bureau().duty, {c.id for c in self.bureau().channels}
        found: dict[str, tuple[str, ...]] = {}
        for name in names:
            group = next((g for g in rules.groups if g.id == name), None)
            person = rules.person(name)
            if group:
                ways = [*([group.channels] if group.channels else []), *(p.channels for m in group.members if (p := rules.person(m)))]
            else:
                ways = [person.channels] if person else [(name,)]
            for way in ways:
                if usable := tuple(c for c in way if c in known):
                    found.setdefault(usable[0], usable)
        return list(found.values())
