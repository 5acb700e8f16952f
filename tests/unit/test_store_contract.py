"""The store keeps the contract of `model.ports`, name by name."""

import inspect

import pytest

from model import ports
from pipelines.archive import WarcArchive
from pipelines.store.store import SqlStore, SqlWriter

PAIRS = [(SqlStore, ports.Store), (SqlWriter, ports.Writer), (WarcArchive, ports.Archive)]


def methods(protocol):
    return [(owner, name) for owner in protocol.__mro__ if owner.__module__ == "model.ports" for name, f in vars(owner).items()
            if inspect.isfunction(f) and not name.startswith("_")]


@pytest.mark.parametrize("ours, port, owner, name", [(o, p, owner, name) for o, p in PAIRS for owner, name in methods(p)],
                         ids=lambda v: v if isinstance(v, str) else getattr(v, "__name__", ""))
def test_every_method_of_a_port_is_there_with_its_arguments(ours, port, owner, name):
    asked, given = inspect.signature(getattr(owner, name)), inspect.signature(getattr(ours, name))
    assert list(given.parameters) == list(asked.parameters)
    assert {n: p.default for n, p in given.parameters.items()} == {n: p.default for n, p in asked.parameters.items()}
