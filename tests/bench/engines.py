"""The same table of conditions in three decision engines. Runs in an environment of its own, beside theirs.

`python -m tests.bench.engines ENGINE FILE` reads facts and expected outcomes as JSON Lines, fails when the engine says
anything else, and prints the microseconds of CPU that it needs for one judgement.
"""

import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.bench.judgement import REASONS, STEPS, Condition, Row

Judge = Callable[[dict[str, Any]], tuple[str, set[str]]]


def zen() -> Judge:
    """GoRules' engine: a first-hit decision table, then a collecting one, compiled once."""
    from zen import ZenEngine

    nodes: list[dict[str, Any]] = [
        {"id": "in", "name": "facts", "type": "inputNode"},
        {"id": "steps", "name": "steps", "type": "decisionTableNode", "content": _zen_table(STEPS, "first", "step")},
        {"id": "why", "name": "why", "type": "decisionTableNode", "content": _zen_table(REASONS, "collect", "reason")},
        {"id": "out", "name": "outcome", "type": "outputNode"},
    ]
    nodes[1]["content"] |= {"passThrough": True, "inputField": None, "outputPath": None}
    nodes[2]["content"] |= {"passThrough": True, "inputField": None, "outputPath": "reasons"}
    path = ["in", "steps", "why", "out"]
    edges = [{"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in pairwise(path)]
    decision = ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def judge(facts: dict[str, Any]) -> tuple[str, set[str]]:
        result = decision.evaluate(facts)["result"]
        return result["step"], {row["reason"] for row in result["reasons"]}

    return judge


def json_logic() -> Judge:
    """JsonLogic: one `if` for the step, one `merge` for the reasons."""
    from json_logic import jsonLogic

    chain: list[Any] = []
    for step, conditions in STEPS[:-1]:
        chain += [_logic(conditions), step]
    step_of = {"if": [*chain, "none"]}
    reasons_of = {"merge": [{"if": [_logic(conditions), [reason], []]} for reason, conditions in REASONS]}

    def judge(facts: dict[str, Any]) -> tuple[str, set[str]]:
        step = jsonLogic(step_of, facts)
        return step, set(jsonLogic(reasons_of, facts | {"step": step}))

    return judge


def business_rules() -> Judge:
    """Venmo's business-rules: the first rule that holds acts, then every rule that holds does."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import (
        BaseVariables,
        boolean_rule_variable,
        numeric_rule_variable,
        string_rule_variable,
    )

    kinds = {bool: boolean_rule_variable, int: numeric_rule_variable, str: string_rule_variable}
    typed = {fact: type(value) for _, conditions in [*STEPS, *REASONS] for fact, _, value in conditions}
    reading = {fact: kinds[kind]()(_reader(fact)) for fact, kind in typed.items()}
    facts_of = type(
        "Facts", (BaseVariables,), {"__init__": lambda self, facts: setattr(self, "facts", facts)} | reading
    )

    class Telling(BaseActions):  # type: ignore[misc]
        def __init__(self) -> None:
            self.told: list[str] = []

        @rule_action(params={"what": FIELD_TEXT})  # type: ignore[untyped-decorator]
        def tell(self, what: str) -> None:
            self.told.append(what)

    steps, reasons = _rules(STEPS), _rules(REASONS)

    def judge(facts: dict[str, Any]) -> tuple[str, set[str]]:
        first, every = Telling(), Telling()
        run_all(steps, facts_of(facts), first, stop_on_first_trigger=True)
        run_all(reasons, facts_of(facts | {"step": first.told[0]}), every)
        return first.told[0], set(every.told)

    return judge


ENGINES: dict[str, Callable[[], Judge]] = {
    "zen-engine": zen,
    "json-logic": json_logic,
    "business-rules": business_rules,
}


def _zen_table(rows: list[Row], hits: str, output: str) -> dict[str, Any]:
    facts = sorted({fact for _, conditions in rows for fact, _, _ in conditions})
    return {
        "hitPolicy": hits,
        "inputs": [{"id": fact, "name": fact, "field": fact} for fact in facts],
        "outputs": [{"id": "told", "name": output, "field": output}],
        "rules": [
            {"_id": str(place), "told": json.dumps(told)} | {fact: _zen_cell(conditions, fact) for fact in facts}
            for place, (told, conditions) in enumerate(rows)
        ],
    }


def _zen_cell(conditions: list[Condition], fact: str) -> str:
    return " and ".join(f"$ {sign} {json.dumps(value)}" for name, sign, value in conditions if name == fact)


def _logic(conditions: list[Condition]) -> dict[str, Any]:
    return {"and": [{sign: [{"var": fact}, value]} for fact, sign, value in conditions]}


def _rules(rows: list[Row]) -> list[dict[str, Any]]:
    always: list[Condition] = [("debt", ">", -1)]
    return [
        {
            "conditions": {"all": [_condition(*each) for each in conditions or always]},
            "actions": [{"name": "tell", "params": {"what": told}}],
        }
        for told, conditions in rows
    ]


def _condition(fact: str, sign: str, value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"name": fact, "operator": "is_true" if value is (sign == "==") else "is_false", "value": True}
    if isinstance(value, str) and sign == "!=":
        return {"name": fact, "operator": "matches_regex", "value": f"^(?!{value}$)"}
    names = {"==": "equal_to", ">": "greater_than", "<": "less_than", ">=": "greater_than_or_equal_to"}
    return {"name": fact, "operator": names.get(sign, "less_than_or_equal_to"), "value": value}


def _reader(fact: str) -> Callable[[Any], Any]:
    def read(self: Any) -> Any:
        return self.facts[fact]

    read.__name__ = fact
    return read


def main(engine: str, file: str) -> None:
    """Judges every line, and says how long one took."""
    lines = [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]
    judge, facts = ENGINES[engine](), [line["facts"] for line in lines]
    for line in lines:
        step, reasons = judge(line["facts"])
        told = (step.split(" ")[0], sorted(reasons))
        if told != (line["step"], sorted(line["reasons"])):
            raise SystemExit(f"{engine}: {told}, expected {line}")
    start = time.process_time()
    for each in facts:
        judge(each)
    print(json.dumps({"us_each": (time.process_time() - start) / len(facts) * 1e6}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
