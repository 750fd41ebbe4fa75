"""Lambda, as far as the functions can tell: each started cold, in its own environment, by the handler it is given."""

import json
import logging
import os
import sys
import time
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from io import StringIO
from types import ModuleType
from typing import Any
from unittest.mock import patch

from tests.local.template import ACCOUNT, REGION, Template


class Printed(StringIO):
    """What functions print: their log lines and metrics. One for the whole process, because a logger keeps the stream
    that it was made with."""

    def take(self) -> list[str]:
        """The lines since the last time."""
        lines = self.getvalue().splitlines()
        self.seek(0)
        self.truncate()
        return lines


PRINTED = Printed()


@dataclass(frozen=True)
class Context:
    """What Lambda tells a handler about its call."""

    function_name: str
    invoked_function_arn: str
    memory_limit_in_mb: str
    aws_request_id: str
    seconds: float
    function_version: str = "$LATEST"
    began: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """How long this call may still take, in real time."""
        return int((self.seconds - (time.monotonic() - self.began)) * 1000)


class Function:
    """One function of the template. `name` is its folder, `logical` its logical id."""

    def __init__(self, logical: str, properties: dict[str, Any], template: Template, extra: Mapping[str, str]) -> None:
        self.logical, self.arn = logical, str(template.resolve({"Fn::GetAtt": [logical, "Arn"]}))
        self.folder = str(properties["Code"]["S3Key"])
        self.name = self.folder.rsplit("/", 1)[-1]
        self.timeout, self.memory = float(properties["Timeout"]), str(properties["MemorySize"])
        self._handler = str(properties["Handler"])
        self._declared, self._template, self._extra = properties["Environment"]["Variables"], template, extra
        self._module: ModuleType | None = None
        self._calls = 0

    @cached_property
    def declared(self) -> dict[str, str]:
        """The environment as the template gives it."""
        return {name: str(value) for name, value in self._template.resolve(self._declared).items()}

    def environment(self) -> dict[str, str]:
        """Everything the function finds in its environment: the template's, Lambda's own, nothing of this machine's."""
        lambdas_own = {
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_SESSION_TOKEN": "testing",
            "AWS_LAMBDA_FUNCTION_NAME": self.arn.rsplit(":", 1)[1],
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": self.memory,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "_HANDLER": self._handler,
            "TZ": ":UTC",
        }
        return lambdas_own | self.declared | dict(self._extra)

    @cached_property
    def _encoded(self) -> dict[bytes, bytes]:
        return {os.fsencode(name): os.fsencode(value) for name, value in self.environment().items()}

    def module(self) -> ModuleType:
        """The function's own module, started cold in this cloud: nothing of an earlier one is remembered."""
        if self._module is None:
            file, _ = self._handler.rsplit(".", 1)
            name = f"{self.folder.replace('/', '.')}.{file}"
            sys.modules.pop(name, None)
            with patch.dict(os.environ, self.environment(), clear=True), redirect_stdout(PRINTED):
                self._module = import_module(name)
            for kept in logging.getLogger(self.declared.get("POWERTOOLS_SERVICE_NAME", self.name)).handlers:
                if isinstance(kept, logging.StreamHandler):
                    kept.setStream(PRINTED)
        return self._module

    def __call__(self, event: Any) -> Any:
        """What the handler answers, as JSON would carry it. Raises what the handler raises."""
        handler = getattr(self.module(), self._handler.rsplit(".", 1)[1])
        self._calls += 1
        request = f"{self.name}-{self._calls:06}"
        context = Context(self.arn.rsplit(":", 1)[1], self.arn, self.memory, request, self.timeout)
        # Exchanged as a whole: changing this process's own, name by name, takes a millisecond and a half.
        with patch.object(os.environ, "_data", dict(self._encoded)), redirect_stdout(PRINTED):
            return json.loads(json.dumps(handler(json.loads(json.dumps(event)), context)))


def arn_of(name: str) -> str:
    """The ARN of a function's physical name; an ARN stays as it is."""
    return name if name.startswith("arn:") else f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
