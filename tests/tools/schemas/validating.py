"""The shipped schemas, as a user reads them, and what a validator says of data."""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final

from jsonschema import Draft202012Validator

from lastgood import InvalidData

NAMES: Final = ("event", "plan", "policy", "registry")


def schema(name: str) -> dict[str, Any]:
    """Return a schema of the installed package."""
    found = files("lastgood") / "schemas" / f"{name}.schema.json"
    read: dict[str, Any] = json.loads(found.read_text("utf-8"))
    return read


def validator(of: dict[str, Any]) -> Any:  # its types are narrower than what it takes
    """Return a validator of the schema, which must be one of draft 2020-12."""
    Draft202012Validator.check_schema(of)
    return Draft202012Validator(of)


_VALIDATORS: Final = {name: validator(schema(name)) for name in NAMES}


def accepts(name: str, data: object) -> bool:
    """Whether the schema of this name accepts the data."""
    try:
        return bool(_VALIDATORS[name].is_valid(data))
    except RecursionError:  # The validator could not even show what it refuses.
        return False


def is_json(data: object) -> bool:
    """Whether the data come back from JSON in UTF-8; no schema is asked about anything else."""
    try:
        text = json.dumps(data, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return bool(json.loads(text) == data)


def is_read(reader: Callable[[object], object], data: object) -> bool:
    """Whether the reader reads the data. Any error but `InvalidData` escapes."""
    try:
        _ = reader(data)
    except InvalidData:
        return False
    return True
