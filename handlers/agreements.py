"""Agreements: propose, read, sign, change."""

from bot.slack.router import Router

router = Router("agreements")
