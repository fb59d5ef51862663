"""A case as the Python lines that a user would write: the code of each of its steps.

1. The lines need nothing but what `imports` names, and run one step after the other.
2. What a step is answered, they print. What it is answered without a word, they assert.
3. A plan and a registry are variables; if there are several, they have the names of the case.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import lastgood
from lastgood import keys, rules
from tests.cases.telling import WORLDS, Case, made

#: The command that records an event of each kind.
COMMANDS: Final[Mapping[str, str]] = {
    "annotated": "annotate",
    "deployed": "deploy",
    "marked_failed": "mark_failed",
    "marked_stable": "mark_stable",
    "observed": "observe",
    "registered": "register",
    "reinstated": "reinstate",
    "retired": "retire",
    "undeployed": "undeploy",
}
#: A line does not grow beyond this width by one more call.
WIDEST: Final = 78
#: Where names come from that a script may need, besides `datetime`.
HOMES: Final = (lastgood, rules, keys)


def imports(script: str) -> str:
    """Return the lines that import what the script names."""
    used = {node.id for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Name)}
    first = "from datetime import datetime\n\n" if "datetime" in used else ""
    found = [(home.__name__, sorted(used & {*home.__all__}, key=str.casefold)) for home in HOMES]
    return first + "\n".join(f"from {home} import {', '.join(n)}" for home, n in found if n)


def scripted(case: Case) -> list[str]:
    """Return the code of each step; that of the first one about a registry makes it."""
    known: set[str] = set()
    found: list[str] = []
    for step in case.steps:
        registry = variable(step.get("in", ""), "registry")
        made_here = [f"{registry} = VersionRegistry()"] if registry not in known else []
        known.add(registry)
        lines = [*made_here, *_LINES[next(iter(step))](registry, step)]
        found.append("\n".join(map(double_quoted, lines)))
    return found


def variable(name: str, usual: str) -> str:
    """Return the variable for what a case calls by this name."""
    if name in {"", "last"}:
        return usual
    word = re.sub(r"\W+", "_", name.lower())
    return word if word.isidentifier() else f"{usual}_{word}"


def strategy(data: dict[str, Any]) -> str:
    """Return the code of a strategy."""
    return repr(made(data, WORLDS["library"].names))


def _called(data: dict[str, Any]) -> str:
    """Return the code of a strategy, as a method can be called on it."""
    code = strategy(data)
    return f"({code})" if isinstance(ast.parse(code, mode="eval").body, ast.BinOp) else code


def double_quoted(line: str) -> str:
    """Return the line with double quotes, as the pages write them."""
    tokens = list(tokenize.generate_tokens(io.StringIO(line).readline)) if "'" in line else []
    for token in reversed(tokens):
        text = token.string
        if token.type == tokenize.STRING and text[0] == "'" and not re.search(r'["\\]', text):
            line = f'{line[: token.start[1]]}"{text[1:-1]}"{line[token.end[1] :]}'
    return line


# The lines of each verb


def _record(registry: str, step: dict[str, Any]) -> Iterator[str]:
    """Yield the commands, those about one version in a line while there is room."""
    line, version = "", None
    for event in step["record"]:
        facts = {key: value for key, value in event.items() if key not in {"kind", "version"}}
        call = f".{COMMANDS[event['kind']]}({_arguments(event['version'], facts)})"
        if line and (event["version"] != version or len(line + call) > WIDEST):
            yield line
            line = ""
        line = (line or f"{registry} = {registry}") + call
        version = event["version"]
    yield line


def _refuse(registry: str, step: dict[str, Any]) -> list[str]:
    event = step["refuse"]
    facts = {key: value for key, value in event.items() if key not in {"kind", "version"}}
    call = f"{registry}.{COMMANDS[event['kind']]}({_arguments(event['version'], facts)})"
    return _refused(f"{registry} = {call}", step["error"])


def _call(registry: str, step: dict[str, Any]) -> list[str]:
    (command, version), *others = step["call"].items()
    call = f"{registry}.{command}({_arguments(version, dict(others))})"
    return _done(registry, call, step)


def _decide(registry: str, step: dict[str, Any]) -> list[str]:
    leaving = f", leaving={step['leaving']!r}" if "leaving" in step else ""
    call = f"{_called(step['decide'])}.plan({_clocked(registry, step)}{leaving})"
    plan = variable(step.get("name", "last"), "plan")
    if step.get("target") is None:
        return _refused(f"{plan} = {call}", step.get("error", "NoRollbackTarget"))
    return [f"{plan} = {call}", f"print({plan}.explain())"]


def _review(registry: str, step: dict[str, Any]) -> list[str]:
    return [f"print({_called(step['review'])}.review({_clocked(registry, step)}).explain())"]


def _apply(registry: str, step: dict[str, Any]) -> list[str]:
    plan = variable(step["apply"], "plan")
    facts = _given(step, "reason", "by", "at")
    return _done(registry, f"{registry}.roll_back({_arguments(None, facts, plan)})", step)


def _recover(registry: str, step: dict[str, Any]) -> list[str]:
    facts = _given(step, "at", "by")
    call = f"{_called(step['recover'])}.recover({_arguments(None, facts, registry)})"
    return _done(registry, call, step)


def _prune(registry: str, step: dict[str, Any]) -> list[str]:
    policy = f", strategy={strategy(step['strategy'])}" if "strategy" in step else ""
    return [f"print(*prunable({registry}, keep={step['keep']}{policy}))"]


def _expect(registry: str, step: dict[str, Any]) -> Iterator[str]:
    for question, expected in step["expect"].items():
        if question == "unknown":
            for when in expected:
                yield from _refused(f"{registry}.current_at({_time(when)})", "InvalidTime")
        else:
            yield from (f"assert {claim}" for claim in _CLAIMS[question](registry, expected))


_LINES: Final[Mapping[str, Callable[[str, dict[str, Any]], Iterable[str]]]] = {
    "record": _record,
    "refuse": _refuse,
    "call": _call,
    "decide": _decide,
    "review": _review,
    "apply": _apply,
    "recover": _recover,
    "prune": _prune,
    "expect": _expect,
}


# What is claimed of a registry


def _current(registry: str, label: str | None) -> list[str]:
    return [f"{registry}.current {_is(label)}"]


def _needs_rollback(registry: str, needed: bool) -> list[str]:  # noqa: FBT001  # a fact of the data
    return [f"{'' if needed else 'not '}{registry}.needs_rollback"]


def _lineage(registry: str, labels: list[str]) -> list[str]:
    return [f"[version.label for version in {registry}.lineage()] == {labels!r}"]


def _statuses(registry: str, statuses: dict[str, str]) -> list[str]:
    return [f"{registry}[{label!r}].status == {status!r}" for label, status in statuses.items()]


def _reasons(registry: str, reasons: dict[str, str]) -> list[str]:
    return [f"{registry}[{label!r}].reason == {reason!r}" for label, reason in reasons.items()]


def _served(registry: str, served: dict[str, str | None]) -> list[str]:
    return [f"{registry}.current_at({_time(when)}) {_is(label)}" for when, label in served.items()]


def _last(kept: str) -> Callable[[str, list[dict[str, Any]]], Iterator[str]]:
    def claims(registry: str, expected: list[dict[str, Any]]) -> Iterator[str]:
        for place, facts in enumerate(expected, start=-len(expected)):
            for key, value in facts.items():
                found = f"{registry}.{kept}[{place}].{key}"
                yield f"{found} is {value}" if isinstance(value, bool) else f"{found} == {value!r}"

    return claims


_CLAIMS: Final[Mapping[str, Callable[[str, Any], Iterable[str]]]] = {
    "current": _current,
    "needs_rollback": _needs_rollback,
    "lineage": _lineage,
    "statuses": _statuses,
    "reasons": _reasons,
    "served": _served,
    "events": _last("events"),
    "deployments": _last("deployments"),
}


# What the lines have in common


def _is(label: str | None) -> str:
    return "is None" if label is None else f"== {label!r}"


def _clocked(registry: str, step: dict[str, Any]) -> str:
    return f"{registry}.with_clock({_time(step['clock'])})" if "clock" in step else registry


def _done(registry: str, call: str, step: dict[str, Any]) -> list[str]:
    """Return the lines of a command: it changes something, changes nothing, or is refused."""
    if "error" in step:
        return _refused(f"{registry} = {call}", step["error"])
    if not step.get("changed", True):
        return [f"assert {call} is {registry}"]
    return [f"{registry} = {call}"]


def _refused(line: str, error: str) -> list[str]:
    return ["try:", f"    {line}", f"except {error} as error:", "    print(error)"]


def _arguments(version: str | None, facts: dict[str, Any], first: str = "") -> str:
    """Return the arguments of a call: the version or what comes first, then the facts by name."""
    begun = [first or repr(version)]
    for key, value in facts.items():
        written = _time(value) if key == "at" else repr(value)
        begun.append(f"{key}={written}")
    return ", ".join(begun)


def _given(step: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: step[key] for key in keys if key in step}


def _time(text: str) -> str:
    return f"datetime.fromisoformat({text!r})"
