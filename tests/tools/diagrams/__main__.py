"""What does Mermaid read in a diagram? `python -m tests.tools.diagrams FOLDER`.

The folder has what npm installed for `package.json` in this folder. Every diagram is parsed by
every release of Mermaid in it, and the text of each node and edge is compared with what was meant.
Without a folder the diagrams are read by a few lines of Python, which know less.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from tests.tools.diagrams.cases import Case, cases

#: What was read: the texts of the nodes by their names, and the edges by those names; or an error.
Answer: TypeAlias = dict[str, Any]

HERE: Final = Path(__file__).parent
#: The releases of Mermaid, as `package.json` names them.
PACKAGES: Final = [
    name
    for name in json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    if name.startswith("mermaid")
]
#: At most this many disagreements are printed.
_MOST: Final = 10

_NODE: Final = re.compile(r' {4}(\w+)[\[({/]+"([^"]*)"[^"]+')
_EDGE: Final = re.compile(r' {4}(\w+) (?:-->|-\.->|==>)(?:\|"([^"]*)"\|)? (\w+)')


def main() -> None:
    """Read as many diagrams as the command line asks for, and say where texts differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("folder", type=Path, nargs="?")
    _ = parser.add_argument("--node", default=shutil.which("node") or "node")
    _ = parser.add_argument("--cases", type=int, default=500)
    _ = parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asked = [*cases(given.seed, given.cases)]
    for name in PACKAGES if given.folder else [""]:
        answers = parsed(given.node, given.folder, name, asked) if name else plainly(asked)
        read = zip(asked, answers, strict=True)
        wrong = [problem for case, answer in read for problem in problems(case, answer)]
        if wrong:
            sys.exit("\n\n".join([*wrong[:_MOST], f"{len(wrong):,} diagrams are read otherwise"]))
    texts = sum(len(case.nodes) + len(case.edges) for case in asked)
    print(f"{len(asked):,} diagrams, {texts:,} texts, seed {given.seed}: no text was lost")


def parsed(node: str, folder: Path, name: str, asked: Sequence[Case]) -> list[Answer]:
    """Return what a release of Mermaid reads in the diagrams."""
    release = json.loads((folder / "node_modules" / name / "package.json").read_text("utf-8"))
    print(f"Mermaid {release['version']}", flush=True)
    ran = subprocess.run(
        [node, HERE / "parsed.mjs", folder, name],
        input="".join(f"{json.dumps(case.diagram)}\n" for case in asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.split("\n") if line]


def plainly(asked: Sequence[Case]) -> Iterator[Answer]:
    """Yield what stands in the diagrams, line by line."""
    for case in asked:
        lines = case.diagram.split("\n")
        nodes = filter(None, map(_NODE.fullmatch, lines))
        edges = filter(None, map(_EDGE.fullmatch, lines))
        yield {
            "nodes": {found[1]: _decoded(found[2]) for found in nodes},
            "edges": [(found[1], found[3], _decoded(found[2] or "")) for found in edges],
        }


def _decoded(text: str) -> str:
    return re.sub(r"#(\d+);", lambda code: chr(int(code[1])), text.replace("<br/>", ""))


def problems(case: Case, answer: Answer) -> Iterator[str]:
    """Yield what was read otherwise than it was meant, with the diagram."""
    if "error" in answer:
        yield f"{answer['error']}\n{case.diagram}"
        return
    nodes = {name: _squeezed(text) for name, text in answer["nodes"].items()}
    edges = sorted((nodes[a], nodes[b], _squeezed(text)) for a, b, text in answer["edges"])
    if sorted(nodes.values()) != [*case.nodes] or edges != [*case.edges]:
        read, meant = {*nodes.values(), *edges}, {*case.nodes, *case.edges}
        yield f"read  {read - meant}\nmeant {meant - read}\n{case.diagram}"


def _squeezed(text: str) -> str:
    """Return a text without white space, of no width as well."""
    return "".join(text.replace("\ufeff", "").split())


if __name__ == "__main__":
    main()
