"""The gallery of incidents on the site, `docs/incidents.md`: it is faithful to every step."""

import re
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from lastgood import VersionRegistry
from lastgood.render import svg
from tests.cases.replay import LAST, origin, policies, replayed, sources, whole
from tests.cases.telling import CAUSES, WORLDS, Case, Telling, every_case
from tests.cases.words import NAMED, worded
from tests.package.discovery import ROOT

CASES = every_case()
STEPS = {case.name: replayed(case) for case in CASES}
PAGES = ROOT / "docs" / "incidents"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_step_is_that_of_the_case(case: Case) -> None:
    """After each step the registry is the one that the tests of the case have, the plan as well."""
    steps = STEPS[case.name]
    assert len(steps) == len(case.steps)
    telling = Telling(case, WORLDS["library"])
    for place, (data, step) in enumerate(zip(case.steps, steps, strict=True)):
        part = replace(case, steps=case.steps[place : place + 1])
        telling = Telling(part, WORLDS["library"], telling.registries, telling.plans)
        telling.run()
        assert step.registry == telling.registries.get(data.get("in", ""), VersionRegistry())
        if "decide" in data:
            assert (step.plan and step.plan.target) == data.get("target")
            kept = telling.plans[data.get("name", "last")] if step.plan else None
            assert step.plan == kept


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_picture_is_the_drawing_of_the_step(case: Case) -> None:
    """It is what the library draws, and it is described in words to those who cannot see it."""
    for step in STEPS[case.name]:
        assert step.picture == svg(step.registry, plan=step.plan, last=LAST)
        served = step.registry.deployments[-LAST:]
        assert all(deployment.version in step.description for deployment in served)
        assert (step.plan is not None) == ("The plan goes back" in step.description)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_script_runs_alone(case: Case) -> None:
    """What can be copied runs in a module of its own, and prints what stands below it."""
    printed = StringIO()
    with redirect_stdout(printed):
        exec(whole(case), {})  # noqa: S102  # the page shows it to be run
    assert printed.getvalue() == "".join(step.printed for step in STEPS[case.name])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_answer_is_shown(case: Case) -> None:
    """A refusal, a decision without a target, a review and a clean-up show what was answered."""
    for data, step in zip(case.steps, STEPS[case.name], strict=True):
        answered = {"refuse", "review", "prune", "error"} & data.keys()
        if answered or ("decide" in data and data.get("target") is None):
            assert step.printed
            assert all(text in step.printed for text in data.get("naming", ()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_words_name_what_the_step_names(case: Case) -> None:
    """No version, reason, author or status of a step is left out of its words."""
    for data in case.steps:
        words = worded(data)
        said = "\n".join([words.heading, *words.lines])
        assert all(part in said for part in named(data)), (data, said)


def named(step: dict[str, Any]) -> set[str]:
    """Return what the words of a step have to name; a row of versions may stand for its middle."""
    events = step.get("record", [step["refuse"]] if "refuse" in step else [])
    stays = [version for version, _ in groupby(event["version"] for event in events)]
    labels = {*stays} if len(stays) <= NAMED else {*stays[:1], *stays[-1:]}
    texts = {event[key] for event in events for key in ("reason", "by") if event.get(key)}
    if "call" in step:
        labels.add(next(iter(step["call"].values())))
    if "decide" in step:
        labels |= {step[key] for key in ("target", "leaving") if step.get(key)}
    facts = step.get("expect", {})
    labels |= {facts["current"]} if facts.get("current") else set()
    labels |= {*facts.get("lineage", ()), *facts.get("statuses", {}), *facts.get("reasons", {})}
    texts |= {status.replace("_", " ") for status in facts.get("statuses", {}).values()}
    texts |= {*facts.get("reasons", {}).values()}
    texts |= {step[key] for key in ("reason", "by", "in") if key in step}
    return {f"`{label}`" for label in labels} | texts


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_words_count_all_versions(case: Case) -> None:
    """The lines of a step about what happened are about as many versions as its events."""
    for data in case.steps:
        if "record" in data:
            stays = [*groupby(event["version"] for event in data["record"])]
            assert sum(map(versions_of, worded(data).lines)) == len(stays)


def versions_of(line: str) -> int:
    """Return how many versions a line is about."""
    many = re.search(r"(\d+) versions, each: ", line)
    return int(many[1]) if many else len(re.findall("`[^`]+`", line.partition(": ")[0]))


def test_many_versions_in_a_row_are_one_line() -> None:
    """A row of failures is told by its first, its last and how many there were."""
    events = [
        {"kind": kind, "version": f"2.{number}"}
        for number in range(20)
        for kind in ("registered", "deployed", "marked_failed")
    ]
    [line] = worded({"record": events}).lines
    assert line == "`2.0` to `2.19`, 20 versions, each: registered, deployed, marked failed"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_source_is_a_link(case: Case) -> None:
    """Every publication has an address; what is no issue on GitHub says which."""
    assert sources(case)
    for title, address in sources(case):
        assert title in case.source["publication"]
        assert re.fullmatch(r"https://[\w.-]+/\S+", address)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_origin_is_a_name_and_a_date(case: Case) -> None:
    """It names the company, the product or the repository, and the date if there is one."""
    assert re.fullmatch(r"\w[^#]+", origin(case))
    assert origin(case).endswith(case.source.get("date", ""))


def test_an_incident_is_found_by_its_name() -> None:
    """The names that people search for are those that are shown, each with its date."""
    shown = {case.name: origin(case) for case in CASES}
    assert shown["knight_capital_2012_08_01"] == "Knight Capital, 2012-08-01"
    assert shown["aws_dynamodb_2025_10_19"] == "AWS DynamoDB, 2025-10-19"
    assert shown["helm_5237"] == "helm/helm, 2019-01-30"
    assert shown["helm_1661"] == "helm/helm"


WRONG = [
    (case, place) for case in CASES for place, step in enumerate(case.steps) if "wrong" in step
]


@pytest.mark.parametrize(("case", "place"), WRONG, ids=lambda part: getattr(part, "name", part))
def test_a_wrong_answer_is_marked(case: Case, place: int) -> None:
    """It says why, naming the target, and a later step of the case has another answer."""
    step = case.steps[place]
    assert STEPS[case.name][place].words.wrong == step["wrong"]
    assert step["wrong"].startswith(f"`{step['target']}` ")
    later = [other["target"] for other in case.steps[place + 1 :] if "decide" in other]
    assert any(target != step["target"] for target in later)


def test_a_step_is_marked_only_if_it_is_wrong() -> None:
    """No other step has the mark."""
    assert WRONG
    marked = [
        (name, place)
        for name, steps in STEPS.items()
        for place, step in enumerate(steps)
        if step.words.wrong
    ]
    assert marked == [(case.name, place) for case, place in WRONG]


def test_a_time_has_its_seconds() -> None:
    """Two times of the same minute are told apart; seconds that are zero are left out."""
    served = {"2024-07-19T04:08:59Z": "a", "2024-07-19T04:09:00Z": "b"}
    assert worded({"expect": {"served": served}}).lines == (
        "At 2024-07-19 04:08:59 served `a`",
        "At 2024-07-19 04:09 served `b`",
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_policy_is_named(case: Case) -> None:
    """The policies of an incident are those that its steps ask, each once."""
    asked = policies(case)
    assert asked
    assert len({*asked}) == len(asked)
    assert all(policy in whole(case).replace('"', "'") for policy in asked)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_has_a_page(cause: str) -> None:
    """Each cause has incidents, a row in the description of the format, and a page of its own."""
    assert any(case.cause == cause for case in CASES)
    assert f"| `{cause}` |" in (ROOT / "tests" / "cases" / "README.md").read_text("utf-8")
    page = (PAGES / f"{cause}.md").read_text("utf-8")
    assert page.startswith(f"# {CAUSES[cause]}\n")
    assert f"```{{incidents}} {cause}\n" in page
    assert f"incidents/{cause}\n" in (ROOT / "docs" / "incidents.md").read_text("utf-8")


def test_every_case_has_a_cause() -> None:
    """No case is on no page, and no page is without a cause."""
    assert {case.cause for case in CASES} == {*CAUSES}
    assert {path.stem for path in Path(PAGES).glob("*.md")} == {*CAUSES}
