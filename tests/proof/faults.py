"""What can go wrong at each question to the street. A question that is not listed here fails the proof."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from arrears.ports import Claim, NotAccepted, Refused, Unclear


@dataclass(frozen=True)
class Raised:
    """An answer that is an exception, made anew each time it is heard."""

    kind: Callable[[str], Exception]
    code: str

    def error(self) -> Exception:
        """The exception."""
        return self.kind(self.code)


@dataclass(frozen=True)
class Fault:
    """One thing that can go wrong. `applied`: whether the question is carried out all the same; `answer`: what the
    worker hears instead of the true answer; `deadly`: it hears nothing any more; `late`: it is carried out after all,
    when nobody listens any longer; `again`: it was carried out, and is asked once more."""

    name: str = ""
    applied: bool = True
    answer: Any = None
    deadly: bool = False
    late: bool = False
    again: bool = False


NONE = Fault()
BROKEN = Raised(ConnectionError, "broken")
DEAD_BEFORE = Fault("dies before", applied=False, deadly=True)
DEAD_AFTER = Fault("dies after", deadly=True)
FAILS = Fault("fails", applied=False, answer=BROKEN)
FAILS_AFTER = Fault("answer lost for good", answer=BROKEN)
ASKED_AGAIN = Fault("answer lost, asked again", again=True)
BUSY = Fault("busy", applied=False, answer=Claim.BUSY)

READ = (NONE, DEAD_BEFORE, FAILS)
WRITE = (NONE, DEAD_BEFORE, DEAD_AFTER, FAILS, FAILS_AFTER, ASKED_AGAIN)
SEND = (
    NONE,
    DEAD_BEFORE,
    DEAD_AFTER,
    Fault("dies, arrives late", applied=False, deadly=True, late=True),
    Fault("429", applied=False, answer=Raised(NotAccepted, "http_429")),
    Fault("wrong key", applied=False, answer=Raised(lambda code: NotAccepted(code, halts=True), "http_401")),
    Fault("number refused", applied=False, answer=Raised(Refused, "refused")),
    Fault("reset before", applied=False, answer=Raised(Unclear, "reset")),
    Fault("reset after accept", answer=Raised(Unclear, "reset")),
    Fault("500 after accept", answer=Raised(Unclear, "http_500")),
    Fault("timeout, arrives late", applied=False, answer=Raised(TimeoutError, "read"), late=True),
)
FIND = (NONE, DEAD_BEFORE, Fault("cannot be asked", applied=False, answer=Raised(LookupError, "no")), FAILS)

FAULTS: dict[str, tuple[Fault, ...]] = {
    "ledger.row": READ,
    "ledger.standing": READ,
    "ledger.by_reference": READ,
    "ledger.silent": READ,
    "ledger.waiting": READ,
    "ledger.remembered": READ,
    "ledger.shard": READ,
    "ledger.plan": WRITE,
    "ledger.stand": WRITE,
    "ledger.claim": (*WRITE, BUSY),
    "ledger.move": WRITE,
    "runs.run": READ,
    "runs.latest": READ,
    "runs.open": WRITE,
    "runs.change": WRITE,
    "runs.tally": WRITE,
    "snapshots.current": READ,
    "snapshots.find": READ,
    "snapshots.shard": READ,
    "snapshots.write": WRITE,
    "snapshots.publish": WRITE,
    "records.get": READ,
    "records.names": READ,
    "records.put": WRITE,
    "letters.get": READ,
    "letters.names": READ,
    "letters.put": WRITE,
    "letters.put_new": WRITE,
    "notices.ring": WRITE,
    "post.ring": WRITE,
    "sms.send": SEND,
    "sms.find": FIND,
    "email.send": SEND,
    "email.find": FIND,
}


def faults_of(site: str) -> tuple[Fault, ...]:
    """What can go wrong there, nothing first. Raises KeyError where nobody has thought about it yet."""
    if site not in FAULTS:
        raise KeyError(f"{site} has no fault plan: say in FAULTS what can go wrong there")
    return FAULTS[site]


def changes(site: str) -> bool:
    """Whether the question changes anything on the street."""
    return faults_of(site) not in (READ, FIND)
