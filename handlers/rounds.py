"""Peers: `/mentor peers`, we met, not this time."""

from bot.slack.router import Router

router = Router("rounds")
