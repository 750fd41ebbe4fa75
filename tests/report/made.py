"""A made-up year of figures, as twelve monthly reports would have kept them: for looking at the page and testing it."""

import random
from datetime import date, timedelta

from arrears.calendar import DAY
from arrears.model import Step
from arrears.outcomes.counting import ANSWERS
from arrears.outcomes.figures import AGES, Counts, Figures, HeldRun, Month, name

AREAS = ("central", "east", "north", "northeast", "south", "west")
WEIGHT = {"central": 0.3, "east": 1.0, "north": 1.2, "northeast": 1.5, "south": 0.7, "west": 0.9}
ANSWERED = {
    Step.SMS_REMINDER: 0.42,
    Step.COLLECTION_LETTER: 0.4,
    Step.COURT_WARNING_LETTER: 0.33,
    Step.AGREEMENT_BROKEN_LETTER: 0.35,
    Step.COURT_NOTICE: 0.72,
}
SENT = {
    Step.SMS_REMINDER: 24,
    Step.COLLECTION_LETTER: 9,
    Step.COURT_WARNING_LETTER: 2,
    Step.AGREEMENT_BROKEN_LETTER: 1,
    Step.COURT_NOTICE: 1.4,
}


def a_year(
    last: date = date(2026, 3, 30), months: int = 12, size: float = 1.0, held_out: bool = False
) -> list[Figures]:
    """So many months up to the one that ended on `last`, the oldest first. The same arguments give the same figures."""
    ends = [last]
    while len(ends) < months:
        ends.append(ends[-1].replace(day=1) - DAY)
    ends.reverse()
    return [a_month(end, ends[n - 1] if n else None, n, size, held_out) for n, end in enumerate(ends)]


def a_month(until: date, since: date | None, number: int, size: float, held_out: bool) -> Figures:
    """One of them; the debt of the young in the northeast grows with the months' numbers."""
    dice, counts = random.Random(f"{until}{size}"), Counts()
    for area in AREAS:
        for age in AGES:
            growth = 1 + 0.09 * number if (area, age) == ("northeast", "18-29") else 1
            many = round(dice.uniform(34, 42) * WEIGHT[area] * growth * size * (1 if age != "65+" else 0.25))
            counts[name("debtors", area, age)] = many
            counts[name("debt", area, age)] = sum(dice.randrange(800, 300000) for _ in range(many))
            came = round(many * dice.uniform(0.2, 0.3))
            counts[name("newcomers", area, age)] = came
            counts[name("leavers", area, age)] = round(came * dice.uniform(0.8, 1.1))
            for step in SENT:
                _answers(counts, dice, step, area, age, round(SENT[step] * WEIGHT[area] * size))
    _course(counts, dice, round(640 * size))
    if held_out:
        for lot, of, share in (("texted", 320, 0.45), ("held_out", 40, 0.33)):
            for days in (7, 14, 30):
                _rates(counts, dice, name("lot", f"{until:%Y-%m}", lot, f"{days}"), of, share * (days / 30) ** 0.5)
    held = (HeldRun(run=f"{until:%Y-%m}", status="DONE", why=("volume", "churn")),) if number % 3 == 2 else ()
    planned = until.replace(day=12)
    month = Month(name=f"{until:%Y-%m}", until=until, since=since, planned_on=planned)
    return Figures(month=month, policy="2024-10-01", made_on=until + timedelta(days=2), held=held, counts=counts)


def _answers(counts: Counts, dice: random.Random, step: Step, area: str, age: str, of: int) -> None:
    if step is Step.COURT_NOTICE and age != "18-29":
        return
    for days, part in ((7, 0.5), (14, 0.8), (30, 1.0)):
        _rates(counts, dice, name("answers", step, area, age, f"{days}"), of, ANSWERED[step] * part)


def _rates(counts: Counts, dice: random.Random, key: str, of: int, share: float) -> None:
    if not of:
        return
    answered = sum(dice.random() < share for _ in range(of))
    contacted = round(answered * 0.7)
    values = dict(zip(ANSWERS, (contacted, round(contacted * 0.5), answered - contacted, answered), strict=True))
    counts.update({name(key, what): count for what, count in (values | {"of": of}).items() if count})


def _course(counts: Counts, dice: random.Random, owed: int) -> None:
    chosen = round(owed * 0.3)
    texted, letters = round(chosen * 0.9), round(chosen * 0.3)
    answered = round(texted * 0.46)
    followed = [round(answered * share) for share in (0.6, 0.4, 0.5)]
    stages = [owed, chosen, texted, round(texted * 0.95), *followed, answered, letters, round(owed * 0.012)]
    names = ("owed", "chosen", "texted", "delivered", "contacted", "agreed", "paid", "answered", "letters", "court")
    counts.update({name("month", stage): count for stage, count in zip(names, stages, strict=True)})
    left = {"DELIVERED": round(texted * 0.95), "NO_RECEIPT": texted - round(texted * 0.95)}
    left |= {"IMPOSSIBLE": (chosen - texted) // 2, "STOOD_DOWN": chosen - texted - (chosen - texted) // 2}
    counts.update({name("messages", Step.SMS_REMINDER, status): count for status, count in left.items()})
    counts.update({name("messages", Step.COLLECTION_LETTER, "DELIVERED"): letters})
    counts.update({name("numbers", "no_mobile"): left["IMPOSSIBLE"], name("unknown", Step.SMS_REMINDER): 1})
    counts.update({name("sent", Step.SMS_REMINDER, "sms"): texted, name("segments", Step.SMS_REMINDER): texted})
    counts.update({name("sent", Step.COLLECTION_LETTER, "post"): letters})
    counts.update({name("fees", Step.COLLECTION_LETTER): letters * 500})
    for code, share in (("no_criterion", 0.55), ("payment_agreement", 0.2), ("payment_in_transit", 0.12)):
        counts[name("not_written", "first", code)] = round((owed - chosen) * share)
        counts[name("not_written", "any", code)] = round((owed - chosen) * (share + 0.03))
    counts[name("not_written", "first", "disputed")] = counts[name("not_written", "any", "disputed")] = 3
    counts[name("not_written", "first", "lease_ended")] = counts[name("not_written", "any", "lease_ended")] = 21
