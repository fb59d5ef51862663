"""What the page asks Python in the browser: run these blocks, and what about this history?

It knows nothing of the browser. The answers are plain data: a text as Python would print it, and a
picture, or ``None``.
"""

import ast
import json
import linecache
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from types import ModuleType
from typing import Any, Final, TypedDict

import lastgood
from lastgood import LastgoodError, RollbackPlan, RollbackStrategy, VersionRegistry, keys, rules
from lastgood.backtest import backtest
from lastgood.render import svg

#: What the code of a reader is called in a traceback.
BLOCK: Final = "<block {}>"
STRATEGY: Final = "<strategy>"
#: More of a traceback says nothing to a reader.
_LONGEST: Final = 20_000


class Answer(TypedDict):
    """What the page shows."""

    text: str
    picture: str | None
    failed: bool


def run(blocks: Sequence[str], scope: str) -> Answer:
    """Run the blocks of a page one after the other, and return what the last one printed.

    They share one new module. The value of an expression at the very end is shown as well. If a
    block raises, the answer is what was printed so far, and the error. The picture is that of the
    variable ``registry``, with the variable ``plan`` if it was made for it.
    """
    module = _new_module()
    printed = StringIO()
    value: object = None
    try:
        for number, block in enumerate(blocks, 1):
            printed = StringIO()
            with redirect_stdout(printed):
                value = _value_of(block, BLOCK.format(number), vars(module))
    except BaseException as error:  # noqa: BLE001 - whatever the code of a reader raises is shown
        text = f"{printed.getvalue()}{_said(error)}"
        return {"text": _bounded(text), "picture": _picture(vars(module), scope), "failed": True}
    picture, ending = _shown(value)
    text = f"{printed.getvalue()}{ending}"
    picture = picture or _picture(vars(module), scope)
    return {"text": _bounded(text), "picture": picture, "failed": False}


def judge(history: str, strategy: str, scope: str) -> Answer:
    """Return what a strategy does now, and what it would have done in every incident of a history.

    Args:
        history: A table with a version and its status on each line, oldest first, the last one
            current; or the JSON of a registry; or a JSON object of labels and statuses.
        strategy: A strategy as one writes it in Python, such as ``LastStable()``, or a policy in
            JSON.
        scope: What the ids of the picture begin with.
    """
    try:
        registry = read_history(history)
        asked = read_strategy(strategy)
        text, plan = _judged(registry, asked)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with what was pasted is shown
        return {"text": _said(error), "picture": None, "failed": True}
    picture = svg(registry, plan=plan, scope=scope) if registry.deployments else None
    return {"text": text, "picture": picture, "failed": False}


def read_history(text: str) -> VersionRegistry:
    """Return the registry that somebody pasted."""
    if not text.lstrip().startswith(("{", "[")):
        table = dict(_rows(text))
        return VersionRegistry.from_statuses(table, current=next(reversed(table), None))
    data: Any = json.loads(text)
    if text.lstrip().startswith("[") or "events" in data or "format" in data:
        return VersionRegistry.from_dict(data)
    return VersionRegistry.from_statuses(data, current=next(reversed(data), None))


def read_strategy(text: str) -> RollbackStrategy:
    """Return the strategy that somebody wrote."""
    if text.lstrip().startswith("{"):
        return lastgood.strategy_from_dict(json.loads(text))
    known = {
        name: getattr(module, name) for module in (keys, rules, lastgood) for name in module.__all__
    }
    code = compile(text.strip(), STRATEGY, "eval")
    found: object = eval(code, known)  # noqa: S307 - the reader's own code, in the reader's browser
    if not isinstance(found, RollbackStrategy):
        raise TypeError(
            f"expected a strategy, such as LastStable(), not {type(found).__name__}: {found!r}"
        )
    return found


def _judged(
    registry: VersionRegistry, strategy: RollbackStrategy
) -> tuple[str, RollbackPlan | None]:
    """Return what to do now, then what would have been done, and the plan if there is one."""
    if not registry.events:
        return "Nothing was pasted.\n", None
    now, plan = _decided(registry, strategy)
    parts = [now, backtest(registry, strategy).explain()]
    return "\n\n".join(part.rstrip() for part in parts) + "\n", plan


def _decided(
    registry: VersionRegistry, strategy: RollbackStrategy
) -> tuple[str, RollbackPlan | None]:
    """Return what the strategy decides now, and the plan if there is one."""
    current = registry.current
    if current is None:
        return "Nothing serves: no rollback is needed.", None
    if not registry.needs_rollback:
        status = registry[current].status
        return f"{current} serves and is {status}: no rollback is needed.", None
    try:
        plan = strategy.plan(registry)
    except LastgoodError as error:
        return str(error), None
    return plan.explain(), plan


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield the versions of a table with their statuses; a version alone is unproven."""
    for line in text.splitlines():
        words = re.sub(r"[,;|]|:(?!\S)", " ", line).split()
        if len(words) > 2:
            raise ValueError(
                f"expected a version and its status on each line, not {line.strip()!r}: "
                "write 'v1.0 stable'"
            )
        if words:
            yield words[0], words[1].lower() if len(words) > 1 else "unproven"


def _new_module() -> ModuleType:
    """Return a module of its own for a run, which `pickle` finds by its name."""
    module = ModuleType("example")
    sys.modules[module.__name__] = module
    return module


def _value_of(block: str, name: str, namespace: dict[str, object]) -> object:
    """Run a block, and return the value of an expression that ends it."""
    linecache.cache[name] = len(block), None, block.splitlines(keepends=True), name
    tree = ast.parse(block, name)
    last: ast.expr | None = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = tree.body[-1].value
        del tree.body[-1]
    exec(compile(tree, name, "exec"), namespace)  # noqa: S102 - the reader's own code
    if last is None:
        return None
    expression = compile(ast.Expression(last), name, "eval")
    value: object = eval(expression, namespace)  # noqa: S307 - as above
    return value


def _shown(value: object) -> tuple[str | None, str]:
    """Return a value as a picture, or as text."""
    if value is None:
        return None, ""
    if isinstance(value, str) and value.startswith("<svg "):
        return value, ""
    drawn = getattr(value, "_repr_html_", None)
    if drawn is not None and type(value).__module__.partition(".")[0] == "lastgood":
        return str(drawn()), ""
    return None, f"{value!r}\n"


def _picture(namespace: Mapping[str, object], scope: str) -> str | None:
    """Return the picture of the registry among the variables of a block."""
    registry, plan = namespace.get("registry"), namespace.get("plan")
    if not isinstance(registry, VersionRegistry) or not registry.deployments:
        return None
    if not isinstance(plan, RollbackPlan) or not _is_of(plan, registry):
        plan = None
    return svg(registry, plan=plan, scope=scope)


def _is_of(plan: RollbackPlan, registry: VersionRegistry) -> bool:
    return (plan.revision, plan.fingerprint) == (registry.revision, registry.fingerprint)


def _said(error: BaseException) -> str:
    """Return an error as Python prints it, without the frames that are not the reader's."""
    trace = traceback.TracebackException.from_exception(error)
    theirs = [frame for frame in trace.stack if frame.filename.startswith("<")]
    trace.stack = traceback.StackSummary.from_list(theirs)
    return "".join(trace.format(chain=False)) if theirs else "".join(trace.format_exception_only())


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n... and more\n"
