"""One's own settings: how much, when, and away."""

from bot.rules.policy import DIGEST_DAY, DIGEST_HOUR
from bot.rules.preferences import Choice, Settings, back_at, back_day
from bot.services import away, digests, owing
from storage.database import Tx
from storage.models.members import Member
from storage.models.preferences import Attention
from storage.queries import drafts, preferences


def settings(tx: Tx, actor: Member) -> Settings:
    """One's own settings, or the defaults where nothing was ever chosen."""
    row = preferences.of(tx, actor.id)
    if row is None:
        return Settings(actor, Attention.EVERYTHING, DIGEST_DAY.value, DIGEST_HOUR.value, None, None)
    return Settings(
        member=actor,
        attention=Attention(row.attention),
        day=row.digest_day,
        hour=row.digest_hour,
        away_until=away.still_away_until(tx, row),
        next_digest_at=row.next_digest_at,
    )


def save(tx: Tx, actor: Member, choice: Choice) -> Settings:
    """Keep the settings; a day to be back that is over, or too far off, is refused and nothing is kept."""
    until = away.away_until(tx, actor)
    was = None if until is None else back_day(until, actor.zone)
    if choice.away != was:
        away.announce(tx, actor, None if choice.away is None else back_at(choice.away, tx.now, actor.zone))
    values = {"attention": choice.attention, "digest_day": choice.day, "digest_hour": choice.hour}
    preferences.write(tx, actor.id, values)
    drafts.drop(tx, actor.id, "preferences.save")
    digests.replan(tx, actor)
    owing.home(tx, actor)
    return settings(tx, actor)


def back(tx: Tx, actor: Member) -> Settings:
    """Be here again before the day; pressed by somebody who is here, it changes nothing."""
    if away.away_until(tx, actor) is not None:
        away.announce(tx, actor, None)
    return settings(tx, actor)
