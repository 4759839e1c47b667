"""`mentorbot silence on|off|status`: the kill switch, from the machine the bot runs on."""

import argparse

from sqlalchemy.orm import Session

from bot.clock import real_time
from bot.commands.run import open_database
from bot.services import silence
from bot.settings import Settings, SettingsError
from storage.database import Tx
from storage.queries import workspaces

SAYS = {
    "on": "Silenced: only answers and safety are sent, until `mentorbot silence off`.",
    "off": "The bot speaks again, in everybody's own hours.",
}


def command(settings: Settings, options: argparse.Namespace) -> int:
    """Switch every workspace of this database, or say how each stands."""
    what = options.rest[0] if len(options.rest) == 1 else ""
    if what not in {*SAYS, "status"}:
        raise SettingsError("Say which: `mentorbot silence on`, `off` or `status`.")
    database, vault, now = open_database(settings), settings.vault(), real_time()

    def switch(session: Session) -> list[str]:
        txs = [Tx(session, place, now, vault) for place in workspaces.all_ids(session)]
        for tx in txs:
            if what != "status":
                silence.fall_silent(tx, None) if what == "on" else silence.speak_again(tx)
        return [f"{tx.workspace_id}: {'silenced' if workspaces.is_silenced(tx) else 'speaks'}" for tx in txs]

    try:
        stand = database.write(switch).result()
    finally:
        database.close()
    print(SAYS.get(what) or "\n".join(stand) or "No workspace yet.")
    return 0
