"""Meetings: plan, move, cancel, say whether you met, and a word of feedback."""

from bot.slack.router import Router

router = Router("meetings")
