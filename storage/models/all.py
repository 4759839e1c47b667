"""Gathers every table's metadata, for migrations and tests alone."""

from storage.models import (
    agreements,
    buckets,
    checkins,
    digests,
    drafts,
    inbox,
    installations,
    introductions,
    marks,
    meetings,
    members,
    milestones,
    outbox,
    preferences,
    profiles,
    relationships,
    requests,
    rounds,
    workspaces,
)
from storage.models.base import Base

METADATA = Base.metadata
NOUNS = (
    agreements,
    buckets,
    checkins,
    digests,
    drafts,
    inbox,
    installations,
    introductions,
    marks,
    meetings,
    members,
    milestones,
    outbox,
    preferences,
    profiles,
    relationships,
    requests,
    rounds,
    workspaces,
)
