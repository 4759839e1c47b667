"""All a person's deeds together, for the page's routes and for the driver."""

from dataclasses import dataclass

from playground.clicks import Clicks
from playground.people import People
from playground.submissions import Submissions
from playground.workspace_deeds import WorkspaceDeeds
from playground.world import World


@dataclass(frozen=True, slots=True)
class Deeds:
    """Speaking and commands, clicks, whole modals, and what befalls the workspace."""

    people: People
    clicks: Clicks
    submissions: Submissions
    workspace: WorkspaceDeeds


def deeds_in(world: World) -> Deeds:
    """The deeds of one world."""
    people = People(world)
    clicks = Clicks(world, people)
    return Deeds(people, clicks, Submissions(world, people, clicks), WorkspaceDeeds(world))
