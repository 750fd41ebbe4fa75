"""moto's updates of a row without its tree: each is walked ten times, and a month has thousands of the same few.

Only the plain kind is done here (`SET a = :x, l = list_append(l, :y) REMOVE b ADD n :z`); whatever else it is, whatever
is missing and whatever could be refused goes the long way, so that errors are moto's own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

NAME, VALUE = r"(#?\w+)", r"(:\w+)"
KINDS = {
    "SET": re.compile(rf"{NAME} = (?:{VALUE}|list_append\(\1, {VALUE}\))"),
    "REMOVE": re.compile(NAME),
    "ADD": re.compile(rf"{NAME} {VALUE}"),
}
CLAUSE = re.compile(r"(SET|REMOVE|ADD) (.*?)(?: (?=SET |REMOVE |ADD )|$)")
COMMA = re.compile(r", (?![^(]*\))")


class Part(NamedTuple):
    """What becomes of one attribute: it is set, appended to, removed or added to. `name` and `value` as written."""

    does: str
    name: str
    value: str


@dataclass
class Plain:
    """An update that was looked through and can be done."""

    sets: dict[str, Any]
    removed: list[str]

    def normalize(self) -> None:
        """There is no tree."""


def parsing(slow: Callable[[str], Any]) -> Callable[[str], Any]:
    """Stands in for UpdateExpressionParser.make: the tree of each text once, with its parts when it is plain."""

    @cache
    def make(text: str) -> Any:
        tree = slow(text)
        tree.parts = parts(text)
        return tree

    return make


def parts(text: str) -> list[Part] | None:
    """The parts of a plain update; None when it is of another kind."""
    clauses = CLAUSE.findall(text)
    found = [_part(clause, part) for clause, listed in clauses for part in COMMA.split(listed)]
    names = [part.name for part in found if part]
    once = len({*names}) == len(found) and len({clause for clause, _ in clauses}) == len(clauses)
    if " ".join(f"{clause} {listed}" for clause, listed in clauses) != text or not once:
        return None
    reserved = any(name.upper() in ReservedKeywords.get_reserved_keywords() for name in names)
    return None if reserved else [part for part in found if part]


def _part(clause: str, text: str) -> Part | None:
    found = KINDS[clause].fullmatch(text)
    if not found:
        return None
    name, *values = found.groups()
    given = [value for value in values if value]
    return Part("APPEND" if "list_append" in text else clause, name, given[0] if given else "")


def validating(slow: Callable[..., Any]) -> Callable[..., Any]:
    """Stands in for UpdateExpressionValidator."""

    def validator(tree: Any, **asked: Any) -> Any:
        return _Looked(tree, slow, asked)

    return validator


def executing(slow: Callable[..., Any]) -> Callable[..., Any]:
    """Stands in for UpdateExpressionExecutor."""

    def executor(validated: Any, item: Any, names: Any) -> Any:
        return _Doing(validated, item) if isinstance(validated, Plain) else slow(validated, item, names)

    return executor


class _Looked(NamedTuple):
    tree: Any
    slow: Callable[..., Any]
    asked: dict[str, Any]

    def validate(self) -> Any:
        return _plain(self.tree.parts, **self.asked) or self.slow(self.tree, **self.asked).validate()


class _Doing(NamedTuple):
    update: Plain
    item: Any

    def execute(self) -> None:
        for name, value in self.update.sets.items():
            self.item.attrs[name] = value
        for name in self.update.removed:
            self.item.attrs.pop(name, None)


def _plain(
    found: list[Part] | None,
    expression_attribute_names: Any,
    expression_attribute_values: Any,
    item: Any,
    table: Any,
) -> Plain | None:
    names, values = expression_attribute_names or {}, expression_attribute_values or {}
    kinds = {each["AttributeName"]: each["AttributeType"] for each in table.attr}
    update = Plain({}, [])
    for does, written, value in found or ():
        name = names.get(written) if written.startswith("#") else written
        if name is None or name in table.table_key_attrs or name in update.sets or name in update.removed:
            return None
        if does == "REMOVE":
            update.removed.append(name)
            continue
        if value not in values:
            return None
        new = _DOES[does](item.attrs.get(name), DynamoType(values[value]))
        if new is None or (name in kinds and (new.type != kinds[name] or not new.value)):
            return None
        update.sets[name] = new
    return update if found else None


def _append(old: Any, more: Any) -> Any:
    if old is None or old.type != "L" or more.type != "L":
        return None
    new = DynamoType({"L": []})
    new.value = [*old.value, *more.value]
    return new


def _add(old: Any, more: Any) -> Any:
    zero = DynamoType({"N": "0"})
    return (old or zero) + more if (old or zero).type == more.type == "N" else None


_DOES: dict[str, Callable[[Any, Any], Any]] = {"SET": lambda _, new: new, "APPEND": _append, "ADD": _add}
