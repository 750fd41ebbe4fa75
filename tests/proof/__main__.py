"""The long form of every proof, and one table of what was tried: `make prove`, or `python -m tests.proof NAME` for
the lines whose names hold that word."""

import os
import sys
from collections.abc import Sequence

from tests.proof import errands, parity, spin, stories, trials, twins
from tests.proof.table import Proof, show
from tests.simulator import proof as years

# Whoever has a proof adds it here. The longest stand first, so that no core waits for them at the end.
PROOFS: Sequence[Proof] = (
    *years.PROOFS,
    *stories.PROOFS,
    *trials.PROOFS,
    *parity.PROOFS,
    *errands.PROOFS,
    *twins.PROOFS,
    *spin.PROOFS,
)


def main(words: Sequence[str]) -> int:
    """0 when no harm was found, 1 when there was some, 2 when no line has such a name."""
    chosen = [proof for proof in PROOFS if all(word in proof.name for word in words)]
    if not chosen:
        print(f"no proof is called so; there are: {', '.join(proof.name for proof in PROOFS)}", file=sys.stderr)
        return 2
    return 0 if show(chosen, int(os.environ.get("PROCESSES", "2"))) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
