"""Spin at work on sending.pml: writes the ledger's table for it, builds the checker, and says what it found."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from arrears.ledger import MOVES, Status
from tests.proof.table import Proof, Tried

MODEL = Path(__file__).with_name("sending.pml")
TOOLS = ("spin", "gcc")
CALLED = re.compile(r"move\((\w+), (\w+)\)")
# What each variant of the model does without.
PROTECTIONS = {
    "NO_OWNER_TOKEN": "a claim whose answer got lost is not known again",
    "BLIND_RESEND": "a message that comes again is sent again",
    "EARLY": "the reconciler gives back what a living worker holds",
    "ASKED_AT_ONCE": "the provider is asked while a call may be on its way",
    "RESEND_UNKNOWN": "doubts are sent again",
    "FORGET_ON_EXCEPTION": "an unclear answer counts as not accepted",
    "NO_DOUBT": "nobody asks about dead workers",
    "NO_SWEEPER": "nobody rings again",
    "RECEIPT_BACK": "a late bad receipt takes back a good one",
}


@dataclass(frozen=True)
class Checked:
    """What Spin found: how many states it looked at, and how many errors."""

    states: int
    errors: int
    told: str


def why_not() -> str | None:
    """None when the model can be checked here; otherwise what is missing and how to install it."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"{' and '.join(missing)} missing: apt-get install {' '.join(missing)}" if missing else None


def moves_header() -> str:
    """The ledger's statuses and moves, in Promela."""
    pairs = [f"((was) == {old} && (now) == {new})" for old, news in MOVES.items() for new in sorted(news)]
    names = ", ".join(Status)
    return f"mtype = {{ {names} }};\n#define MAY(was, now) ({' || '.join(pairs)})\n"


def checked(folder: Path, *defined: str) -> Checked:
    """Every world of the model, with those names defined; it is built in the folder. Where a protection lacks,
    the nearest worlds come first, so that what is wrong is found soon: sooner than a fast checker is built."""
    (folder / "moves.h").write_text(moves_header(), "utf-8")
    shutil.copy(MODEL, folder)
    _run(folder, "spin", *(f"-D{name}" for name in defined), "-a", MODEL.name)
    built = ["-O0", "-DBFS"] if PROTECTIONS.keys() & set(defined) else ["-O1"]
    _run(folder, "gcc", *built, "-DSAFETY", "-o", "pan", "pan.c")
    told = _run(folder, "./pan", "-m100000", "-w23")
    states, errors = re.search(r"([\d.e+]+) states, stored", told), re.search(r"errors: (\d+)", told)
    if not states or not errors or ("max search depth too small" in told):
        raise RuntimeError(f"Spin did not come to an end:\n{told}")
    return Checked(int(float(states[1])), int(errors[1]), told)


def moves_of_the_model() -> set[tuple[str, str]]:
    """The claim, what the model moves by name (its broken variants aside), and what a receipt may do to these."""
    lines = re.sub(r"#if(n?)def .*?(#else|#endif)", "", MODEL.read_text("utf-8"), flags=re.S)
    named = {pair for pair in CALLED.findall(lines) if pair != ("was", "now")} | {("PLANNED", "SENDING")}
    reached = {now for _, now in named} | {"DELIVERED", "UNDELIVERED"}
    arrivals = {(was, now) for was in reached for now in ("DELIVERED", "UNDELIVERED") if Status(now) in _after(was)}
    return named | arrivals


def _after(was: str) -> frozenset[Status]:
    return MOVES.get(Status(was), frozenset())


def long_form() -> Tried:
    """The model with three deaths, and each of its variants."""
    if missing := why_not():
        return Tried(harm=(missing,))
    with TemporaryDirectory() as folder:
        whole = checked(Path(folder), "DEATHS=3")
        unseen = [name for name in PROTECTIONS if not checked(Path(folder), name).errors]
    harm = [whole.told] if whole.errors else []
    return Tried(whole.states, moments=whole.states, harm=(*harm, *(f"Spin does not see {name}" for name in unseen)))


PROOFS = (Proof(f"Spin: the sending protocol, three deaths; {len(PROTECTIONS)} broken variants seen", (long_form,)),)


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=300)
    return done.stdout
