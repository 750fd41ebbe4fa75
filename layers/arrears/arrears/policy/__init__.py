"""The numbers: dated policy files, each number with its basis, in force from the date in the name until the next."""

from arrears.policy.files import PolicyError, parse_policy, policy_named, policy_names, policy_on
from arrears.policy.schema import policy_schema
from arrears.policy.terms import Policy, ReportTerms

__all__ = [
    "Policy",
    "PolicyError",
    "ReportTerms",
    "parse_policy",
    "policy_named",
    "policy_names",
    "policy_on",
    "policy_schema",
]
