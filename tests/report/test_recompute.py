"""Every figure of a month, counted a second time by other means from the same files."""

from decimal import Decimal
from pathlib import Path

import pytest

from arrears.model import Step
from arrears.outcomes import counting
from arrears.outcomes.answers import answered
from arrears.outcomes.debts import crossed
from arrears.outcomes.figures import Figures
from tests.report.months import PLENTY, TICK, as_files, lived, published, publisher
from tests.report.recompute import recompute

Again = dict[str, object]


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Again:
    """March once more."""
    folder = tmp_path_factory.mktemp("files")
    as_files(*lived(), folder)
    return recompute(folder, "2026-03")


def march() -> Figures:
    """March as it was published."""
    return Figures.model_validate_json(published()["figures.json"])


def differences(figures: Figures, again: Again) -> list[str]:
    """The names of what was counted differently."""
    found = {
        "until": f"{figures.month.until}",
        "since": f"{figures.month.since}",
        "month": {stage: figures.of("month", stage) for stage in dict(again["month"])},  # type: ignore[call-overload]
        "messages": dict(figures.under("messages")),
        "first_reason": {code: count for (code,), count in figures.under("not_written", "first")},
        "any_reason": {code: count for (code,), count in figures.under("not_written", "any")},
        "sent": {
            step: (count, figures.of("segments", step), Decimal(figures.of("fees", step)) / 100)
            for (step, _), count in figures.under("sent")
        },
        "debt": {cell: Decimal(cents) / 100 for cell, cents in crossed(figures, "debt").items()},
        **{what: crossed(figures, what) for what in ("debtors", "newcomers", "leavers")},
        "answers": {
            (step.value, group, int(days)): {what: counts[what] for what in ("of", *counting.ANSWERS)}
            for step in Step
            for (group, days), counts in answered([figures], step).items()
        },
    }
    return [name for name in again if again[name] != found[name]]


def test_every_figure_of_the_month_is_the_same_when_counted_by_other_means(again: Again) -> None:
    assert differences(march(), again) == []


def test_there_is_something_to_count(again: Again) -> None:
    figures = march()
    assert figures.of("month", "answered") > 20
    assert crossed(figures, "newcomers")["all", "all"] > 10
    assert len(answered([figures], Step.SMS_REMINDER)) > 20


@pytest.mark.parametrize(
    ("twin", "noticed"),
    [
        ({"ARRIVED": frozenset({"SENT"})}, "answers"),
        ({"LEFT": counting.LEFT - {"NO_RECEIPT"}}, "month"),
        ({"group_of": lambda snapshot: (snapshot.area, "18-29")}, "debtors"),
        ({"debt": lambda snapshot, policy, today: sum(item.unpaid for item in snapshot.open_items)}, "debt"),
    ],
    ids=["wrong denominator", "texts that were sent and not confirmed are lost", "everyone is young", "not yet due"],
)
def test_a_figure_counted_wrongly_is_noticed(
    twin: dict[str, object], noticed: str, again: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, broken in twin.items():
        monkeypatch.setattr(counting, name, broken)
    world, _ = lived()
    kept = dict(world.records.files)
    publisher(world)(TICK, TICK, lambda: PLENTY)
    figures = Figures.model_validate_json(world.records.files["reports/2026-03/figures.json"])
    world.records.files = kept
    assert noticed in differences(figures, again)


def test_a_payment_that_nobody_looked_for_is_not_taken_for_one(again: Again, tmp_path: Path) -> None:
    # A day whose decisions were lost is no day on which everyone had paid.
    world, _ = lived()
    kept = dict(world.records.files)
    lost = {name for name in kept if name.startswith("decisions/2026-03-20/")}
    world.records.files = {name: body for name, body in kept.items() if name not in lost}
    publisher(world)(TICK, TICK, lambda: PLENTY)
    figures = Figures.model_validate_json(world.records.files["reports/2026-03/figures.json"])
    world.records.files = kept
    assert lost
    assert figures.of("month", "paid") <= march().of("month", "paid")
