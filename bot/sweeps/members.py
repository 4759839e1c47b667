"""People gone from the workspace, or moved to another zone, by whatever way we learned of it."""

from bot.services import members as services
from bot.services import profiles
from bot.sweeps.timetable import Sweep
from bot.sweeps.turns import Turns
from storage.queries import members

GONE = Turns(members.at_the_next_gone, members.has_gone_but_joined, profiles.settle_gone)

SWEEPS = (
    Sweep("take out who is gone", GONE.next_due, GONE.run, look=GONE.look),
    Sweep("follow who moved", members.next_move, services.follow_moves),
)
