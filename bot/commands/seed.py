"""`mentorbot seed`: made-up people, to try a big programme or to measure one. Never in a workspace of real people."""

import argparse
import random

from sqlalchemy.orm import Session

from bot.clock import real_time
from bot.commands.run import open_database
from bot.rules.profiles import Answers
from bot.services import profiles
from bot.settings import Settings, SettingsError
from storage.database import Database, Priority, Tx
from storage.models.workspaces import Workspace
from storage.queries import members, outbox, workspaces
from storage.vault import Vault

WORKSPACE = "TMADEUP"
SKILLS = [
    "SQL",
    "data analysis",
    "Python",
    "statistics",
    "public speaking",
    "giving feedback",
    "leading a team",
    "system design",
    "design critique",
    "interviewing",
    "negotiation",
    "writing clearly",
    "project planning",
    "career changes",
    "security",
]
ZONES = ("Europe/Lisbon", "Europe/Berlin", "Africa/Nairobi", "America/New_York", "Asia/Kolkata", "Asia/Tokyo")
FIRST = ("Ada", "Ben", "Chidi", "Dora", "Elif", "Femi", "Gita", "Hugo", "Ines", "Jun", "Kofi", "Lena", "Mina", "Noah")
LAST = ("Abara", "Berg", "Costa", "Diaz", "Eriksen", "Fofana", "Gupta", "Horvat", "Ito", "Jansen", "Khan", "Lopez")
BATCH = 200
MOST = 200_000


def command(settings: Settings, options: argparse.Namespace) -> int:
    """Seed, and say how many."""
    if not 1 <= options.people <= MOST:
        message = f"--people takes a number from 1 to {MOST:,}."
        raise SettingsError(message)
    database = open_database(settings)
    try:
        fill(database, settings.vault(), options.people)
    finally:
        database.close()
    print(f"{options.people:,} made-up people are in the workspace {WORKSPACE}; no message was owed to anyone.")
    return 0


def fill(database: Database, vault: Vault, people: int, seed: int = 7) -> None:
    """Write that many people with profiles, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311  (made-up people, no secret)
    now = real_time()
    place = Workspace(id=WORKSPACE, name="Made up", bot_user_id="UMADEUP", known_since=now)
    database.write(lambda session: workspaces.remember(session, place)).result()
    for start in range(0, people, BATCH):
        numbers = range(start, min(start + BATCH, people))

        def write(session: Session, numbers: range = numbers) -> None:
            tx = Tx(session, WORKSPACE, now, vault)
            for number in numbers:
                _one(tx, number, chance)
            outbox.drop_owed(tx, "made up")

        database.write(write, Priority.SWEEP).result()


def _one(tx: Tx, number: int, chance: random.Random) -> None:
    member = members.remember(
        tx,
        members.Person(
            slack_id=f"UMADEUP{number}",
            name=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
            title="",
            zone=chance.choice(ZONES),
            is_bot=False,
            is_guest=False,
            is_stranger=False,
            is_gone=False,
            is_primary_owner=number == 0,
        ),
    )
    teaches = ", ".join(chance.sample(SKILLS, 2)) if chance.random() < 0.4 else ""  # noqa: PLR2004  (two in five teach)
    answers = Answers(teaches, chance.choice(SKILLS), "", "English", chance.randint(1, 3), is_open=True)
    profiles.save(tx, member, answers)
