"""The command line's commands; only here is everything put together."""
