"""A case as the site shows it: each step with its words, its code, what that printed, a picture."""

import re
from contextlib import redirect_stdout
from dataclasses import dataclass
from html import unescape
from io import StringIO
from typing import Any, Final

from lastgood import RollbackPlan, VersionRegistry
from lastgood.render import svg
from tests.cases.script import imports, scripted, strategy, variable
from tests.cases.telling import Case
from tests.cases.words import Words, worded

#: A picture shows this many deployments, and says how many came before.
LAST: Final = 8
#: Where a report on GitHub is found, by the form of its name.
REPORT: Final = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)?#(?P<number>\d+)")


@dataclass(frozen=True)
class Step:
    """A step that was replayed."""

    words: Words
    code: str
    printed: str
    #: What the step left behind.
    registry: VersionRegistry
    #: What it decided, if there is a target.
    plan: RollbackPlan | None

    @property
    def picture(self) -> str:
        """The library's drawing of the registry at this step, and of the plan."""
        return svg(self.registry, plan=self.plan, last=LAST)

    @property
    def description(self) -> str:
        """The picture in words, as the drawing itself has them."""
        found = re.search(r"<title[^>]*>(.*?)</title>\s*<desc[^>]*>(.*?)</desc>", self.picture)
        assert found is not None
        return unescape(f"{found[1]}. {found[2]}")


def replayed(case: Case) -> list[Step]:
    """Return the steps of a case: what each left behind comes from running its code."""
    names: dict[str, Any] = {}
    codes = scripted(case)
    exec(imports("\n".join(codes)), names)  # noqa: S102  # the code is our own
    return [_replay(case, place, code, names) for place, code in enumerate(codes)]


def _replay(case: Case, place: int, code: str, names: dict[str, Any]) -> Step:
    step, printed = case.steps[place], StringIO()
    with redirect_stdout(printed):
        exec(code, names)  # noqa: S102  # as above
    decided = "decide" in step and step.get("target") is not None
    return Step(
        words=worded(step, first=place == 0),
        code=code,
        printed=printed.getvalue(),
        registry=names[variable(step.get("in", ""), "registry")],
        plan=names[variable(step.get("name", "last"), "plan")] if decided else None,
    )


def whole(case: Case) -> str:
    """Return the code of all steps as one script."""
    code = "\n\n".join(scripted(case))
    return f"{imports(code)}\n\n{code}\n"


def policies(case: Case) -> list[str]:
    """Return the strategies that the case asks, each once, in this order."""
    verbs = ("decide", "review", "recover")
    asked = [strategy(step[verb]) for step in case.steps for verb in verbs if verb in step]
    return [*dict.fromkeys(asked)]


def origin(case: Case) -> str:
    """Return whose incident it was, and when, if that is known: ``Knight Capital, 2012-08-01``."""
    source = case.source
    whose = source.get("name") or source["publication"].partition("#")[0]
    return f"{whose}, {source['date']}" if "date" in source else whose


def sources(case: Case) -> list[tuple[str, str]]:
    """Return the publications of a case, each with the address where it can be read."""
    publication = case.source["publication"]
    if "url" in case.source:
        return [(publication, case.source["url"])]
    found: list[tuple[str, str]] = []
    repository = ""
    for report in REPORT.finditer(publication):
        repository = report["repository"] or repository
        found.append((report[0], f"https://github.com/{repository}/issues/{report['number']}"))
    return found
