"""What `sam local invoke --env-vars env.json` would give to every function: worked out by the SAM CLI itself, whose
Python runs this. Only the container, which needs Docker, is left out."""

import json
import sys

from samcli.commands.local.lib.local_lambda import LocalLambdaRunner  # type: ignore[import-not-found]
from samcli.lib.providers.sam_function_provider import SamFunctionProvider  # type: ignore[import-not-found]
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider  # type: ignore[import-not-found]

stacks, _ = SamLocalStackProvider.get_stacks("template.yaml", parameter_overrides={})
functions = SamFunctionProvider(stacks, ignore_code_extraction_warnings=True)
with open("env.json", encoding="utf-8") as file:
    runner = LocalLambdaRunner(None, functions, ".", ".", env_vars_values=json.load(file))
json.dump({each.name: runner._make_env_vars(each).resolve() for each in functions.get_all()}, sys.stdout)
