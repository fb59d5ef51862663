"""The table of the states, as its source says it, and as the page shows it."""

import ast
from collections.abc import Iterator

from tests.package.discovery import trees


def source() -> ast.Module:
    """Return the file of the table."""
    (tree,) = (tree for path, tree in trees() if path == "control/_transitions.py")
    return tree


def findings() -> dict[str, str]:
    """Return the words of each finding, by its name."""
    (findings,) = (node for node in source().body if isinstance(node, ast.ClassDef))
    return {
        node.targets[0].id: node.value.value
        for node in findings.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def table() -> Iterator[tuple[str, str, str]]:
    """Yield the rows of the table in the source: a state, a finding, what is wanted next."""
    (rows,) = (
        node.value
        for node in source().body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "TABLE"
    )
    assert isinstance(rows, ast.Dict)
    words = findings()
    for state, row in zip(rows.keys, rows.values, strict=True):
        assert state is not None
        assert isinstance(row, ast.Dict)
        for finding, to in zip(row.keys, row.values, strict=True):
            assert finding is not None
            name = ast.unparse(to)
            to_name = name.removeprefix("Outcome.").lower() if "Outcome" in name else name
            yield ast.unparse(state), words[ast.unparse(finding).removeprefix("Finding.")], to_name


def shown() -> list[str]:
    """Return the rows of the page, one for each two states, with all findings between them."""
    edges: dict[tuple[str, str], list[str]] = {}
    for state, finding, to in table():
        edges.setdefault((state, to), []).append(finding)
    return [f"| `{state}` | {' / '.join(all_)} | `{to}` |" for (state, to), all_ in edges.items()]
