"""A strict Slack-compatible workspace on one's own machine, for any app with a manifest.

Importing this package is cheap: the server is loaded when its name is first asked for.
"""

import importlib
from typing import TYPE_CHECKING, Any

from playground.things import Cast, Channel, Chapter, Guide, Happening, Person, Sample, Step, Target, WorldHooks

if TYPE_CHECKING:
    from playground.days import Days
    from playground.driver import Workspace
    from playground.manifest import ManifestRefusedError
    from playground.refusals import NotPossibleError
    from playground.server import Playground, PortTakenError
    from playground.snapshots import SnapshotRefusedError
    from playground.watch import StillNotSoError

__all__ = [
    "Cast",
    "Channel",
    "Chapter",
    "Days",
    "Guide",
    "Happening",
    "ManifestRefusedError",
    "NotPossibleError",
    "Person",
    "Playground",
    "PortTakenError",
    "Sample",
    "SnapshotRefusedError",
    "Step",
    "StillNotSoError",
    "Target",
    "Workspace",
    "WorldHooks",
]

LATER = {
    "Days": "playground.days",
    "ManifestRefusedError": "playground.manifest",
    "NotPossibleError": "playground.refusals",
    "Playground": "playground.server",
    "PortTakenError": "playground.server",
    "SnapshotRefusedError": "playground.snapshots",
    "StillNotSoError": "playground.watch",
    "Workspace": "playground.driver",
}


def __getattr__(name: str) -> Any:
    """Load the heavier names when they are first used."""
    if name not in LATER:
        raise AttributeError(f"module 'playground' has no attribute {name!r}")
    return getattr(importlib.import_module(LATER[name]), name)
