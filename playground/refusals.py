"""How things are refused: by the Web API with an error code, and to a person with a sentence."""

from typing import Any

from playground.records import Json


class RefusalError(Exception):
    """A Web API error; `facts` are the fields beside `error`, `wait` makes it a 429."""

    def __init__(self, error: str, *, wait: int = 0, **facts: Any) -> None:
        super().__init__(error)
        self.error = error
        self.wait = wait
        self.facts = facts

    def answer(self) -> Json:
        """The body of the answer."""
        return {"ok": False, "error": self.error, **self.facts}


class NotPossibleError(Exception):
    """A person could not do that; `code` is Slack's word, `errors` are sentences by block_id."""

    def __init__(self, code: str, sentence: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(f"{sentence} ({code})")
        self.code = code
        self.sentence = sentence
        self.errors = errors
