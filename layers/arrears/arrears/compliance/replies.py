"""Replies: whether a text invites one, and whether it says that none is possible."""

from collections.abc import Sequence
from itertools import pairwise

from arrears.compliance.reading import Reading
from arrears.compliance.words import words

Clause = Sequence[str]


def invites_reply(reading: Reading) -> bool:
    """A clause that asks for an answer to this message, not to the court's letter and not in the portal."""
    return any(_invites(clause) for clause in reading.clauses)


def says_no_reply(reading: Reading) -> bool:
    """A clause that says this message cannot be answered, in any of the usual ways."""
    return any(_speaks_of_reply(clause) and _denied(clause) and not _about_other(clause) for clause in reading.clauses)


def _invites(clause: Clause) -> bool:
    if _speaks_of_reply(clause):
        return not (_denied(clause) or _about_other(clause) or _landlord_answers(clause) or _by_portal(clause))
    return _sends_message(clause) and not _by_portal(clause)


def _speaks_of_reply(clause: Clause) -> bool:
    return _has(clause, "reply_verbs") or _has(clause, "reply_nouns")


def _sends_message(clause: Clause) -> bool:
    sends = _has(clause, "reply_other") or (_has(clause, "sending") and _has(clause, "sent"))
    by_text = _has(clause, "asking") and _has(clause, "by_text")
    return (sends or by_text) and not _has(clause, "negations")


def _denied(clause: Clause) -> bool:
    """Whether the denial belongs to the answering: "ei voi vastata" does, "jos et voi maksaa vastaa" does not."""
    denials = [place for place, word in enumerate(clause) if words("negations").have(word)]
    if not denials:
        return False
    answers = [place for place, word in enumerate(clause) if words("reply_verbs").have(word) and place > denials[-1]]
    between = clause[denials[-1] + 1 : answers[-1]] if answers else ()
    # "Et voi" asks for "vastata" after it; with "vastaa" there a new clause has begun without its comma.
    allowed = ("fillers", "this_message", *(() if answers and clause[answers[-1]] == "vastaa" else ("modals",)))
    return all(any(words(name).have(word) for name in allowed) for word in between)


def _about_other(clause: Clause) -> bool:
    return _has(clause, "other_letters") and not _has(clause, "this_message")


def _by_portal(clause: Clause) -> bool:
    return _has(clause, "portal") and not _has(clause, "this_message")


def _landlord_answers(clause: Clause) -> bool:
    return any(words("answerers").have(word) and after == "vastaa" for word, after in pairwise(clause))


def _has(clause: Clause, name: str) -> bool:
    return any(words(name).have(word) for word in clause)
