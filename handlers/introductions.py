"""Introductions: draft, agree, answer."""

from bot.slack.router import Router

router = Router("introductions")
