"""The order of a plan, and who is written to where two cases have one number. Sorted on disk: a plan may be larger than
a function's memory."""

from collections.abc import Iterable, Iterator

from arrears.ledger import Status
from arrears.scratch import scratch
from arrears.work.plan import Line

_IN_ORDER = """
    SELECT body, row_number() OVER (PARTITION BY number ORDER BY tenancy, step) FROM line
    ORDER BY reference, tenancy, step
"""


def one_per_number(lines: Iterable[Line]) -> Iterator[Line]:
    """The plan in a fixed order. Of several cases with one number, the first by tenancy id is written to and the others
    stand down. The order of sending follows the references, so that a first wave is a fair handful of everyone."""
    with scratch() as database:
        database.execute("CREATE TABLE line (reference, tenancy, step, number, body)")
        database.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?)", map(_sortable, lines))
        for body, place in database.execute(_IN_ORDER):
            line = Line.model_validate_json(body)
            doubled = place > 1 and line.number is not None and line.status is Status.PLANNED
            yield line.model_copy(update={"status": Status.STOOD_DOWN, "why": "number_taken"}) if doubled else line


def _sortable(line: Line) -> tuple[str, str, str, str | None, str]:
    number = line.number if line.status is Status.PLANNED else None
    return line.reference, line.key.tenancy_id, line.key.step.value, number, line.model_dump_json(exclude_none=True)
