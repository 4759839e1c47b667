"""Alembic, driven from code: numbered, one purpose each, both ways, never edited after release."""
