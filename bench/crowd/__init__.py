"""A crowd to measure with."""
