"""LISTENS. Every listener there is, by feature."""

from bot.slack.router import gather
from handlers import find, home, members, profiles, requests
from handlers import help as help_

ROUTES = gather(module.router for module in (home, find, requests, profiles, help_, members))
