"""The system of record: all SQL of the house lives in this folder.  `open_store` is its only door."""

from pipelines.store.errors import StoreError
from pipelines.store.store import SqlStore, open_store

__all__ = ["SqlStore", "StoreError", "open_store"]
