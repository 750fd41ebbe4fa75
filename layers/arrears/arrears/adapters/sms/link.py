"""LINK Mobility ("Common" platform).

Checked against its SMS REST API manual (versions 1.6 and 2.4): POST /sms/send with Basic authentication, 200 with
{"messageId", "resultCode": 1005} once `ignoreResponse` is false (by default the answer is an empty 204), 400, 401 and
403 with a result code, the codes 106000-106301, `refId` given back in delivery reports. The manual names the bad-number
codes 2104-2106 in delivery reports only; here they count in an answer too. It has no code for an account without credit
(402 taken), and no way to ask by reference.
"""

import json
from base64 import b64encode
from dataclasses import dataclass

from arrears.adapters.http import Answer, Http, message_id
from arrears.adapters.secrets import Secret
from arrears.adapters.sms.answers import read_key, sort_status
from arrears.ports import Accepted, NotAccepted, Refused, Sms, Unclear

QUEUED = 1005
WRONG_ACCOUNT = frozenset({106100, 106101, 106102, 106200, 106201, 106301})  # password, platform id, partner id, gate
NOT_TAKEN = WRONG_ACCOUNT | {106202, 106300}  # no currency, no gate free
UNKNOWN_ERROR = 106000
BAD_NUMBER = frozenset({2104, 2105, 2106})  # unknown subscriber, barred for good, number error


@dataclass(frozen=True, slots=True)
class Link:
    """Sends through LINK Mobility. The secret is "username:password"; `gates` are where receipts go, named by LINK's
    support; `validity` in minutes."""

    url: str
    login: Secret
    platform_id: str
    partner_id: str
    http: Http
    gates: tuple[str, ...] = ()
    validity: int = 1440
    name: str = "link"

    def send(self, sms: Sms) -> Accepted:
        """Hands the text over once."""
        login = b64encode(read_key(self.login).encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        answer = self.http.post(self.url, self._body(sms), headers)
        _sort_code(answer)
        sort_status(answer)
        told = answer.json_object()
        if told.get("resultCode") != QUEUED:
            raise Unclear("strange_status")
        if told.get("refId", sms.reference) != sms.reference:
            raise Unclear("other_reference")
        return Accepted(self.name, message_id(told.get("messageId")))

    def find(self, reference: str) -> Accepted | None:
        """Cannot be asked."""
        raise LookupError("LINK Mobility cannot be asked by reference")

    def _body(self, sms: Sms) -> bytes:
        asked = {
            "source": sms.sender,
            "sourceTON": "ALPHANUMERIC",
            "destination": sms.to,
            "destinationTON": "MSISDN",
            "userData": sms.text,
            "platformId": self.platform_id,
            "platformPartnerId": self.partner_id,
            "refId": sms.reference,
            "ignoreResponse": False,
            "relativeValidityTime": self.validity * 60_000,
            "useDeliveryReport": bool(self.gates),
            "deliveryReportGates": list(self.gates),
        }
        return json.dumps(asked).encode()


def _sort_code(answer: Answer) -> None:
    """Raises the fate that LINK's own code tells in a refusal; passes when it tells none."""
    try:
        code = answer.json_object().get("resultCode") if 400 <= answer.status < 500 else None
    except Unclear:
        return
    if not isinstance(code, int):
        return
    if code == UNKNOWN_ERROR:
        raise Unclear(str(code))
    if code in BAD_NUMBER:
        raise Refused(str(code))
    if code in NOT_TAKEN:
        raise NotAccepted(str(code), halts=code in WRONG_ACCOUNT)
