"""The month's report: one page, and a file of every table on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arrears.model import Step
from arrears.outcomes import answers, course, debts, messages, month
from arrears.outcomes.figures import Figures
from arrears.outcomes.hiding import WHOLE
from arrears.outcomes.tables import Table, as_csv, as_shown, percent
from arrears.outcomes.words import day_said, month_said, said
from arrears.page import render
from arrears.policy import Policy


@dataclass(frozen=True, slots=True)
class Report:
    """The page, and the tables beside it by file name."""

    page: str
    files: dict[str, str]


def report(months: Sequence[Figures], policy: Policy) -> Report:
    """The report of the last of these months, with the months before it for comparison. The oldest comes first; no more
    are looked at than the policy says. Nothing that a small group would show is in it, nor anything about a person."""
    seen = list(months)[-policy.report.months :]
    figures, kinds = seen[-1], answers.kinds(seen, policy.report)
    tables = {table.name: table for table in _tables(seen, kinds, policy)}
    page = render(
        "report.html",
        f"Rent arrears, {month_said(figures.month.name)}",
        _charts(seen, kinds, tables, policy),
        figures=figures,
        month=month_said(figures.month.name),
        until=day_said(figures.month.until),
        made_on=day_said(figures.made_on),
        planned_on=day_said(figures.month.planned_on) if figures.month.planned_on else None,
        lead=lead(figures, policy.report.smallest_group),
        tables={name: readable(table) for name, table in tables.items()},
        kinds=[(step, said("step", step)) for step in kinds],
        few=[said("step", step) for step in answers.STEPS if step not in kinds and answers.answered(seen, step)],
        court=court_sentence(seen, policy) if Step.COURT_NOTICE in kinds else None,
        span=answers.span(seen),
        facts=facts(figures, policy),
        least=policy.report.smallest_group,
        compared=policy.scope.hold_out_share,
    )
    return Report(page, {f"report-{name}.csv": as_csv(table) for name, table in tables.items()})


def _tables(seen: Sequence[Figures], kinds: Sequence[Step], policy: Policy) -> list[Table]:
    """Every table, in the order of the page."""
    figures, least = seen[-1], policy.report.smallest_group
    return [
        course.stages_table(figures, least),
        *(answers.answers_table(seen, step, policy.report) for step in kinds),
        answers.comparison_table(seen, policy.report),
        debts.debts_table(seen, "debt", least),
        debts.debts_table(seen, "debtors", least),
        debts.movement_table(seen, least),
        debts.movement_groups_table(figures, least),
        month.not_written_table(figures, least),
        messages.messages_table(figures, least),
        messages.waiting_table(figures, least),
        month.held_table(figures),
        month.cost_table(figures, policy.sending.price_per_segment, least),
    ]


def _charts(
    seen: Sequence[Figures], kinds: Sequence[Step], tables: Mapping[str, Table], policy: Policy
) -> list[dict[str, Any]]:
    """Every picture, as charts.js draws it."""
    least = policy.report.smallest_group
    return [
        course.stages_chart(seen[-1], least),
        *(answers.answers_chart(seen, step, policy.report) for step in kinds),
        debts.course_chart(seen, "debt", least),
        debts.course_chart(seen, "debtors", least),
        debts.debts_chart(seen, "debt", least),
        debts.debts_chart(seen, "debtors", least),
        debts.movement_chart(seen, least),
        month.not_written_chart(tables["not_written"]),
    ]


def lead(figures: Figures, least: int) -> dict[str, str]:
    """The month in one line: the words of its numbers."""
    stages = {stage: "a few" if n is None else f"{n:,}" for stage, n in course.stages(figures, least).items()}
    all_of_it = (WHOLE, WHOLE)
    small = all_of_it in debts.unseen(figures, least)
    return stages | {
        "debt": "hidden" if small else f"{round(debts.crossed(figures, 'debt')[all_of_it] / 100):,}",
        "debtors": "a few" if small else f"{debts.crossed(figures, 'debtors')[all_of_it]:,}",
    }


def court_sentence(months: Sequence[Figures], policy: Policy) -> str:
    """How the court notice stands against the landlord's own finding, as far as chance lets anyone say."""
    days = policy.report.answer_days[-1]
    rate = answers.whole(months, Step.COURT_NOTICE, days, "contacted")
    if rate.of < policy.report.smallest_group:
        return "Too few notices have had their time to say anything."
    mark = percent(float(policy.report.court_contact))
    found = f"{percent(rate.share)} made contact within {days} days (95 % interval {percent(rate.low)} to "
    found += f"{percent(rate.high)})."
    if rate.low <= float(policy.report.court_contact) <= rate.high:
        return f"{found} The {mark} that the landlord once found lies within what chance allows."
    side = "above" if rate.low > float(policy.report.court_contact) else "below"
    return f"{found} That is {side} the {mark} that the landlord once found, by more than chance explains."


def facts(figures: Figures, policy: Policy) -> dict[str, str]:
    """The month's numbers that stand alone: segments and their price."""
    sent = sum(count for (_, channel), count in figures.under("sent") if channel == "sms")
    segments = sum(count for _, count in figures.under("segments"))
    if 0 < sent < policy.report.smallest_group:
        return {"segments": "hidden", "cost": "hidden"}
    return {"segments": f"{segments:,}", "cost": as_shown(month.cost(segments, policy.sending.price_per_segment))}


def readable(table: Table) -> Table:
    """The table with every cell as a person reads it."""
    return Table(
        table.name,
        table.title,
        table.columns,
        tuple(tuple(as_shown(cell) for cell in row) for row in table.rows),
        table.names,
        table.note,
    )
