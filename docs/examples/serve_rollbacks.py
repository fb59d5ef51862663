"""An HTTP service that plans rollbacks and records them; the caller moves the world.

Run it with ``uvicorn docs.examples.serve_rollbacks:app``. It keeps the registry in memory: a real
one compares and sets in a store where the lock is here.
"""

from threading import Lock
from typing import Annotated, Any

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from lastgood import InvalidData, LastgoodError, RollbackPlan, VersionRegistry, strategy_from_dict

app = FastAPI(title="Rollbacks")
app.state.registry = VersionRegistry()
lock = Lock()


class Recorded(BaseModel):
    """What was recorded: the registry after it, and the version that serves."""

    current: str | None
    registry: VersionRegistry


@app.put("/registry")
def put(registry: Annotated[VersionRegistry, Body()]) -> Recorded:
    """Take over what is known."""
    with lock:
        app.state.registry = registry
    return Recorded(current=registry.current, registry=registry)


@app.post("/plans")
def plan(policy: Annotated[dict[str, Any], Body()]) -> RollbackPlan:
    """Decide by this policy where to go back to; nothing is changed."""
    return strategy_from_dict(policy).plan(app.state.registry)


@app.post("/rollbacks")
def roll_back(plan: Annotated[RollbackPlan, Body()]) -> Recorded:
    """Record that a plan is carried out, unless later news overtook it."""
    with lock:
        registry = app.state.registry = app.state.registry.roll_back(plan)
    return Recorded(current=registry.current, registry=registry)


@app.exception_handler(LastgoodError)
def refuse(_request: Request, error: LastgoodError) -> JSONResponse:
    """Answer 422 where the data are wrong, and 409 where the facts stand against it."""
    status = 422 if isinstance(error, InvalidData) else 409
    return JSONResponse({"detail": str(error)}, status)
