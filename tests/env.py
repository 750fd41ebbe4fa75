"""env.json, as the template wants it: what each variable that names a part of the stack is called on a loopback AWS."""

from typing import Any

from tests.local.template import ACCOUNT, ROOT, Template

ENV = ROOT / "env.json"
ENDPOINT = "http://127.0.0.1:4566"


def wanted() -> dict[str, Any]:
    """The whole file. `python -m tests.runtime` makes an AWS in which everything is called so."""
    template = Template()
    parts = template.logical_ids()
    named = {"AWS_ENDPOINT_URL": ENDPOINT}
    for _, function in template.of_type("AWS::Lambda::Function"):
        for variable, value in function["Environment"]["Variables"].items():
            if isinstance(value, dict) and _names_a_part(value, parts):
                name = str(template.resolve(value))
                named[variable] = f"{ENDPOINT}/{ACCOUNT}/{name}" if variable.endswith("_QUEUE_URL") else name
    return {"Parameters": dict(sorted(named.items()))}


def _names_a_part(value: dict[str, Any], parts: set[str]) -> bool:
    """Whether it is a part of the stack, or a bucket, whose name is put together."""
    return value.get("Ref") in parts or "-inbox-" in str(value.get("Fn::Sub", ""))
