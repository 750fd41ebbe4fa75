"""A name is known in all its forms, and other words are not taken for it."""

import pytest

from arrears.compliance.inflection import forms

FORMS = """
matti: matin matille mattia matilla matista matilta matiksi matillakin mattikaan matinkaan
heikki: heikin heikille heikkiä
pekka: pekan pekalle pekkaa
antti: antin antille anttia
virtanen: virtasen virtaselle virtasta virtaseen virtaset virtasten virtasilla
testinen: testisen testiselle testistä
mäki: mäen mäelle mäkeä
koski: kosken koskelle
niemi: niemen niemelle
lahti: lahden lahdelle
laine: laineen laineelle lainetta
rinne: rinteen rinteelle rinteessä
lehto: lehdon lehdolle
ranta: rannan rannalla
silta: sillan sillalla
susi: suden sudelle
lampi: lammen lammella
joki: joen joelle
testikatu: testikadun testikadulla testikadulle testikatua testikatuun
hämeentie: hämeentien hämeentiellä hämeentielle
kaivokuja: kaivokujan kaivokujalla
metsäpolku: metsäpolun metsäpolulla
kaari: kaaren kaarella
penger: penkereen penkereellä
markus: markuksen markukselle markusta
hannes: hanneksen hannekselle hannesta
kallas: kallaan kallaalle
smith: smithin smithille smithiä
nguyen: nguyenin nguyenille
mohamed: mohamedin mohamedille
leppä: lepän lepälle
helsinki: helsingin helsingissä helsinkiin helsingistä
espoo: espoon espoossa
vantaa: vantaan vantaalla
meikäläinen: meikäläisen meikäläiselle
li: lin lille
kettu: ketun ketulle
puku: puvun
uusi: uuden
kuusi: kuuden kuutena
oka: oan
ö: ökin
"""

OTHERS = """
matti: matto maton matkalla mattojen maa
emmi: emme emmekö
testinen: testi tekstiviesti tässä
mäki: mäntä mä mies
niemi: nieme niin nimi
virtanen: virta virran virtaa
testikatu: katu testi
li: lisää liian linja
asia: asua
ko: on
"""


def rows(table: str) -> list[tuple[str, str]]:
    """Name and word."""
    pairs = (line.split(": ") for line in table.strip().splitlines())
    return [(name, word) for name, listed in pairs for word in listed.split()]


@pytest.mark.parametrize(("name", "word"), rows(FORMS) + [(name, name) for name, _ in rows(FORMS)])
def test_a_name_is_known_in_its_forms(name: str, word: str) -> None:
    assert forms([name]).have(word)


@pytest.mark.parametrize(("name", "word"), rows(OTHERS))
def test_another_word_is_not_taken_for_the_name(name: str, word: str) -> None:
    assert not forms([name]).have(word)


def test_no_name_has_no_forms() -> None:
    assert not forms([]).have("matti")
    assert not forms(["matti"]).have("")
