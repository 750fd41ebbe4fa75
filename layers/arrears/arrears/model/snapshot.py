"""The debt snapshot that the rent ledger exports (CONTRACT section 1)."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, WithJsonSchema

from arrears.model.facts import MONEY, ZERO, Day, Facts, Identifier, Money

RENT = rf"^(?!0+\.00$){MONEY.pattern}$"  # more than nothing, as a schema can say it


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
    monthly_rent: Annotated[Money, Field(gt=0), WithJsonSchema({"type": "string", "pattern": RENT})]
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
        return tuple([tenant for tenant in self.tenants if tenant.role is Role.MAIN])
