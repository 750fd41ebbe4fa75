"""Broken twins: each protection taken away once, and the test that holds it must fail."""

import hmac
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config

from arrears import receipts
from arrears.adapters import http
from arrears.adapters.http import Answer, Http
from arrears.adapters.sms import answers, link, quriiri
from arrears.adapters.sms.aws import AwsSms
from arrears.adapters.sms.failover import Failover
from arrears.adapters.sms.quriiri import Quriiri
from arrears.adapters.sms.test_numbers import OnlyTestNumbers
from arrears.ports import Accepted, NotAccepted, Sms, Unclear
from arrears.receipts import Arrival, Doubt, Receipt, Verdict
from tests import test_receipts
from tests.local.dialects import Mode
from tests.local.provider import Street
from tests.providers import test_contract, test_failover
from tests.providers.conftest import KEY, MAKERS, Sent, fate_of

caught = pytest.raises((AssertionError, pytest.fail.Exception))


def through(server: Street, maker: Callable[[str], Any]) -> test_contract.Sending:
    """Sends through a twin, as the contract's fixture sends through the real provider."""

    def sending(_name: str, mode: Mode) -> Sent:
        server.mode, server.asked = mode, 0
        server.accepted.clear()
        began = time.monotonic()
        fate = fate_of(maker(server.url))
        return Sent(fate, time.monotonic() - began, server.asked, tuple(server.accepted))

    return sending


def test_failover_after_an_unknown_fate_is_caught() -> None:
    class Eager(Failover):
        def send(self, sms: Sms) -> Accepted:
            first, second = self.providers
            try:
                return first.send(sms)
            except Exception:
                return second.send(sms)

    with caught:
        test_failover.nobody_else_is_asked(Eager, Unclear("http_503"))


def test_real_texts_to_numbers_that_are_not_listed_are_caught() -> None:
    class Careless(OnlyTestNumbers):
        def send(self, sms: Sms) -> Accepted:
            return self.real.send(sms)

    with caught:
        test_failover.only_listed_numbers_ring(Careless)


def test_a_client_that_retries_is_caught(provided: Street) -> None:
    def retrying(url: str) -> AwsSms:
        config = Config(retries={"total_max_attempts": 2, "mode": "standard"})
        return AwsSms(boto3.client("pinpoint-sms-voice-v2", "eu-north-1", endpoint_url=url, config=config))

    with caught:
        test_contract.test_one_call_is_one_request_whatever_comes_back(
            "aws", Mode.SERVER_ERROR, through(provided, retrying)
        )


@pytest.mark.parametrize("name", ["quriiri", "link"])
def test_a_server_error_taken_for_a_refusal_is_caught(
    name: str, provided: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "REFUSING", answers.REFUSING | {500, 503})
    with caught:
        test_contract.test_an_answer_that_cannot_be_trusted_leaves_nobody_knowing(
            name, Mode.SERVER_ERROR, through(provided, MAKERS[name])
        )


def test_an_echo_that_nobody_compares_is_caught(provided: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    def whatever_is_told(_number: str, answer: Answer) -> Any:
        return next(iter(answer.json_object()["messages"].values()))

    monkeypatch.setattr(quriiri, "_told_of", whatever_is_told)
    with caught:
        test_contract.test_an_answer_about_another_text_leaves_nobody_knowing(
            "quriiri", through(provided, MAKERS["quriiri"])
        )


def test_an_id_that_nobody_looks_at_is_caught(provided: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "message_id", str)
    with caught:
        test_contract.test_an_answer_that_cannot_be_trusted_leaves_nobody_knowing(
            "link", Mode.STRANGE_ID, through(provided, MAKERS["link"])
        )


def test_a_deadline_that_begins_anew_with_every_byte_is_caught(
    provided: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_cut", lambda sock: None)
    brief = Http(connect=0.5, total=0.3, limit=190)  # so that the dripping ends at all: some 75 bytes at 20 ms
    with caught:
        test_contract.test_an_answer_that_never_ends_is_cut_off_at_the_deadline(
            "quriiri", Mode.SLOW_BODY, through(provided, lambda url: Quriiri(f"{url}/quriiri", lambda: KEY, brief))
        )


def test_an_exception_that_repeats_the_answer_is_caught(provided: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    def telling(answer: Answer) -> None:
        raise NotAccepted(answer.body.decode())

    monkeypatch.setattr(quriiri, "sort_status", telling)
    with caught:
        test_contract.test_no_fate_tells_the_number_the_words_or_the_key(
            "quriiri", Mode.THROTTLED, through(provided, MAKERS["quriiri"])
        )


def test_a_signature_compared_by_its_beginning_is_caught() -> None:
    def by_prefix(body: bytes, headers: Any, secret: str, now: datetime) -> Verdict:
        told = {name.lower(): value for name, value in headers.items()}
        made = hmac.new(secret.encode(), told["x-arrears-timestamp"].encode() + b"." + body, "sha256").hexdigest()
        return Verdict() if made.startswith(told["x-arrears-signature"]) else Verdict(Doubt.FORGED)

    with caught:
        test_receipts.forged_receipts_are_refused(by_prefix)


def test_a_moment_that_nobody_compares_is_caught() -> None:
    def timeless(body: bytes, headers: Any, secret: str, now: datetime) -> Verdict:
        told = {name.lower(): value for name, value in headers.items()}
        then = datetime.fromtimestamp(int(told["x-arrears-timestamp"]), UTC)
        return receipts.authentic(body, headers, secret, then)

    with caught:
        test_receipts.old_receipts_are_refused(timeless)


def the_last_counts(known: Receipt | None, news: Receipt) -> Receipt:
    return news


def the_first_counts(known: Receipt | None, news: Receipt) -> Receipt:
    return known or news


def the_latest_counts(known: Receipt | None, news: Receipt) -> Receipt:
    return news if known is None or news.at > known.at else known


def undelivered_is_the_end(known: Receipt | None, news: Receipt) -> Receipt:
    return known if known and known.status is Arrival.UNDELIVERED else receipts.further(known, news)


@pytest.mark.parametrize("step", [the_last_counts, the_first_counts, the_latest_counts, undelivered_is_the_end])
def test_a_receipt_that_goes_back_or_sticks_is_caught(step: Callable[[Receipt | None, Receipt], Receipt]) -> None:
    with caught:
        test_receipts.only_forward(step)
