"""The nouns, one file a feature. Left empty on purpose: importing one noun must never reach another."""
