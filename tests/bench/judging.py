"""Goal 5: our judgement and three decision engines, on the same tenancies and to the same outcomes.

The engines get facts that are worked out already; ours starts from the raw case. `python -m tests.bench.judging FILE`
prints the microseconds of CPU of one judgement of ours.
"""

import json
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from arrears.model import Case, CourtStatus, HoldKind, Snapshot
from arrears.policy import policy_on
from arrears.rules import Situation, decide, situation
from arrears.rules.bars import arrived_from
from arrears.rules.people import by_mobile, by_notice_channel, by_post, of_notice_age
from tests.bench.made import DAY, TICK
from tests.bench.rounds import ROOT, in_turn, told_by
from tests.local.portfolio import Portfolio

TENANCIES, TODAY, POLICY = 2000, TICK.date(), policy_on(TICK.date())
PYTHON = ROOT / ".venvs" / "bench" / "bin" / "python"


def speedups(rounds: int) -> dict[str, Any]:
    """Ours and each engine, in turn."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "facts.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in map(line_of, cases())), "utf-8")
        runs = {"ours": lambda: float(told_by("tests.bench.judging", file)["us_each"])}
        runs |= {name: partial(_engine, name, file) for name in ("zen-engine", "json-logic", "business-rules")}
        seen = in_turn(runs, rounds)
    ours = seen["ours"]
    return {
        name: {"us_each": each.told(1), "ours_is_faster_by": each.over(ours).told(1)} for name, each in seen.items()
    }


def cases() -> list[Case]:
    """A portfolio's tenancies, for whom nothing was done yet."""
    rows = Portfolio(TENANCIES, start=DAY).export(DAY, everyone=True)
    return [Case(snapshot=Snapshot.model_validate(row)) for row in rows]


def line_of(case: Case) -> dict[str, Any]:
    """What an engine is given, and what it must say."""
    decision = decide(case, POLICY, TODAY)
    return {
        "facts": facts_of(situation(case, POLICY, TODAY)),
        "step": decision.step,
        "reasons": decision.reasons,
    }


def facts_of(at: Situation) -> dict[str, Any]:
    """The case worked out as far as an engine's table needs it; money in cents."""
    snapshot, agreement, court, arrived = at.snapshot, at.snapshot.agreement, at.snapshot.court, arrived_from(at)
    has_deductible = snapshot.housing_allowance > 0 and snapshot.deductible > 0
    deductibles = at.debt - 4 * snapshot.deductible
    return {
        "debt": int(at.debt * 100),
        "disputed": HoldKind.DISPUTE in at.holds,
        "halted": HoldKind.HALT_REQUEST in at.holds,
        "adjusted": HoldKind.DEBT_ADJUSTMENT in at.holds,
        "deceased": HoldKind.DECEASED in at.holds,
        "on_hold": HoldKind.MANUAL in at.holds,
        "guardian": HoldKind.GUARDIAN in at.holds,
        "agreement": agreement.status if agreement else "none",
        "broken_days": (TODAY - (agreement.broken_on or agreement.agreed_on)).days if agreement else -1,
        "lease_ended": bool(snapshot.lease_ended_on and snapshot.lease_ended_on < TODAY),
        "in_transit": bool(arrived and arrived > TODAY),
        "court": "pending" if court and court.status is CourtStatus.PENDING else "none",
        "court_days": (TODAY - court.opened_on).days if court else -1,
        "due_days": (TODAY - at.oldest_due).days if at.oldest_due else 0,
        "in_rollout": snapshot.area in POLICY.sms.areas,
        "beyond_rents": int((at.debt - 2 * snapshot.monthly_rent) * 100),
        "beyond_deductibles": int(deductibles * 100) if has_deductible else -1,
        "of_age": len(of_notice_age(at)),
        "notice_reaches": len(by_notice_channel(at)),
        "text_reaches": len(by_mobile(at)),
        "notice_may": sum(not tenant.contact_forbidden for tenant in by_notice_channel(at)),
        "text_may": sum(not tenant.contact_forbidden for tenant in by_mobile(at)),
        "post_may": sum(not tenant.contact_forbidden for tenant in by_post(at)),
    }


def _engine(name: str, file: Path) -> float:
    return float(told_by("tests.bench.engines", name, file, python=str(PYTHON))["us_each"])


def main() -> None:
    """Judges every case as the engines do: once to warm up, once on the clock."""
    judged = cases()
    for _ in range(2):
        start = time.process_time()
        for case in judged:
            decide(case, POLICY, TODAY)
        seconds = time.process_time() - start
    print(json.dumps({"us_each": seconds / len(judged) * 1e6}))


if __name__ == "__main__":
    main()
