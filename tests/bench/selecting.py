"""Goals 1 to 3: what selecting costs a tenancy, how often AWS is called, and whether memory grows."""

from functools import partial
from typing import Any

from tests.bench.contenders import CONTENDERS
from tests.bench.rounds import calls, cloud, in_turn, told_by

FLOOR = "floor"


def ratios(tenancies: int, rounds: int) -> dict[str, Any]:
    """Every contender on the same tenancies: CPU per tenancy, and its ratio to raw paging."""
    with cloud(tenancies) as port:
        many = calls(port)["tenancies"]
        seen = in_turn({name: partial(_cpu_each, name, port, many) for name in CONTENDERS}, rounds)
    lines = {name: {"us_each": each.told(1), "ratio": each.over(seen[FLOOR]).told()} for name, each in seen.items()}
    same_bytes = seen["ours"].over(seen["floor_ours"]).told()
    return {"tenancies": many, "contenders": lines, "ours_to_raw_paging_of_our_own_bytes": same_bytes}


def memory(few: int, many: int) -> dict[str, Any]:
    """The peak of one process over a small portfolio and over a large one."""
    small, large = peak(few), peak(many)
    return {"few": small, "many": large, "ratio": round(large["peak_mb"] / small["peak_mb"], 3)}


def peak(tenancies: int, way: str = "ours") -> dict[str, Any]:
    """What one process needed for so many, and its calls against the least there can be: pages and batches of ten."""
    with cloud(tenancies) as port:
        told: dict[str, Any] = told_by("tests.bench.contenders", way, port)
        asked = calls(port)
    least = asked["pages"] + -(-told["selected"] // 10)
    made = sum(asked["calls"].values()) + told["files"]
    each = round(told["cpu_s"] / told["decided"] * 1e6, 1)
    return told | {
        "us_each": each,
        "calls": asked["calls"],
        "least_calls": least,
        "calls_ratio": round(made / least, 2),
    }


def _cpu_each(name: str, port: int, tenancies: int) -> float:
    told = told_by("tests.bench.contenders", name, port)
    assert told["decided"] == tenancies or (name == "as_imported" and told["decided"] < tenancies)
    return float(told["cpu_s"]) / tenancies * 1e6
