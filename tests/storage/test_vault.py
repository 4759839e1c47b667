"""Sealed words open with their key, in their place, and nowhere else."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.vault import KEY_BYTES, BadKeyError, UnreadableError, Vault, new_key

PLACE = "searches|note|T1|s1"
VAULT = Vault(new_key())


@settings(deadline=None, max_examples=100, derandomize=True, database=None)
@given(st.text(max_size=500), st.text(max_size=60))
def test_what_was_sealed_opens_in_its_place_alone(words: str, place: str) -> None:
    sealed = VAULT.seal(words, place)
    assert VAULT.open(sealed, place) == words
    with pytest.raises(UnreadableError):
        VAULT.open(sealed, place + "x")


def test_the_same_words_never_look_the_same_twice() -> None:
    assert VAULT.seal("words", PLACE) != VAULT.seal("words", PLACE)


@pytest.mark.parametrize("place", ["searches|note|T2|s1", "searches|note|T1|s2", "drafts|words|T1|s1", ""])
def test_words_copied_to_another_row_workspace_or_column_stay_shut(place: str) -> None:
    with pytest.raises(UnreadableError):
        VAULT.open(VAULT.seal("words", PLACE), place)


def test_another_key_a_changed_byte_and_a_stump_do_not_open() -> None:
    sealed = VAULT.seal("words", PLACE)
    with pytest.raises(UnreadableError):
        Vault(new_key()).open(sealed, PLACE)
    for damaged in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:10], b"", sealed + b"x"):
        with pytest.raises(UnreadableError):
            VAULT.open(damaged, PLACE)


def test_neither_words_nor_key_show() -> None:
    key = new_key()
    vault = Vault(key)
    assert b"secret words" not in vault.seal("secret words", PLACE)
    assert key not in repr(vault)
    assert str(vault.__dict__).count(key) == 0


@pytest.mark.parametrize(
    "key",
    ["", "short", "!" * 44, base64.urlsafe_b64encode(b"x" * 31).decode(), new_key() + new_key(), "ключ"],
    ids=["nothing", "short", "no base64", "31 bytes", "two keys", "not ASCII"],
)
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(BadKeyError):
        Vault(key)


def test_a_new_key_is_32_bytes_and_may_have_white_space_around_it() -> None:
    key = new_key()
    assert len(base64.urlsafe_b64decode(key)) == KEY_BYTES
    assert Vault(f" {key}\n").open(Vault(key).seal("words", PLACE), PLACE) == "words"
