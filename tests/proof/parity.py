"""The street in memory against the shipped adapters on moto: a line of `make prove`. PARITY says how many conversations
are held; those of `make test` are the first of them."""

import os
from functools import partial

from tests.adapters.test_parity import conversation, differs
from tests.proof.table import Proof, Tried
from tests.streets import moto_cloud, on_moto

CONVERSATIONS, AT_A_TIME = int(os.environ.get("PARITY", "5000")), 250


def held(seeds: range) -> Tried:
    """Holds those conversations on both streets; one that differs is harm."""
    with moto_cloud() as template:
        told = ((seed, differs(seed, conversation(seed), on_moto(template))) for seed in seeds)
        return Tried(worlds=len(seeds), harm=tuple(f"parity, seed {seed}: {wrong}" for seed, wrong in told if wrong))


PROOFS = (
    Proof(
        "the same answers in memory and on moto",
        [
            partial(held, range(first, min(first + AT_A_TIME, CONVERSATIONS)))
            for first in range(0, CONVERSATIONS, AT_A_TIME)
        ],
    ),
)
