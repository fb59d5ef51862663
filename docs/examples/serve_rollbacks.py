"""An HTTP service that records failures, plans rollbacks and records them; the caller acts.

Run it with ``uvicorn docs.examples.serve_rollbacks:app``. It keeps the registry in memory. A real
service compares and sets in a store at the places that hold the lock here.
"""

from datetime import UTC, datetime
from threading import Lock
from typing import Annotated, Any

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from lastgood import (
    Deployment,
    InvalidData,
    LastgoodError,
    RollbackPlan,
    Version,
    VersionRegistry,
    strategy_from_dict,
)

app = FastAPI(title="Rollbacks")
app.state.registry = VersionRegistry()
lock = Lock()


class Failure(BaseModel):
    """Bad news: the label is the one that the alarm is about."""

    version: str
    reason: str
    by: str


class Question(BaseModel):
    """A policy. ``leaving`` names a version that must be left although it did not fail."""

    policy: dict[str, Any]
    leaving: str | None = None


class Recorded(BaseModel):
    """The version that serves, and what the record ends with."""

    current: Version | None
    revision: int
    fingerprint: str


@app.put("/registry")
def put(registry: Annotated[VersionRegistry, Body()]) -> Recorded:
    """Take over a registry, unless it lacks something that is on record here."""
    with lock:
        known: VersionRegistry = app.state.registry
        lacking = registry.revision < known.revision
        if lacking or registry.at_revision(known.revision).fingerprint != known.fingerprint:
            raise Conflict("other events are on record; GET /registry and begin with them")
        app.state.registry = registry
    return recorded(registry)


@app.get("/registry")
def get() -> VersionRegistry:
    """Return all that is known."""
    registry: VersionRegistry = app.state.registry
    return registry


@app.get("/deployments")
def deployments() -> list[Deployment]:
    """Return what served, oldest first."""
    return [*app.state.registry.deployments]


@app.post("/failures")
def fail(failure: Failure) -> Recorded:
    """Record that a version failed; the same news again changes nothing."""
    with lock:
        registry = app.state.registry.mark_failed(
            failure.version, reason=failure.reason, by=failure.by, at=datetime.now(UTC)
        )
        app.state.registry = registry
    return recorded(registry)


@app.post("/plans")
def plan(question: Question) -> RollbackPlan:
    """Decide where to go back to; nothing is recorded. 409 if no rollback is needed."""
    strategy = strategy_from_dict(question.policy)
    registry = app.state.registry.with_clock(datetime.now(UTC))  # rules may ask for the time
    return strategy.plan(registry, leaving=question.leaving)


@app.post("/rollbacks")
def roll_back(plan: Annotated[RollbackPlan, Body()], by: str = "") -> Recorded:
    """Record that a plan is carried out. The same plan again changes nothing."""
    with lock:
        registry = app.state.registry.roll_back(plan, by=by, at=datetime.now(UTC))
        app.state.registry = registry
    return recorded(registry)


def recorded(registry: VersionRegistry) -> Recorded:
    """Return the answer to a command."""
    current = None if registry.current is None else registry.current_version
    return Recorded(current=current, revision=registry.revision, fingerprint=registry.fingerprint)


class Conflict(LastgoodError):
    """The caller does not know what is on record."""


@app.exception_handler(LastgoodError)
def refuse(_request: Request, error: LastgoodError) -> JSONResponse:
    """Answer 422 if the data are wrong, and 409 if the facts on record forbid the request."""
    status = 422 if isinstance(error, InvalidData) else 409
    return JSONResponse({"detail": str(error)}, status)
