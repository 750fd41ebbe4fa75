"""The judgement as a table of conditions, for engines that run tables: what is due where nothing was done yet.

Every row is one outcome and all the conditions that lead to it, each a fact, a comparison and a value. The facts come
ready: debts summed, due days moved past holidays, numbers checked, ages counted. Our own rules start from the raw case.
"""

from collections.abc import Iterable

Condition = tuple[str, str, object]
Row = tuple[str, list[Condition]]

OPPOSITE = {"==": "!=", ">": "<=", "<": ">="}


def no(condition: Condition) -> Condition:
    """The opposite."""
    fact, comparison, value = condition
    return (fact, OPPOSITE[comparison], value)


BARS: dict[str, Condition] = {
    "no_debt": ("debt", "<", 1),
    "disputed": ("disputed", "==", True),
    "collection_halted": ("halted", "==", True),
    "debt_adjustment": ("adjusted", "==", True),
    "deceased": ("deceased", "==", True),
    "on_hold": ("on_hold", "==", True),
    "payment_agreement": ("agreement", "==", "active"),
    "lease_ended": ("lease_ended", "==", True),
    "payment_in_transit": ("in_transit", "==", True),
    "court_pending": ("court", "==", "pending"),
}
CRITERIA: dict[str, Condition] = {
    "area_in_rollout": ("in_rollout", "==", True),
    "small_debt": ("debt", "<", 2000),
    "rent_multiple": ("beyond_rents", ">", -1),
    "deductible_multiple": ("beyond_deductibles", ">", -1),
}
PENDING, OWES, GUARDIAN = BARS["court_pending"], no(BARS["no_debt"]), ("guardian", "==", True)
IN_PEACE = [no(bar) for bar in BARS.values()]
NEWS = [*IN_PEACE[:-1], PENDING, ("court_days", ">", -1), ("court_days", "<", 31), ("notice_reaches", ">", 0)]
BROKEN = [*IN_PEACE, ("agreement", "==", "broken"), ("broken_days", ">", -1), ("due_days", ">", 14)]
TEXT = [[*IN_PEACE, criterion, ("text_reaches", ">", 0)] for criterion in CRITERIA.values()]
RUNGS = [
    ("court_notice", "notice_may", [NEWS]),
    ("agreement_broken_letter", "post_may", [BROKEN]),
    ("sms_reminder", "text_may", TEXT),
]


def _steps() -> list[Row]:
    """The first row that holds is the step; a step and why a person takes it are told together."""
    rows: list[Row] = []
    for step, allowed, ways in RUNGS:
        nobody: Condition = (allowed, "<", 1)
        rows += [("hand_to_person both", [*way, nobody, GUARDIAN]) for way in ways]
        rows += [("hand_to_person contact_forbidden", [*way, nobody]) for way in ways]
        rows += [("hand_to_person guardian", [*way, GUARDIAN]) for way in ways]
        rows += [(step, way) for way in ways]
    return [*rows, ("none", [])]


def _rows(told: Iterable[tuple[str, Condition]]) -> list[Row]:
    return [(outcome, [condition]) for outcome, condition in told]


def _reasons() -> list[Row]:
    """Every row that holds is a reason; `step` is what the first table said."""
    nothing: Condition = ("step", "==", "none")
    owing = [nothing, OWES]
    by_hand = ("contact_forbidden", "guardian")
    return [
        *((reason, [nothing, bar]) for reason, bar in BARS.items()),
        *((reason, [("step", "==", "sms_reminder"), criterion]) for reason, criterion in CRITERIA.items()),
        ("no_criterion", [*owing, *map(no, CRITERIA.values())]),
        ("no_mobile", [*owing, ("text_reaches", "<", 1)]),
        ("no_mobile", [*owing, PENDING, ("of_age", ">", 0), ("notice_reaches", "<", 1)]),
        *_rows((why, ("step", "==", f"hand_to_person {why}")) for why in by_hand),
        *_rows((why, ("step", "==", "hand_to_person both")) for why in by_hand),
        ("not_reminded", owing),
        ("fee_too_early", [*owing, ("due_days", "<", 15)]),
        ("agreement_broken", [("step", "==", "agreement_broken_letter")]),
        ("court_opened", [("step", "==", "court_notice")]),
        ("age_outside", [*owing, PENDING, ("of_age", "<", 1)]),
    ]


STEPS, REASONS = _steps(), _reasons()
FACTS = sorted({fact for _, conditions in [*STEPS, *REASONS] for fact, _, _ in conditions} - {"step"})
