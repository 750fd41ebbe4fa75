"""Made-up homes: letting areas, addresses, rents and the allowances that Kela pays straight to the landlord."""

from dataclasses import dataclass

from arrears.payment import check_digit
from tests.local.dice import Dice


@dataclass(frozen=True, slots=True)
class Area:
    """A letting area: its share of the flats, how likely debt is there against the whole, and its postcodes."""

    weight: float
    risk: float
    postcodes: tuple[str, ...]


AREAS = {
    "north": Area(16, 1.45, ("00630", "00640", "00650", "00670", "00690")),
    "northeast": Area(20, 1.35, ("00700", "00710", "00730", "00740", "00750", "00770", "00780", "00790")),
    "east": Area(20, 1.05, ("00900", "00920", "00930", "00940", "00950", "00960", "00970", "00980")),
    "southeast": Area(11, 0.85, ("00800", "00810", "00820", "00840", "00870")),
    "south": Area(5, 0.7, ("00100", "00150", "00180", "00220")),
    "central": Area(8, 0.85, ("00500", "00510", "00520", "00550", "00560")),
    "southwest": Area(4, 0.7, ("00200", "00210", "00330", "00340")),
    "west": Area(9, 0.85, ("00350", "00360", "00370", "00380", "00390")),
    "northwest": Area(7, 0.95, ("00410", "00420", "00430", "00440")),
}
AREA_WEIGHTS = {name: area.weight for name, area in AREAS.items()}
STREETS = (
    "Testikatu", "Testitie", "Testipolku", "Koekatu", "Koetie", "Mallikatu", "Mallikuja", "Esimerkkitie",
    "Esimerkinkatu", "Näytekatu", "Näytteenpolku", "Harjoituskuja", "Harjoitustie", "Kokeilukatu",
    "Kuvitelmankuja", "Keksittytie", "Olematonkatu",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    """A flat and what it costs; money in cents."""

    area: str
    street: str
    postcode: str
    rent: int

    def address(self) -> dict[str, str]:
        """The address as the export tells it."""
        return {"street": self.street, "postal_code": self.postcode, "town": "Helsinki"}


def home(dice: Dice) -> Home:
    """A flat somewhere in Helsinki, EUR 400-1,400 a month, most of them near the middle."""
    area = dice.by_weight(AREA_WEIGHTS)
    street = f"{dice.one_of(STREETS)} {dice.between(1, 60)} {dice.one_of('ABCDEFGH')} {dice.between(1, 96)}"
    rent = 400_00 + (dice.between(0, 500_00) + dice.between(0, 500_00))
    return Home(area=area, street=street, postcode=dice.one_of(AREAS[area].postcodes), rent=rent)


def allowance(rent: int, dice: Dice) -> int:
    """Kela's money a month in cents: none for most; for a few all of the rent, or more than all of it."""
    if dice.chance(0.72):
        return 0
    percent = dice.by_weight({100: 3, 104: 2, 0: 95}) or dice.between(25, 88)
    return rent * percent // 100


def viitenumero(number: int) -> str:
    """The bank reference of a tenancy: its number and the 7-3-1 check digit."""
    return f"{number}{check_digit(str(number))}"
