"""LISTENS. Every listener there is, by feature."""

from bot.slack.router import gather
from handlers import (
    agreements,
    checkins,
    feedback,
    find,
    home,
    introductions,
    meetings,
    members,
    milestones,
    preferences,
    profiles,
    relationships,
    requests,
    rounds,
    silence,
)
from handlers import help as help_

MODULES = (
    home,
    find,
    requests,
    relationships,
    meetings,
    feedback,
    agreements,
    checkins,
    milestones,
    rounds,
    introductions,
    preferences,
    profiles,
    silence,
    help_,
    members,
)
ROUTES = gather(module.router for module in MODULES)
