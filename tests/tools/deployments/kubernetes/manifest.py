"""What `kubectl apply` gets from the documentation: the kind, and what the operator may do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

_FILE: Final = Path(__file__).parents[4] / "docs/examples/kubernetes_modelservice.yaml"
_FOUND: Final[list[dict[str, Any]]] = [*yaml.safe_load_all(_FILE.read_text("utf-8"))]


def _of(kind: str) -> Mapping[str, Any]:
    return next(found for found in _FOUND if found["kind"] == kind)


CRD: Final = _of("CustomResourceDefinition")
RULES: Final[list[Mapping[str, list[str]]]] = _of("ClusterRole")["rules"]

GROUP: Final[str] = CRD["spec"]["group"]
NAME: Final[str] = CRD["spec"]["names"]["kind"]
PLURAL: Final[str] = CRD["spec"]["names"]["plural"]
KIND: Final = f"{GROUP}/v1/{PLURAL}"
#: The path under which the objects of the namespace ``default`` are.
PATH: Final = f"/apis/{GROUP}/v1/namespaces/default/{PLURAL}"


def allows(group: str, resource: str, verb: str) -> bool:
    """Whether the rules of the operator allow this."""
    return any(
        group in rule["apiGroups"] and resource in rule["resources"] and verb in rule["verbs"]
        for rule in RULES
    )
