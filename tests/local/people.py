"""Made-up tenants: plainly test persons, with the telephone numbers that people really type."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.local.dice import Dice

FIRST_NAMES = ("Testi", "Koe", "Malli", "Esimerkki", "Näyte", "Kokeilu", "Harjoitus", "Demo")
SECOND_NAMES = (
    "Aino", "Eino", "Helmi", "Onni", "Väinö", "Lyyli", "Åke", "Pyry", "Säde", "Ilona", "Oskari", "Fatima",
    "Omar", "Björn", "Natalia", "Yusuf", "Amina", "Kerttu", "Urho", "Sylvi", "Touko", "Lumi", "Tyyne",
    "Öyvind", "Jean-Luc", "Nguyen", "Zoë", "Karl-Erik", "Maryam", "Anh",
)  # fmt: skip
SURNAMES = (
    "Testinen", "Testilä", "Testilahti", "Koehenkilö", "Koelainen", "Kokeilunen", "Mallikas", "Mallinen",
    "Mallila", "Esimerkkinen", "Esimerkkilä", "Näytteinen", "Näytelä", "Harjoitusmäki", "Harjoitusjärvi",
    "Demolainen", "Kuvitelma", "Kuvitteellinen", "Keksitty", "Olematon", "Tekaistu", "von-Testinen",
    "Testi-Mallila", "O'Testinen",
)  # fmt: skip

# Main tenants' ages on their first day here: the youngest and oldest of a bracket, and its weight.
AGES = {(18, 24): 11.0, (25, 29): 12.0, (30, 44): 31.0, (45, 64): 28.0, (65, 79): 14.0, (80, 95): 4.0}
YOUNG_AGES = AGES | {(18, 24): 17.0, (25, 29): 16.0}

PREFIXES = ("040", "041", "042", "043", "044", "045", "046", "050", "0400", "0500", "0457")
WAYS_TO_WRITE: dict[Callable[[str, str], str], float] = {
    lambda prefix, rest: f"{prefix} {rest[:3]} {rest[3:]}": 30,
    lambda prefix, rest: f"{prefix}{rest}": 26,
    lambda prefix, rest: f"{prefix}-{rest}": 9,
    lambda prefix, rest: f"+358{prefix[1:]}{rest}": 12,
    lambda prefix, rest: f"+358 {prefix[1:]} {rest[:3]} {rest[3:]}": 9,
    lambda prefix, rest: f"00358{prefix[1:]}{rest}": 2,
    lambda prefix, rest: f"358{prefix[1:]}{rest}": 3,
    lambda prefix, rest: f"+358 (0){prefix[1:]} {rest}": 2,
    lambda prefix, rest: f"({prefix}) {rest}": 2,
    lambda prefix, rest: f"{prefix}/{rest}": 1,
    lambda prefix, rest: f"{prefix}.{rest[:3]}.{rest[3:]}": 1,
    lambda prefix, rest: f" {prefix} {rest} ": 3,
}
UNUSABLE: dict[Callable[[Dice], str | None], float] = {
    lambda dice: None: 40,
    lambda dice: "": 5,
    lambda dice: f"09 {dice.digits(3)} {dice.digits(4)}": 14,
    lambda dice: f"+372 5{dice.digits(7)}": 5,
    lambda dice: f"+46 70 {dice.digits(3)} {dice.digits(4)}": 4,
    lambda dice: f"+1 202 555 01{dice.digits(2)}": 1,
    lambda dice: "ei puhelinta": 3,
    lambda dice: f"040 {dice.digits(7)} (äiti)": 3,
    lambda dice: f"040 {dice.digits(7)}, 050 {dice.digits(7)}": 3,
    lambda dice: "040 0000000": 4,
    lambda dice: "0400000000": 3,
    lambda dice: f"049 {dice.digits(7)}": 3,
    lambda dice: f"040 {dice.digits(3)}": 4,
    lambda dice: f"4{dice.between(0, 6)}{dice.digits(7)}": 4,
    lambda dice: f"0600 {dice.digits(5)}": 1,
    lambda dice: f"020 {dice.digits(3)} {dice.digits(4)}": 2,
    lambda dice: f"=040{dice.digits(7)}": 1,
}
MAIL_HOSTS = ("example.com", "example.org", "example.net")
PLAIN_LETTERS = str.maketrans("äåöëé", "aaoee", "'-")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a lease."""

    tenant_id: str
    role: str
    name: str
    birth: date
    phone: str | None
    email: str | None
    contact_forbidden: bool

    def row(self) -> dict[str, object]:
        """The person as the export tells it."""
        return {
            "tenant_id": self.tenant_id,
            "role": self.role,
            "name": self.name,
            "birth_date": self.birth.isoformat(),
            "phone": self.phone,
            "email": self.email,
            "contact_forbidden": self.contact_forbidden,
        }


def household(tenancy_id: str, moved_in: date, dice: Dice, *, young: bool, kin: Dice) -> tuple[Person, ...]:
    """Who lives there, in lease order: one to three main tenants, now and then a co-tenant.

    `young` makes young main tenants likelier. `kin` falls the same way for flats of one family, so that some of
    them give one and the same number.
    """
    mains = dice.by_weight({1: 76, 2: 21, 3: 3})
    others = dice.by_weight({0: 88, 1: 10, 2: 2})
    roles = ["main"] * mains + ["co"] * others
    if others and dice.chance(0.2):  # a lease may name the co-tenant first
        roles.reverse()
    ages = YOUNG_AGES if young else AGES
    first = dice.between(*dice.by_weight(ages))
    people = []
    for number, role in enumerate(roles, start=1):
        age = _near(first, dice) if role == "main" else dice.between(18, 95)
        people.append(_person(f"{tenancy_id}.{number}", role, moved_in, age, dice))
    if dice.chance(0.012):
        people[0] = replace(people[0], phone=_mobile(kin))
    elif mains == 2 and dice.chance(0.06):  # couples who share a telephone
        people[1] = replace(people[1], phone=people[0].phone)
    return tuple(people)


def typed_phone(dice: Dice) -> str | None:
    """A telephone number as typed: mostly a mobile in one of the many ways to write it, some of no use for a text."""
    return dice.by_weight(UNUSABLE)(dice) if dice.chance(0.075) else _mobile(dice)


def _mobile(dice: Dice) -> str:
    return dice.by_weight(WAYS_TO_WRITE)(dice.one_of(PREFIXES), dice.digits(7))


def _near(age: int, dice: Dice) -> int:
    return min(max(age + dice.between(-5, 5), 18), 95)


def _person(tenant_id: str, role: str, moved_in: date, age: int, dice: Dice) -> Person:
    given = f"{dice.one_of(FIRST_NAMES)}-{dice.one_of(SECOND_NAMES)}"
    surname = dice.one_of(SURNAMES)
    return Person(
        tenant_id=tenant_id,
        role=role,
        name=f"{given} {surname}",
        birth=moved_in - timedelta(days=int(age * 365.25) + dice.between(1, 364)),
        phone=typed_phone(dice),
        email=_mail(given, surname, tenant_id, dice) if dice.chance(0.6) else None,
        contact_forbidden=dice.chance(0.008),
    )


def _mail(given: str, surname: str, tenant_id: str, dice: Dice) -> str:
    name = f"{given}.{surname}".lower().translate(PLAIN_LETTERS)
    return f"{name}.{tenant_id.replace('.', '-')}@{dice.one_of(MAIL_HOSTS)}"
