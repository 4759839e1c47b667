"""A modal's answers become a checked form; what is wrong with them becomes words beside the field."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from bot.slack.text import clean, one_line


class Form(BaseModel):
    """The fields of one modal, by block id; nothing else is let in."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FormError(Exception):
    """Words for each field that needs another try."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


def wrong(sentence: str) -> PydanticCustomError:
    """A field's own words for what to do next, for use in a form's validators."""
    return PydanticCustomError("sentence", "{sentence}", {"sentence": sentence})


def _line(value: object) -> object:
    return one_line(value) if isinstance(value, str) else "" if value is None else value


def _words(value: object) -> object:
    return clean(value) if isinstance(value, str) else "" if value is None else value


Line = Annotated[str, BeforeValidator(_line)]
Words = Annotated[str, BeforeValidator(_words)]


def read_form(form: type[Form], state: Mapping[str, Any]) -> Form:
    """Check a submission's `state.values` against its form; raises FormError with a sentence a field."""
    try:
        return form.model_validate(read_values(state))
    except ValidationError as problem:
        raise FormError(_sentences(problem)) from problem


def read_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed and chosen, by block id, before any check; untouched fields are None or empty."""
    known = {block_id: inner for block_id, inner in state.items() if isinstance(inner, Mapping) and inner}
    return {block_id: _value(next(iter(inner.values()))) for block_id, inner in known.items()}


ONE = ("value", "selected_user", "selected_conversation", "selected_date", "selected_time", "selected_date_time")


def _value(element: Any) -> Any:
    if not isinstance(element, Mapping):
        return element
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or []]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    return next((element[key] for key in ONE if key in element), None)


def _sentences(problem: ValidationError) -> dict[str, str]:
    errors: dict[str, str] = {}
    for error in problem.errors():
        field = str(error["loc"][0]) if error["loc"] else ""
        known = error["type"] == "sentence"
        errors.setdefault(field, error["msg"] if known else "")
    return errors
