"""Every example of the documentation is a test.

1. A fenced block tagged ``python`` or ``pycon``, in the README or in ``docs``, runs.
2. A block tagged ``text`` or ``mermaid`` right below one tagged ``python`` shows what that one
   prints.
3. An example in a docstring of ``src`` runs, and finds only what its own docstring imports.
4. Examples run inside a real module, so that what they define can be pickled, as a user's can.
5. No example can be skipped: no parser here knows how.
"""

import sys
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from contextlib import redirect_stdout
from doctest import ELLIPSIS
from io import StringIO
from itertools import chain, count
from types import ModuleType
from typing import Any, Final

from sybil import Document, Example, Region, Sybil
from sybil.document import PythonDocStringDocument
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.markdown import CodeBlockParser
from sybil.parsers.rest import DocTestParser
from typing_extensions import override

_NUMBERS: Final = count(1)


def _namespace() -> dict[str, Any]:
    """Return the namespace of a new module that `pickle` can find."""
    module = ModuleType(f"example_{next(_NUMBERS)}")
    sys.modules[module.__name__] = module
    return vars(module)


class Page(Document):
    """A page of the documentation: its blocks share one namespace, as a reader shares one mind."""

    def __init__(self, text: str, path: str) -> None:
        super().__init__(text, path)
        self.namespace = _namespace()


class Docstrings(PythonDocStringDocument):
    """The docstrings of a module: each one has a namespace of its own, and imports what it uses."""

    def __init__(self, text: str, path: str) -> None:
        super().__init__(text, path)
        self.pop_evaluator(self.import_document)

    @override
    def examples(self) -> Iterator[Example]:
        starts = sorted(start for start, _, _ in self.extract_docstrings(self.text))
        namespaces = defaultdict[int, dict[str, Any]](_namespace)
        for example in super().examples():
            example.namespace = namespaces[bisect(starts, example.region.start)]
            yield example


class ScriptParser:
    """Blocks tagged ``python``, and what they print: the block of text right below such a block."""

    def __init__(self) -> None:
        self._run = PythonEvaluator()
        self._printed: dict[str, str] = {}
        self._scripts = CodeBlockParser("python", self._print)
        self._outputs = [CodeBlockParser(tag, self._compare) for tag in ("text", "mermaid")]

    def __call__(self, document: Document) -> Iterator[Region]:
        """Yield the scripts, then the outputs; other blocks of text are no claim about Python."""
        scripts = [*self._scripts(document)]
        yield from scripts
        ends = {script.end for script in scripts}
        for output in chain.from_iterable(outputs(document) for outputs in self._outputs):
            if len(document.text[: output.start].rstrip()) in ends:
                yield output

    def _print(self, example: Example) -> None:
        printed = StringIO()
        with redirect_stdout(printed):
            self._run(example)
        self._printed[example.path] = printed.getvalue()

    def _compare(self, example: Example) -> str | None:
        printed = self._printed[example.path]
        same = printed == example.parsed
        return None if same else f"The page shows:\n{example.parsed}\nPrinted was:\n{printed}"


class SessionParser:
    """Blocks tagged ``pycon``: what a person typed and what Python answered."""

    def __init__(self) -> None:
        evaluator = DocTestEvaluator(ELLIPSIS)
        self._sessions = DocTestStringParser(evaluator)
        self._blocks = CodeBlockParser("pycon", evaluator)

    def __call__(self, document: Document) -> Iterator[Region]:
        """Yield what each block shows typed, with the answer that is expected."""
        for block in self._blocks(document):
            for region in self._sessions(block.parsed, document.path):
                region.adjust(block, block.parsed)
                yield region


_pages = Sybil(
    parsers=[ScriptParser(), SessionParser()],
    patterns=["*.md"],
    document_types={".md": Page},
)
_docstrings = Sybil(
    parsers=[DocTestParser(ELLIPSIS)],
    path="src",
    patterns=["*.py"],
    document_types={".py": Docstrings},
)

pytest_collect_file = (_pages + _docstrings).pytest()
