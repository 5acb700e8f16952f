"""The store and the desk keep the contract of `model.ports_claims`, name by name."""

import inspect

import pytest

from app.claims import Desk
from model import ports_claims
from pipelines.store.store import SqlStore

PAIRS = [(SqlStore, ports_claims.ClaimStore), (Desk, ports_claims.ClaimsDesk)]


@pytest.mark.parametrize(
    "ours, owner, name",
    [
        (o, owner, n)
        for o, p in PAIRS
        for owner in p.__mro__
        if owner.__module__ == "model.ports_claims"
        for n, f in vars(owner).items()
        if inspect.isfunction(f) and not n.startswith("_")
    ],
)
def test_every_method_is_there_with_its_arguments(ours, owner, name):
    assert list(inspect.signature(getattr(ours, name)).parameters) == list(inspect.signature(getattr(owner, name)).parameters)
