"""Quriiri, the gateway that the City of Helsinki uses.

Checked against its HTTP MT API (version 1) as public clients speak it, the city's own among them: JSON by POST to the
address shown in Quriiri's pages, `Authorization: apikey KEY`, an answer {"messages": {NUMBER: {"converted", "status"}},
"warnings", "errors"}, `batchid` given back in delivery reports. From DOMAIN.md: the statuses PENDING and FAILED. Not
published anywhere we could read: the HTTP statuses of a wrong key (401, 403 taken) and of no credit (402 taken).
Statuses can be listed by time only, so Quriiri cannot be asked by our reference.
"""

import json
from dataclasses import dataclass

from arrears.adapters.http import Answer, Http, message_id
from arrears.adapters.secrets import Secret
from arrears.adapters.sms.answers import read_key, sort_status
from arrears.ports import Accepted, Refused, Sms, Unclear

TAKEN = frozenset({"CREATED", "PENDING"})
FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Quriiri:
    """Sends through Quriiri. `report_to` is where receipts go, with its Basic credentials, so it is kept as a secret;
    `validity` in minutes (1-32767)."""

    url: str
    key: Secret
    http: Http
    report_to: Secret | None = None
    validity: int = 1440
    name: str = "quriiri"

    def send(self, sms: Sms) -> Accepted:
        """Hands the text over once. The answer must speak of our number and no other to count as accepted."""
        headers = {"Authorization": f"apikey {read_key(self.key)}", "Content-Type": "application/json"}
        answer = self.http.post(self.url, self._body(sms), headers)
        told = _told_of(sms.to, answer)
        status = str(told.get("status"))
        if status == FAILED and answer.status in (200, 400):
            raise Refused(FAILED)
        sort_status(answer)
        if status not in TAKEN:
            raise Unclear("strange_status" if told else "number_not_echoed")
        # only a scheduled text gets an id of its own; ours is what the delivery reports will carry
        return Accepted(self.name, message_id(told.get("messageid", sms.reference)))

    def find(self, reference: str) -> Accepted | None:
        """Cannot be asked."""
        raise LookupError("Quriiri cannot be asked by reference")

    def _body(self, sms: Sms) -> bytes:
        report = {"drurl": read_key(self.report_to), "drtype": "JSON"} if self.report_to else {}
        asked = {
            "sender": sms.sender,
            "sendertype": "ALNUM",
            "destination": [sms.to],
            "text": sms.text,
            "batchid": sms.reference,
            "validity": self.validity,
            **report,
        }
        return json.dumps(asked).encode()


def _told_of(number: str, answer: Answer) -> dict[str, object]:
    """What the answer says of our number; empty when it is not about it, or about others too."""
    try:
        messages = answer.json_object().get("messages")
    except Unclear:
        return {}
    told = messages.get(number) if isinstance(messages, dict) and len(messages) == 1 else None
    return told if isinstance(told, dict) and told.get("converted") == number else {}
