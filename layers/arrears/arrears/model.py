"""The words everybody here speaks: the snapshot a ledger exports, a case, and the decision about it. Facts only."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetPydanticSchema,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema
from pydantic_core.core_schema import (
    custom_error_schema,
    json_or_python_schema,
    no_info_after_validator_function,
    no_info_before_validator_function,
    str_schema,
)

MONEY = re.compile(r"[0-9]{1,9}\.[0-9]{2}", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
EUROS = 'expected euros as a string with two decimals, such as "812.40"'
CALENDAR_DAY = "expected a date as YYYY-MM-DD"


def money(value: Any) -> Decimal:
    """Euros from a string with exactly two decimals, such as "812.40". Raises ValueError for anything else."""
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not MONEY.fullmatch(value):
        raise ValueError(EUROS)
    return Decimal(value)


def day(value: Any) -> date:
    """A calendar day from "YYYY-MM-DD". Raises ValueError for anything else, ISO week dates among them."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError(CALENDAR_DAY)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("expected a day that exists, as YYYY-MM-DD") from None


def _read_by(read: Callable[[Any], Any], written: re.Pattern[str], make: Callable[[str], Any], expected: str) -> Any:
    """The same reading twice: `read` for Python's values, and for JSON its fast twin, which is Python only in `make`.
    An export is a million rows of ten amounts and days each."""

    def schema(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = str_schema(pattern=f"^{written.pattern}$")
        told = custom_error_schema(text, custom_error_type=read.__name__, custom_error_message=expected)
        json = no_info_after_validator_function(make, told)
        return json_or_python_schema(json, no_info_before_validator_function(read, handler(source)))

    return GetPydanticSchema(schema)


Money = Annotated[
    Decimal,
    _read_by(money, MONEY, Decimal, EUROS),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{MONEY.pattern}$"}),
]
Day = Annotated[
    date,
    _read_by(day, DAY, date.fromisoformat, CALENDAR_DAY),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
ZERO = Decimal("0.00")


class Facts(BaseModel):
    """What was true on a day: never changed, nothing unknown beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Role(StrEnum):
    """Who a tenant is on the lease."""

    MAIN = "main"
    CO = "co"


class HoldKind(StrEnum):
    """Why a tenancy is left in peace, or in a person's hands."""

    DISPUTE = "dispute"
    HALT_REQUEST = "halt_request"
    DEBT_ADJUSTMENT = "debt_adjustment"
    DECEASED = "deceased"
    GUARDIAN = "guardian"
    MANUAL = "manual"


class AgreementStatus(StrEnum):
    """How a payment agreement (maksusopimus) stands."""

    ACTIVE = "active"
    BROKEN = "broken"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CourtStatus(StrEnum):
    """How a case in the district court (käräjäoikeus) stands."""

    PENDING = "pending"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class OpenItem(Facts):
    """A charge that is unpaid or part-paid."""

    due_date: Day
    charged: Money
    unpaid: Money
    reference: str | None = Field(default=None, max_length=30)


class Tenant(Facts):
    """A person on the lease, as the tenant records know them."""

    tenant_id: Identifier
    role: Role
    name: str = Field(min_length=1, max_length=200)
    birth_date: Day
    phone: str | None = Field(default=None, max_length=100)
    email: str | None = Field(default=None, max_length=254)
    contact_forbidden: bool = False


class Address(Facts):
    """Where the flat is."""

    street: str = Field(min_length=1, max_length=200)
    postal_code: str = Field(min_length=1, max_length=10)
    town: str = Field(min_length=1, max_length=100)


class Agreement(Facts):
    """A payment agreement (maksusopimus)."""

    agreed_on: Day
    status: AgreementStatus
    broken_on: Day | None = None


class Court(Facts):
    """A case in the district court (käräjäoikeus)."""

    opened_on: Day
    status: CourtStatus


class Hold(Facts):
    """A reason to leave a tenancy alone; without an end until a person ends it."""

    kind: HoldKind
    until: Day | None = None

    def on(self, today: date) -> bool:
        """Whether it holds that day, the day it ends included."""
        return self.until is None or self.until >= today


class Snapshot(Facts):
    """A tenancy's debt as the rent ledger knew it on the day `as_of` (CONTRACT section 1)."""

    tenancy_id: Identifier
    as_of: Day
    area: str = Field(pattern=r"^[a-z_]{1,30}$")
    monthly_rent: Annotated[Money, Field(gt=0)]
    housing_allowance: Money
    open_items: tuple[OpenItem, ...]
    unallocated_credit: Money = ZERO
    tenants: Annotated[tuple[Tenant, ...], Field(min_length=1)]
    address: Address
    agreement: Agreement | None = None
    court: Court | None = None
    holds: tuple[Hold, ...] = ()
    lease_ended_on: Day | None = None
    contacted_on: Day | None = None

    @property
    def deductible(self) -> Decimal:
        """What is left of the rent after the allowance paid to the landlord (omavastuu); may be zero or less."""
        return self.monthly_rent - self.housing_allowance

    @property
    def main_tenants(self) -> tuple[Tenant, ...]:
        """The main tenants in lease order."""
        return tuple(tenant for tenant in self.tenants if tenant.role is Role.MAIN)

    def held(self, kind: HoldKind, today: date) -> bool:
        """Whether a hold of that kind holds that day."""
        return bool(self.holds) and any(hold.kind is kind and hold.on(today) for hold in self.holds)


class Step(StrEnum):
    """What can be due to a tenancy, the most serious first."""

    COURT_NOTICE = "court_notice"
    COURT_WARNING_LETTER = "court_warning_letter"
    AGREEMENT_BROKEN_LETTER = "agreement_broken_letter"
    COLLECTION_LETTER = "collection_letter"
    SMS_REMINDER = "sms_reminder"
    HAND_TO_PERSON = "hand_to_person"
    NONE = "none"


LETTERS = frozenset({Step.COLLECTION_LETTER, Step.AGREEMENT_BROKEN_LETTER, Step.COURT_WARNING_LETTER})
MESSAGES = frozenset({Step.SMS_REMINDER, Step.COURT_NOTICE})


class Outcome(StrEnum):
    """What became of a step, as history tells it."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    IMPOSSIBLE = "impossible"


class Past(Facts):
    """A step already taken for a tenancy. `fee` is the letter's fee where it is known."""

    step: Step
    on: Day
    outcome: Outcome
    fee: Money | None = None


class Case(Facts):
    """Everything a decision may look at: the snapshot and what was already done, in any order."""

    snapshot: Snapshot
    history: tuple[Past, ...] = ()


class Reason(StrEnum):
    """Why something is or is not due (CONTRACT section 2), in the order in which reasons are told."""

    NO_DEBT = "no_debt"
    DISPUTED = "disputed"
    COLLECTION_HALTED = "collection_halted"
    DEBT_ADJUSTMENT = "debt_adjustment"
    DECEASED = "deceased"
    ON_HOLD = "on_hold"
    PAYMENT_AGREEMENT = "payment_agreement"
    LEASE_ENDED = "lease_ended"
    PAYMENT_IN_TRANSIT = "payment_in_transit"
    COURT_PENDING = "court_pending"
    AREA_IN_ROLLOUT = "area_in_rollout"
    SMALL_DEBT = "small_debt"
    RENT_MULTIPLE = "rent_multiple"
    DEDUCTIBLE_MULTIPLE = "deductible_multiple"
    NO_CRITERION = "no_criterion"
    REMINDED_THIS_MONTH = "reminded_this_month"
    NO_MOBILE = "no_mobile"
    CONTACT_FORBIDDEN = "contact_forbidden"
    GUARDIAN = "guardian"
    NOT_REMINDED = "not_reminded"
    TIME_TO_ANSWER = "time_to_answer"
    FEE_TOO_EARLY = "fee_too_early"
    CONTACTED = "contacted"
    REMINDER_UNANSWERED = "reminder_unanswered"
    AGREEMENT_BROKEN = "agreement_broken"
    LETTER_UNANSWERED = "letter_unanswered"
    WARNING_UNANSWERED = "warning_unanswered"
    COURT_OPENED = "court_opened"
    AGE_OUTSIDE = "age_outside"


class Decision(Facts):
    """What is due to one tenancy on one day, and why; for `none`, everything that stands in the way."""

    tenancy_id: Identifier
    on: Day
    step: Step
    reasons: tuple[Reason, ...]
    recipient: str | None = None
    policy: str
