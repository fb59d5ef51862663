"""The answer of SageMaker in the cookbook has the shape that boto3 itself describes."""

import json
from pathlib import Path

from tests.tools.deployments.needs import need_module

need_module("boto3", "deployments")

from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, StructureShape

ANSWER = Path(__file__).parents[2] / "docs" / "examples" / "answers" / "sagemaker.json"


def test_the_answer_has_the_keys_of_the_service() -> None:
    """Every key of the kept answer is one that `list_model_packages` returns."""
    service = ServiceModel(Loader().load_service_model("sagemaker", "service-2"))
    output = service.operation_model("ListModelPackages").output_shape
    assert isinstance(output, StructureShape)
    packages = output.members["ModelPackageSummaryList"]
    assert isinstance(packages, ListShape)
    package = packages.member
    assert isinstance(package, StructureShape)

    answer = json.loads(ANSWER.read_text("utf-8"))
    assert answer.keys() <= output.members.keys()
    for each in answer["ModelPackageSummaryList"]:
        assert each.keys() <= package.members.keys()
    states = {each["ModelApprovalStatus"] for each in answer["ModelPackageSummaryList"]}
    assert states == {"Approved", "Rejected", "PendingManualApproval"}
