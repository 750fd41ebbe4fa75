"""What is really asked of each provider, as its server reads it."""

from base64 import b64encode

from arrears.adapters.sms.aws import AwsSms, sms_client
from arrears.adapters.sms.link import Link
from arrears.adapters.sms.quriiri import Quriiri
from tests.local.provider import Street
from tests.providers.conftest import HTTP, KEY, SMS


def test_aws_is_told_price_validity_events_and_our_reference(provided: Street) -> None:
    client = sms_client(HTTP, "eu-north-1", provided.url)
    AwsSms(client, "pool-1", configuration_set="kuitit", max_price="0.25", ttl=3600, dry_run=True).send(SMS)
    assert provided.accepted[0].asked == {
        "DestinationPhoneNumber": SMS.to,
        "OriginationIdentity": "pool-1",
        "MessageBody": SMS.text,
        "MessageType": "TRANSACTIONAL",
        "ConfigurationSetName": "kuitit",
        "MaxPrice": "0.25",
        "TimeToLive": 3600,
        "Context": {"reference": SMS.reference},
        "DryRun": True,
    }
    assert provided.accepted[0].authorization.startswith("AWS4-HMAC-SHA256 Credential=")


def test_aws_sends_under_the_texts_own_sender_name_for_real_unless_told_otherwise(provided: Street) -> None:
    AwsSms(sms_client(HTTP, "eu-north-1", provided.url)).send(SMS)
    asked = provided.accepted[0].asked
    assert (asked["OriginationIdentity"], asked["DryRun"]) == (SMS.sender, False)
    assert not {"ConfigurationSetName", "MaxPrice"} & set(asked)


def test_quriiri_is_told_where_receipts_go_and_our_reference_as_its_batch(provided: Street) -> None:
    report_to = "https://kuitit:salasana@kuitit.testi.example/quriiri"
    Quriiri(f"{provided.url}/quriiri", lambda: KEY, HTTP, report_to=lambda: report_to, validity=60).send(SMS)
    assert provided.accepted[0].asked == {
        "sender": SMS.sender,
        "sendertype": "ALNUM",
        "destination": [SMS.to],
        "text": SMS.text,
        "batchid": SMS.reference,
        "validity": 60,
        "drurl": report_to,
        "drtype": "JSON",
    }
    assert provided.accepted[0].authorization == f"apikey {KEY}"


def test_link_is_told_to_answer_in_full_and_where_receipts_go(provided: Street) -> None:
    link = Link(f"{provided.url}/sms/send", lambda: f"testi:{KEY}", "COMMON", "1234", HTTP, gates=("g1",), validity=60)
    link.send(SMS)
    assert provided.accepted[0].asked == {
        "source": SMS.sender,
        "sourceTON": "ALPHANUMERIC",
        "destination": SMS.to,
        "destinationTON": "MSISDN",
        "userData": SMS.text,
        "platformId": "COMMON",
        "platformPartnerId": "1234",
        "refId": SMS.reference,
        "ignoreResponse": False,
        "relativeValidityTime": 3_600_000,
        "useDeliveryReport": True,
        "deliveryReportGates": ["g1"],
    }
    assert provided.accepted[0].authorization == f"Basic {b64encode(f'testi:{KEY}'.encode()).decode()}"


def test_link_asks_for_no_receipts_where_there_is_no_gate_for_them(provided: Street) -> None:
    Link(f"{provided.url}/sms/send", lambda: f"testi:{KEY}", "COMMON", "1234", HTTP).send(SMS)
    assert provided.accepted[0].asked["useDeliveryReport"] is False
