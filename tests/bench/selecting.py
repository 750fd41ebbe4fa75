"""Goals 1 to 3: what selecting costs a tenancy, how often AWS is called, and whether memory grows."""

from functools import partial
from typing import Any

from tests.bench.contenders import CONTENDERS
from tests.bench.rounds import Spread, calls, cloud, in_turn, told_by

FLOOR = "floor"


def ratios(tenancies: int, rounds: int) -> dict[str, Any]:
    """Every contender on the same tenancies: CPU per tenancy, and its ratio to raw paging."""
    with cloud(tenancies) as port:
        many = calls(port)["tenancies"]
        seen = in_turn({name: partial(_cpu_each, name, port, many) for name in CONTENDERS}, rounds)
        asked = _calls_of_ours(port)
    lines = {name: {"us_each": each.told(1), "ratio": each.over(seen[FLOOR]).told()} for name, each in seen.items()}
    same_bytes = seen["ours"].over(seen["floor_ours"]).told()
    return {"tenancies": many, "contenders": lines, "ours_to_raw_paging_of_our_own_bytes": same_bytes, **asked}


def memory(few: int, many: int) -> dict[str, Any]:
    """The peak of one process over a small portfolio and over a large one."""
    small, large = peak(few), peak(many)
    return {"few": small, "many": large, "ratio": round(large["peak_mb"] / small["peak_mb"], 3)}


def peak(tenancies: int) -> dict[str, Any]:
    """What one process needed for so many."""
    with cloud(tenancies) as port:
        told: dict[str, Any] = told_by("tests.bench.contenders", "ours", port)
        return told | {"us_each": round(told["cpu_s"] / told["decided"] * 1e6, 1)}


def _cpu_each(name: str, port: int, tenancies: int) -> float:
    told = told_by("tests.bench.contenders", name, port)
    assert told["decided"] == tenancies
    return float(told["cpu_s"]) / tenancies * 1e6


def _calls_of_ours(port: int) -> dict[str, Any]:
    """What was called in one run, against the least there can be: its pages and its batches of ten messages."""
    calls(port)
    told = told_by("tests.bench.contenders", "ours", port)
    asked = calls(port)
    least = asked["pages"] + -(-told["selected"] // 10)
    made = sum(asked["calls"].values()) + told["files"]
    kept = {"calls": asked["calls"], "files": told["files"], "least_calls": least}
    return kept | {"calls_ratio": round(made / least, 2)}


def spread_of(told: dict[str, Any], name: str) -> Any:
    """A contender's ratio, as the JSON has it."""
    return told["contenders"][name]["ratio"]


__all__ = ["Spread", "memory", "peak", "ratios", "spread_of"]
