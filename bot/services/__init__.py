"""Deeds: load, let the rules decide, write, owe the news. Permission on the thing itself is checked here."""
