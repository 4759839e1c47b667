"""Two people, one agreement, one moment: the database is the referee."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.rules.agreements import Happened, Method, Stage, Standing
from bot.services import agreements, drafts, pairs
from storage.database import Database, Tx
from storage.models.agreements import Agreement, AgreementState
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from tests.builders import SECONDS, House, fresh
from tests.services.pairing import Two, paired

ROUNDS = 12
Deed = Callable[[Tx], Standing]


@pytest.fixture
def two_doors(either_house: House) -> Iterator[tuple[House, list[Database]]]:
    """The house, and two ways into its database that know nothing of each other."""
    doors = [Database(either_house.database.url) for _ in range(2)]
    yield either_house, doors
    for door in doors:
        door.close()


def at_once(house: House, doors: list[Database], deeds: list[Deed]) -> list[Standing]:
    """Let each deed come in by its own door at the same moment; what each was shown."""
    barrier, shown = threading.Barrier(len(deeds)), dict[int, Standing]()

    def go(number: int) -> None:
        barrier.wait(SECONDS)
        shown[number] = doors[number].write(lambda session: deeds[number](house.tx(session))).result(SECONDS)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    return [shown[number] for number in range(len(deeds))]


def signing(two: Two, who: Member, version: int) -> Deed:
    return lambda tx: agreements.sign_prefilled(tx, fresh(tx, who), two.pair_id, version)


def proposing(two: Two, who: Member, based_on: int, method: Method) -> Deed:
    def deed(tx: Tx) -> Standing:
        terms = replace(agreements.draft(tx, pairs.card_of(tx, two.pair_id)), method=method)
        return agreements.propose(tx, fresh(tx, who), two.pair_id, terms, based_on)

    return deed


def states(two: Two) -> list[str]:
    rows = two.house.rows(Agreement, relationship_id=two.pair_id)
    return [row.state for row in sorted(rows, key=lambda row: row.version)]


def test_both_tapping_sign_at_once_make_one_proposal(two_doors: tuple[House, list[Database]]) -> None:
    house, doors = two_doors
    for _ in range(ROUNDS):
        two = paired(house)
        shown = at_once(house, doors, [signing(two, two.noor, 0), signing(two, two.tomas, 0)])
        assert sorted(each.happened for each in shown) == [Happened.NEWER, Happened.PROPOSED]
        late = next(each for each in shown if each.happened is Happened.NEWER)
        assert late.stage is Stage.THEIRS
        assert states(two) == ["proposed"]
        assert house.do(signing(two, late.reader, late.newest)).happened is Happened.SIGNED


def test_both_proposing_at_once_make_one_proposal_and_the_others_words_are_kept(
    two_doors: tuple[House, list[Database]],
) -> None:
    house, doors = two_doors
    for _ in range(ROUNDS):
        two = paired(house)
        deeds = [proposing(two, two.noor, 0, Method.CHAT), proposing(two, two.tomas, 0, Method.PHONE)]
        shown = at_once(house, doors, deeds)
        assert sorted(each.happened for each in shown) == [Happened.OUTRUN, Happened.PROPOSED]
        late = next(each for each in shown if each.happened is Happened.OUTRUN)
        theirs, mine = (Method.PHONE, Method.CHAT) if late.reader.id == two.noor.id else (Method.CHAT, Method.PHONE)
        assert late.stage is Stage.THEIRS
        assert late.terms.method is theirs
        kept = house.act(late.reader, drafts.kept_words, f"agreements.propose {two.pair_id}")
        assert (kept["method"], kept["based_on"]) == (mine, "1")
        assert house.act(late.reader, agreements.form, two.pair_id).terms.method is mine
        assert states(two) == ["proposed"]
        assert len(house.rows(OutboxRow, kind="agreements.proposed", op="post", subject_id=late.versions[0].id)) == 1


def test_a_signature_and_a_change_at_once_end_in_one_of_the_two(two_doors: tuple[House, list[Database]]) -> None:
    house, doors = two_doors
    for _ in range(ROUNDS):
        two = paired(house)
        house.do(signing(two, two.noor, 0))
        shown = at_once(house, doors, [signing(two, two.tomas, 1), proposing(two, two.noor, 1, Method.CHAT)])
        ends = (*(each.happened for each in shown), *states(two))
        assert ends in {
            (Happened.SIGNED, Happened.OUTRUN, "signed"),
            (Happened.SIGNED, Happened.PROPOSED, "signed", "proposed"),
            (Happened.NEWER, Happened.PROPOSED, "replaced", "proposed"),
        }


def test_a_double_click_on_sign_makes_one_signature(two_doors: tuple[House, list[Database]]) -> None:
    house, doors = two_doors
    for number in range(ROUNDS):
        two = paired(house)
        house.do(signing(two, two.noor, 0))
        version = number % 2
        who = two.tomas if version else two.noor
        shown = at_once(house, doors, [signing(two, who, version)] * 2)
        assert all(each.happened in {Happened.SIGNED, Happened.NOTHING, Happened.NEWER} for each in shown)
        assert states(two) == ["signed" if version else "proposed"]
        signed = house.rows(OutboxRow, kind="agreements.signed", subject_id=shown[0].versions[0].id)
        assert len(signed) == version


def test_two_changes_of_what_is_signed_at_once_leave_what_holds_alone(
    two_doors: tuple[House, list[Database]],
) -> None:
    house, doors = two_doors
    for _ in range(ROUNDS):
        two = paired(house)
        house.do(signing(two, two.noor, 0))
        house.do(signing(two, two.tomas, 1))
        deeds = [proposing(two, two.noor, 1, Method.CHAT), proposing(two, two.tomas, 1, Method.PHONE)]
        shown = at_once(house, doors, deeds)
        assert sorted(each.happened for each in shown) == [Happened.OUTRUN, Happened.PROPOSED]
        assert states(two) == ["signed", "proposed"]
        late = next(each for each in shown if each.happened is Happened.OUTRUN)
        assert house.do(signing(two, late.reader, 2)).happened is Happened.SIGNED
        assert states(two) == [AgreementState.PAST, AgreementState.SIGNED]
