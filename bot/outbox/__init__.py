"""The one way out: rows of facts become messages, once."""
