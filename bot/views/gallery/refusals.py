"""Refusals, sampled: one of each, and the crash nobody foresaw."""

from bot import errors
from bot.rules.introductions import Unfit
from bot.rules.permissions import Standing
from bot.slack.notices import as_modal, as_view_of_loading
from bot.views import errors as views
from bot.views.gallery.samples import NOW, Sample, sample

REFUSALS: tuple[errors.MentorError, ...] = (
    *(errors.NotForYouError(standing) for standing in Standing),
    errors.NotYoursError(),
    errors.UnknownCommandError("fnid`<!here>", "find", ("find", "help")),
    errors.UnknownCommandError("xyzzy", "", ("find", "help")),
    errors.UnknownButtonError(),
    errors.MentorIsFullError(1),
    errors.MentorIsFullError(2),
    errors.YouHaveLeftError(),
    errors.MentorTakenError("Grace <Mwangi>"),
    errors.AlreadySearchingError(),
    errors.TooLateToUndoError(),
    errors.PlacesInUseError(2),
    errors.AskIsOverError(),
    errors.SearchIsOverError(),
    errors.PairIsOverError("Grace <Mwangi>"),
    errors.PastMomentError(),
    errors.TooFarAheadError(),
    errors.MomentTakenError(),
    errors.UnsafePlaceError(),
    errors.MeetingMovedError(NOW, "Europe/Lisbon"),
    errors.MeetingIsOverError(),
    errors.TermRefusedError(is_past=True, earliest=NOW.date(), latest=NOW.date()),
    errors.TermRefusedError(is_past=False, earliest=NOW.date(), latest=NOW.date()),
    errors.DayRefusedError(is_past=True, latest=NOW.date()),
    errors.DayRefusedError(is_past=False, latest=NOW.date()),
    errors.TooManyMilestonesError(12),
    errors.GroupIsOverError(),
    errors.AwayInThePastError(),
    errors.AwayTooLongError(),
    *(errors.ContactRefusedError(why, "Grace <Mwangi>") for why in Unfit),
    errors.NotAnOrganiserError(),
    errors.BusyError(NOW),
)


def samples() -> tuple[Sample, ...]:
    """Each as a message, one as a modal."""
    said = [
        sample(f"refusal {type(error).__name__} {number}", views.refusal_message(error))
        for number, error in enumerate(REFUSALS)
    ]
    return (
        *said,
        sample("refusal crash", views.crash_message("1a2b3c4d")),
        sample("notice.shown", as_modal(views.refusal_message(errors.NotYoursError()), "Mentor")),
        sample("notice.loading", as_view_of_loading("Mentor")),
    )
