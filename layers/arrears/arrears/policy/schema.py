"""JSON Schema of a policy file."""

from typing import Any

from arrears.policy.terms import Policy


def policy_schema() -> dict[str, Any]:
    """JSON Schema of a policy file, in which every number stands beside its basis.

    A file that continues another may leave any number out, one that stands alone only what a policy may be without.
    """
    schema = Policy.model_json_schema()
    sections = {key: ref["$ref"].rsplit("/", 1)[1] for key, ref in schema["properties"].items() if "$ref" in ref}
    needed: dict[str, Any] = {}
    for key, section in sections.items():
        terms = schema["$defs"][section]
        terms["properties"] = {name: _with_basis(term) for name, term in terms["properties"].items()}
        needed[key] = {"required": terms.pop("required")}
    schema["properties"] = {key: schema["properties"][key] for key in sections}
    schema["properties"]["continues"] = {"type": "string", "description": "the policy whose other numbers go on"}
    schema["properties"]["in_force_from"] = {"type": "string", "format": "date"}
    del schema["required"]
    schema["if"] = {"not": {"required": ["continues"]}}
    schema["then"] = {"required": list(sections), "properties": needed}
    return schema


def _with_basis(term: dict[str, Any]) -> dict[str, Any]:
    basis = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "properties": {"value": term, "basis": basis},
        "required": ["value", "basis"],
        "additionalProperties": False,
    }
