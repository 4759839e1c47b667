"""Slack's shapes in our few words; knows nothing of mentoring."""
