"""Another provider is asked only when the one before surely did not take the text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from arrears.adapters.sms.failover import Failover
from arrears.adapters.sms.test_numbers import OnlyTestNumbers
from arrears.ports import Accepted, NotAccepted, Refused, Sms, SmsProvider, Unclear
from tests.providers.conftest import SMS

TAKES = Accepted("", "id-1")


@dataclass
class Company:
    """A provider that always answers the same, and remembers what it was handed."""

    name: str
    answer: Accepted | Exception = TAKES
    found: Accepted | Exception | None = None
    handed: list[Sms] = field(default_factory=list)

    def send(self, sms: Sms) -> Accepted:
        self.handed.append(sms)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Accepted(self.name, self.answer.message_id)

    def find(self, reference: str) -> Accepted | None:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


UNKNOWN = [Unclear("http_503"), TimeoutError(), KeyError("odd")]


def test_the_first_provider_serves_while_it_takes_the_text() -> None:
    first, second = Company("first"), Company("second")
    assert Failover([first, second]).send(SMS) == Accepted("first", "id-1")
    assert not second.handed


def test_the_next_one_is_asked_after_a_sure_no_and_the_no_is_reported() -> None:
    first, second = Company("first", NotAccepted("http_401", halts=True)), Company("second")
    assert Failover([first, second]).send(SMS) == Accepted("second", "id-1", passed_over=("first:http_401",))
    assert (len(first.handed), len(second.handed)) == (1, 1)


@pytest.mark.parametrize("unknown", UNKNOWN, ids=lambda error: type(error).__name__)
def test_nobody_else_is_asked_when_nobody_knows(unknown: Exception) -> None:
    nobody_else_is_asked(Failover, unknown)


def nobody_else_is_asked(kind: type[Failover], answer: Exception) -> None:
    first, second = Company("first", answer), Company("second")
    with pytest.raises(type(answer)):
        kind([first, second]).send(SMS)
    assert not second.handed


def test_nobody_else_is_asked_about_a_refused_number() -> None:
    nobody_else_is_asked(Failover, Refused("FAILED"))


@pytest.mark.parametrize("answer", [Refused("FAILED"), Unclear("http_503")])
def test_a_fate_bears_the_providers_name(answer: Exception) -> None:
    with pytest.raises(type(answer), match=f"^first:{answer}$"):
        Failover([Company("first", answer)]).send(SMS)


@pytest.mark.parametrize(
    ("answers", "halts", "retry_after"),
    [
        ([NotAccepted("a", halts=True), NotAccepted("b", halts=True)], True, None),
        ([NotAccepted("a", halts=True), NotAccepted("b")], False, None),
        ([NotAccepted("a", halts=True), NotAccepted("b", retry_after=30)], False, 30),
        ([NotAccepted("a", retry_after=9), NotAccepted("b", retry_after=30)], False, 9),
        ([NotAccepted("a", retry_after=0), NotAccepted("b")], False, 0),
    ],
)
def test_the_run_halts_only_when_all_of_them_would_halt_it(
    answers: Sequence[NotAccepted], halts: bool, retry_after: float | None
) -> None:
    with pytest.raises(NotAccepted) as fate:
        Failover([Company(name, answer) for name, answer in zip("xy", answers, strict=True)]).send(SMS)
    assert (fate.value.code, fate.value.halts, fate.value.retry_after) == ("x:a,y:b", halts, retry_after)


def test_a_provider_put_right_serves_again_at_once() -> None:
    first, second = Company("first", NotAccepted("http_401", halts=True)), Company("second")
    both = Failover([first, second])
    assert both.send(SMS).provider == "second"
    first.answer = TAKES
    assert both.send(SMS).provider == "first"


SEEN = Accepted("second", "id-2")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ((None, None), None),
        ((None, SEEN), SEEN),
        ((LookupError(), SEEN), SEEN),
        ((LookupError(), None), LookupError),
        ((None, LookupError()), LookupError),
    ],
)
def test_a_text_was_surely_never_seen_only_when_all_say_so(
    found: Sequence[Accepted | Exception | None], told: Accepted | type[Exception] | None
) -> None:
    both = Failover([Company(name, found=answer) for name, answer in zip(("first", "second"), found, strict=True)])
    if isinstance(told, type):
        with pytest.raises(told):
            both.find(SMS.reference)
    else:
        assert both.find(SMS.reference) == told


def test_only_listed_numbers_are_really_texted_outside_production() -> None:
    only_listed_numbers_ring(OnlyTestNumbers)


def only_listed_numbers_ring(kind: type[OnlyTestNumbers]) -> None:
    real, others = Company("real"), Company("others")
    provider: SmsProvider = kind(real, others, frozenset({SMS.to}))
    stranger = Sms("+358401234568", SMS.sender, SMS.text, SMS.reference)
    assert (provider.send(SMS).provider, provider.send(stranger).provider) == ("real", "others")
    assert (real.handed, others.handed) == ([SMS], [stranger])


def test_outside_production_either_can_be_asked_what_became_of_a_text() -> None:
    real, others = Company("real", found=LookupError()), Company("others", found=SEEN)
    assert OnlyTestNumbers(real, others, frozenset()).find(SMS.reference) == SEEN
    with pytest.raises(LookupError):
        OnlyTestNumbers(real, Company("others"), frozenset()).find(SMS.reference)
