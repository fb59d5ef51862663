"""Without the dependency group there is nothing to test here; `test_installed` says so."""

from importlib.util import find_spec
from typing import Final

MISSING: Final = [
    name
    for name in ("cattrs", "fastapi", "httpx2", "msgspec", "pydantic", "yaml")
    if find_spec(name) is None
]

collect_ignore_glob: Final = ["test_[!i]*.py"] if MISSING else []
