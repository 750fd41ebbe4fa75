"""template.yaml as the cloud reads it: translated from SAM, its references and conditions resolved."""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ACCOUNT, REGION, STACK = "123456789012", "eu-north-1", "arrears-local"
ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "template.yaml"
_NOTHING = object()


def source(path: Path = TEMPLATE) -> dict[str, Any]:
    """The template as it is written."""
    with patch.object(yaml, "SafeLoader", getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # ten times as fast
        parsed: dict[str, Any] = yaml_parse(path.read_text("utf-8"))
    return parsed


@cache
def translated(path: Path = TEMPLATE) -> dict[str, Any]:
    """The template as CloudFormation sees it, after the SAM transform."""
    template = source(path)
    for resource in template["Resources"].values():
        for uri in {"CodeUri", "ContentUri"} & set(resource.get("Properties", {})):
            # The translator takes packaged code only; the folder stays readable in the key.
            resource["Properties"][uri] = f"s3://packaged/{resource['Properties'][uri].strip('/')}"
    logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it warns of switches that only AWS's own service has
    with patch.dict(os.environ, AWS_DEFAULT_REGION=REGION):
        result: dict[str, Any] = Translator({}, Parser()).translate(template, {})
    return result


class Template:
    """The translated template of one stack. `names` are what a Ref to a resource gives, filled in as they are made."""

    def __init__(self, path: Path = TEMPLATE, parameters: Mapping[str, str] | None = None) -> None:
        self._whole = translated(path)
        declared = self._whole.get("Parameters", {})
        if unknown := set(parameters or ()) - set(declared):
            raise ValueError(f"{path.name} has no parameter {sorted(unknown)}: it has {sorted(declared)}")
        self.parameters = {name: str(value.get("Default", "")) for name, value in declared.items()} | dict(
            parameters or {}
        )
        self.names: dict[str, str] = {}

    def of_type(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Logical id and properties of every resource of that type whose condition holds; the properties unresolved."""
        for logical, resource in self._whole["Resources"].items():
            if resource["Type"] == kind and self._holds(resource.get("Condition")):
                yield logical, resource.get("Properties", {})

    def logical_ids(self) -> set[str]:
        """Every resource of the template."""
        return set(self._whole["Resources"])

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function worked out. Raises KeyError for what the template does not have."""
        resolved = self._resolve(value)
        return None if resolved is _NOTHING else resolved

    def outputs(self) -> dict[str, str]:
        """The stack's outputs by key."""
        return {key: str(self.resolve(output["Value"])) for key, output in self._whole.get("Outputs", {}).items()}

    def logical(self, reference: Any) -> str:
        """The logical id that a Ref or GetAtt speaks of; for a function's alias the function's."""
        ((_, target),) = reference.items()
        logical = str(target[0] if isinstance(target, list) else target).split(".")[0]
        resource = self._whole["Resources"].get(logical, {})
        is_alias = resource.get("Type") == "AWS::Lambda::Alias"
        return self.logical(resource["Properties"]["FunctionName"]) if is_alias else logical

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [one for one in map(self._resolve, value) if one is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function in _INTRINSICS:
                return _INTRINSICS[function](self, argument)
            if function.startswith("Fn::"):
                raise KeyError(f"{function} is not known here")
        resolved = {name: self._resolve(one) for name, one in value.items()}
        return {name: one for name, one in resolved.items() if one is not _NOTHING}

    def _holds(self, condition: str | None) -> bool:
        return condition is None or bool(self._resolve(self._whole["Conditions"][condition]))

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        for known in (_PSEUDO, self.parameters, self.names):
            if name in known:
                return known[name]
        if self._whole["Resources"][name]["Type"] == "AWS::Lambda::Alias":
            return f"{self._get_att([self.logical({'Ref': name}), 'Arn'])}:live"
        return self.name(name)

    def name(self, logical: str) -> str:
        """The physical name: the one given in the template, or as CloudFormation would make it."""
        resource = self._whole["Resources"][logical]
        named = resource.get("Properties", {}).get(_NAMED_BY.get(resource["Type"], ""))
        return str(self._resolve(named)) if named else f"{STACK}-{logical}"

    def _get_att(self, argument: str | list[str]) -> str:
        logical, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        resource = self._whole["Resources"][logical]
        if attribute in ("QueueName", "TopicName"):
            return self.name(logical)
        if attribute not in ("Arn", "FunctionUrl"):
            raise KeyError(f"{logical}.{attribute} is not known here")
        name = self.name(logical)
        name = self.names.get(logical, name) if resource["Type"] == "AWS::KMS::Key" else name
        return _ARNS[resource["Type"]].format(name=name, region=REGION, account=ACCOUNT)

    def _sub(self, argument: str | list[Any]) -> str:
        text, own = argument if isinstance(argument, list) else (argument, {})
        parts = text.replace("${!", "\0").split("${")
        for place, part in enumerate(parts[1:], 1):
            name, rest = part.split("}", 1)
            value = self._resolve(own[name]) if name in own else self._get_att(name) if "." in name else self._ref(name)
            parts[place] = f"{value}{rest}"
        return "".join(parts).replace("\0", "${")


_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::StackName": STACK,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
_NAMED_BY = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::CloudWatch::Alarm": "AlarmName",
}
_ARNS = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::Lambda::Url": "https://{name}.lambda-url.{region}.on.aws/",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
}
_INTRINSICS: dict[str, Any] = {
    "Ref": Template._ref,
    "Condition": Template._holds,
    "Fn::GetAtt": Template._get_att,
    "Fn::Sub": Template._sub,
    "Fn::If": lambda self, of: self._resolve(of[1] if self._holds(of[0]) else of[2]),
    "Fn::Equals": lambda self, of: self._resolve(of[0]) == self._resolve(of[1]),
    "Fn::Not": lambda self, of: not self._resolve(of[0]),
    "Fn::And": lambda self, of: all(map(self._resolve, of)),
    "Fn::Or": lambda self, of: any(map(self._resolve, of)),
    "Fn::Join": lambda self, of: of[0].join(map(str, self._resolve(of[1]))),
    "Fn::Select": lambda self, of: self._resolve(of[1])[int(of[0])],
    "Fn::Split": lambda self, of: self._resolve(of[1]).split(of[0]),
}


if __name__ == "__main__":
    print(json.dumps(translated(), default=str, indent=1))
