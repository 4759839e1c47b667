"""The questions, one file a feature: the only SQL there is. Every one asks within its transaction's workspace."""
