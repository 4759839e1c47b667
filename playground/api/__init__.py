"""The Web API: one small module a family, all of them listed in table.py."""
