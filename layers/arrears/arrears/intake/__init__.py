"""The way in: an export is checked whole, and only then handed over. What is wrong is said so that it can be mended.

Parse order: hash, size, strict UTF-8, strict CSV or JSON, the contract's fields, each row's rules, the sums, the
snapshot before. Source: CONTRACT section 1, RELIABILITY "Import".
"""

from arrears.intake.examining import Reading, read
from arrears.intake.findings import Code, Finding
from arrears.intake.lines import Limits
from arrears.intake.names import day_in
from arrears.intake.one_by_one import UnreadableExport, one_by_one
from arrears.intake.previous import PreviousSnapshot
from arrears.intake.reports import Report

__all__ = [
    "Code",
    "Finding",
    "Limits",
    "PreviousSnapshot",
    "Reading",
    "Report",
    "UnreadableExport",
    "day_in",
    "one_by_one",
    "read",
]
