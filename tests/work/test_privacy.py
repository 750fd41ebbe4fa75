"""One person's data, handed out whole and erased without forgetting that they were written to."""

from datetime import date, timedelta

import pytest

from arrears.ledger import CaseKey, Status
from arrears.model import Step
from arrears.work.operate import NotAllowed
from arrears.work.privacy import Privacy
from tests.fakes import pseudonyms
from tests.makers import MOBILE, a_snapshot_row, a_tenant_row, an_item_row
from tests.world import IMPORT, World, at

DAY = date(2026, 2, 12)
TEXT = CaseKey(tenancy_id="T-1", period="2026-02", step=Step.SMS_REMINDER)


def rows(*, moved_out: bool = False) -> list[dict[str, object]]:
    """Two tenancies in debt; in the first a second tenant; later the first has moved out and owes nothing."""
    item = an_item_row(due_date="2026-02-04")
    other = a_tenant_row(tenant_id="P-2", name="Toinen Testinen")
    first = a_snapshot_row(tenancy_id="T-1", open_items=[item], tenants=[a_tenant_row(), other])
    third = a_tenant_row(tenant_id="P-3", phone="040 112 2335")
    second = a_snapshot_row(tenancy_id="T-2", open_items=[item], tenants=[third])
    return [second] if moved_out else [first, second]


@pytest.fixture
def world() -> World:
    """A world in which the first tenancy got its text and, after silence, its letter."""
    world = World()
    for passed in range(16):
        world.live(DAY + timedelta(days=passed), rows())
    return world


def privacy(world: World) -> Privacy:
    """The errand around that world."""
    return Privacy(world.snapshots, world.ledger, world.letters, pseudonyms())


def test_everything_held_about_a_person_is_found_and_nobody_else_is_named(world: World) -> None:
    (held,) = privacy(world).held("P-1")
    assert {row.key.step for row in held.rows} == {Step.SMS_REMINDER, Step.COLLECTION_LETTER}
    assert held.snapshot is not None
    assert [tenant.tenant_id for tenant in held.snapshot.tenants] == ["P-1"]
    assert MOBILE in held.model_dump_json()
    assert "Toinen" not in held.model_dump_json()
    assert all(world.letters.get(name) for name in held.letters)


def test_nobody_is_erased_while_the_rent_ledger_still_exports_them(world: World) -> None:
    with pytest.raises(NotAllowed, match="erase there first"):
        privacy(world).erase("P-1", "a test operator", at(DAY, IMPORT))


def test_an_erased_person_is_in_no_row_and_no_letter_but_the_case_stays_done(world: World) -> None:
    later = DAY + timedelta(days=17)
    world.publish(later, rows(moved_out=True), at(later, IMPORT))
    gone = privacy(world).erase("P-1", "a test operator", at(later, IMPORT))
    assert (gone.ledger_rows, gone.letters) == (2, 1)
    assert list(privacy(world).held("P-1")) == []
    row = world.ledger.row(TEXT)
    assert row is not None
    assert row.status is Status.NO_RECEIPT
    assert "P-1" not in row.model_dump_json()


def test_a_second_text_of_that_month_cannot_be_planned_after_an_erasure(world: World) -> None:
    later = DAY + timedelta(days=16)
    world.publish(later, rows(moved_out=True), at(later, IMPORT))
    before = world.ledger.row(TEXT)
    assert before is not None
    privacy(world).erase("P-1", "a test operator", at(later, IMPORT))
    assert world.ledger.plan(before.model_copy(update={"status": Status.PLANNED})) is False


def test_others_keep_what_is_theirs(world: World) -> None:
    later = DAY + timedelta(days=17)
    world.publish(later, rows(moved_out=True), at(later, IMPORT))
    privacy(world).erase("P-1", "a test operator", at(later, IMPORT))
    assert len(list(privacy(world).held("P-3"))) == 1
