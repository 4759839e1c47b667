"""Gathers every table's metadata, for migrations and tests alone."""

from storage.models import drafts, inbox, members, outbox, profiles, relationships, requests, workspaces
from storage.models.base import Base

METADATA = Base.metadata
NOUNS = (drafts, inbox, members, outbox, profiles, relationships, requests, workspaces)
