"""REMEMBERS: the nouns, the questions and the engine. Knows nothing of bot or handlers."""
