"""Opaque ids in Slack's alphabet: random per run, or repeatable from a seed."""

import random
import string
import uuid

ALPHABET = string.ascii_uppercase + string.digits
LETTERS = string.ascii_letters + string.digits


class Ids:
    """A source of ids; a seed makes a run repeatable, `generation` keeps a second run on the same home apart."""

    def __init__(self, seed: int | None = None, generation: int = 0) -> None:
        self.seed = seed
        self.random: random.Random = random.SystemRandom()
        self.start(generation)

    def start(self, generation: int) -> None:
        """Begin this run's own sequence; without a seed nothing is repeatable anyway."""
        if self.seed is not None:
            self.random = random.Random(f"{self.seed}:{generation}")  # noqa: S311  (repeatable on purpose)

    def make(self, prefix: str, length: int = 10) -> str:
        """An id such as U08K3..., never meaning anything."""
        return prefix + "".join(self.random.choices(ALPHABET, k=length))

    def secret(self, length: int = 24) -> str:
        """A word for tokens, keys and tickets."""
        return "".join(self.random.choices(LETTERS, k=length))

    def digits(self, length: int) -> str:
        """A number that does not start with nought."""
        return self.random.choice("123456789") + "".join(self.random.choices(string.digits, k=length - 1))

    def hexadecimal(self, length: int = 32) -> str:
        """A word of hexadecimal digits."""
        return "".join(self.random.choices("0123456789abcdef", k=length))

    def uuid(self) -> str:
        """A version 4 UUID, as envelope and client message ids are."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))
