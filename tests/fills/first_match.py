"""Something due for every sweep of a first match."""

from datetime import timedelta

from bot.rules.requests import Declined
from bot.services import profiles, requests
from storage.database import Tx
from storage.models.members import Member
from storage.queries import inbox
from tests.builders import House

SILENT = {"follow who moved"}


def fill(house: House) -> None:
    """Something due for every sweep: a no, a withdrawal, a silence of one day and of three, a leave, somebody gone."""
    mentors = [house.mentor(f"Mentor {number}", places=3) for number in range(4)]
    house.do(inbox.take_in, "old", None)
    silent, reminded, gone = (house.person(name) for name in ("Silent", "Reminded", "Gone"))
    house.ask(silent, *mentors)
    house.act(mentors[1], requests.accept, house.ask(gone, mentors[1]).id)
    house.now += timedelta(days=3, hours=1)
    declined, withdrawn, leaver = (house.person(name) for name in ("Declined", "Withdrawn", "Leaver"))
    house.act(mentors[0], requests.decline, house.ask(declined, *mentors).id, Declined.NO_ROOM, None)
    house.act(withdrawn, requests.withdraw, house.ask(withdrawn, *mentors).search_id)
    house.act(mentors[1], requests.accept, house.ask(leaver, mentors[1]).id)
    house.act(leaver, profiles.leave)
    reminder = house.ask(reminded, *mentors[2:])
    house.do(lambda tx: _let_a_day_pass(tx, reminder.id))
    house.now += timedelta(minutes=15)
    house.do(lambda tx: setattr(tx.session.get(Member, gone.id), "is_gone", True))
    house.person(reminded.name, "Asia/Tokyo", slack_id=reminded.slack_id)


def _let_a_day_pass(tx: Tx, ask_id: str) -> None:
    ask = requests.card_of(tx, ask_id).ask
    ask.remind_at = tx.now
