"""Model values ↔ JSON text.  Fields at their default are left out, unknown ones are ignored: old rows stay readable."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Microseconds since 1970 UTC of an aware time; a naive one is refused (ValueError)."""
    if at.tzinfo is None:
        raise ValueError(f"a time without zone cannot be stored: {at!r}")
    return (at - _EPOCH) // _MICROSECOND


def micros_or_none(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def moment(stored: int) -> datetime:
    """Aware UTC time."""
    return _EPOCH + timedelta(microseconds=stored)


def moment_or_none(stored: int | None) -> datetime | None:
    return None if stored is None else moment(stored)


def plain(text: str) -> str:
    """Text that any database takes: no NUL, no lone surrogate."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


def dumps(value: object) -> str:
    return plain(_ENCODER.encode(value))


def loads(text: str) -> Any:
    return json.loads(text) if text else {}


@lru_cache(maxsize=None)
def _defaults(cls: type) -> tuple[tuple[str, object], ...]:
    found = []
    for field in fields(cls):
        default = field.default
        if field.default_factory is not MISSING:
            default = field.default_factory()
        found.append((field.name, default))
    return tuple(found)


def pack(value: Any) -> Any:
    """A JSON-able form of dataclasses, tuples, mappings, enums and times."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return fields_of(value)
    if isinstance(value, (tuple, list, set, frozenset)):
        return [pack(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): pack(v) for k, v in value.items()}
    if isinstance(value, datetime):
        return micros(value)
    if isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"cannot be stored: {type(value).__name__}")


def fields_of(value: Any, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields of a dataclass that differ from their default, packed, except those named."""
    return {name: pack(got) for name, default in _defaults(type(value))
            if name not in without and (got := getattr(value, name)) != default}


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=pack)

Decoder = Callable[[Any], Any]


@lru_cache(maxsize=None)
def _decoder(hint: Any) -> Decoder | None:
    """How a value of this type is read back; None where JSON gives it as it is."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = next((d for a in args if a is not type(None) and (d := _decoder(a))), None)
        return inner and (lambda v: None if v is None else inner(v))
    if origin is tuple:
        inner = _decoder(args[0])
        return (lambda v: tuple(map(inner, v))) if inner else tuple
    if origin is not None and issubclass(origin, Mapping):
        inner = _decoder(args[1])
        return (lambda v: {k: inner(x) for k, x in v.items()}) if inner else None
    if isinstance(hint, type):
        if is_dataclass(hint):
            return lambda v: unpack(hint, v)
        if issubclass(hint, Enum):
            return hint
        if hint is datetime:
            return moment
    return None


@lru_cache(maxsize=None)
def _decoders(cls: type) -> dict[str, Decoder | None]:
    hints = get_type_hints(cls)
    return {field.name: _decoder(hints[field.name]) for field in fields(cls)}


def unpack(cls: type, data: Mapping[str, Any], **given: Any) -> Any:
    """The dataclass `cls` from its packed fields; `given` are fields already decoded."""
    decoders = _decoders(cls)
    for name, packed in data.items():
        if name in decoders and name not in given:
            decode = decoders[name]
            given[name] = decode(packed) if decode else packed
    return cls(**given)
