"""What gets past the door over HTTP: only what Slack signed a moment ago, and each request once."""

import asyncio
import gzip
import json
import logging
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict
from sqlalchemy import select

from bot.clock import real_time
from bot.slack.signing import BODY_MOST, Refusal, digest_of, refusal, signature
from storage.database import Database
from storage.models.marks import Signature
from storage.queries import signatures
from tests.front.conftest import SECRET, WAIT, Door, command, event, signs

WORDS = "Quokka"
NOW = str(int(real_time().timestamp()))
OURS = f"payload=%7B{WORDS}".encode()
RIGHT = signature(SECRET, NOW, OURS)
DEEP = b"[" * 100_000
SHAPES: dict[str, dict[str, str]] = {
    "nothing at all": {},
    "no signature": {"X_Slack_Request_Timestamp": NOW},
    "no timestamp": {"X_Slack_Signature": RIGHT},
    "an empty timestamp": {"X_Slack_Request_Timestamp": "", "X_Slack_Signature": RIGHT},
    "a timestamp in letters": {"X_Slack_Request_Timestamp": "abc", "X_Slack_Signature": RIGHT},
    "a timestamp as a power": {"X_Slack_Request_Timestamp": "1e9", "X_Slack_Signature": RIGHT},
    "a negative timestamp": {"X_Slack_Request_Timestamp": f"-{NOW}", "X_Slack_Signature": RIGHT},
    "a timestamp with a fraction": {"X_Slack_Request_Timestamp": f"{NOW}.5", "X_Slack_Signature": RIGHT},
    "a very long timestamp": {"X_Slack_Request_Timestamp": "9" * 5000, "X_Slack_Signature": RIGHT},
    "digits of another script": {"X_Slack_Request_Timestamp": "١٢٣٤٥٦٧٨٩٠", "X_Slack_Signature": RIGHT},
    "the beginning of time": {"X_Slack_Request_Timestamp": "000000000", "X_Slack_Signature": RIGHT},
    "an empty signature": {"X_Slack_Request_Timestamp": NOW, "X_Slack_Signature": ""},
    "a signature of another version": {"X_Slack_Request_Timestamp": NOW, "X_Slack_Signature": "v1" + RIGHT[2:]},
    "a signature cut short": {"X_Slack_Request_Timestamp": NOW, "X_Slack_Signature": RIGHT[:-1]},
    "a signature in capitals": {"X_Slack_Request_Timestamp": NOW, "X_Slack_Signature": RIGHT.upper()},
    "a signature of letters with accents": {"X_Slack_Request_Timestamp": NOW, "X_Slack_Signature": "v0=" + "é" * 64},
    "a very long signature": {"X_Slack_Request_Timestamp": NOW, "X_Slack_Signature": RIGHT * 100},
    "a signature of another body": {
        "X_Slack_Request_Timestamp": NOW,
        "X_Slack_Signature": signature(SECRET, NOW, b"another"),
    },
    "a signature with another secret": {
        "X_Slack_Request_Timestamp": NOW,
        "X_Slack_Signature": signature("another", NOW, OURS),
    },
    "a signature of another moment": {
        "X_Slack_Request_Timestamp": NOW,
        "X_Slack_Signature": signature(SECRET, str(int(NOW) - 1), OURS),
    },
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_what_slack_did_not_sign_is_turned_away_unread(
    door: Door, caplog: pytest.LogCaptureFixture, shape: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        for body in (OURS, DEEP, b"ssl_check=1&token=x", b"", b"\xff\xfe\x00"):
            answer = await door.knock(body, **SHAPES[shape])
            assert answer.status == Refusal.NOT_SLACKS, body[:20]
            assert await answer.text() == ""
    assert door.through == []
    assert WORDS not in caplog.text


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400])
async def test_a_request_from_another_time_is_turned_away(door: Door, seconds: int) -> None:
    assert (await door.signed(command(), at=seconds)).status == Refusal.NOT_SLACKS
    assert door.through == []


async def test_a_body_beyond_a_mebibyte_is_not_read_to_its_end(door: Door) -> None:
    answer = await door.signed(b"x" * (BODY_MOST + 1))
    assert answer.status == Refusal.TOO_LARGE
    assert (await door.signed(command() + b"&more=" + b"x" * 100_000)).status == 200


async def test_what_slack_signed_gets_through_and_is_answered(door: Door) -> None:
    answer = await door.signed(command(WORDS))
    assert (answer.status, await answer.text()) == (200, "Heard")
    assert [body["text"] for body in door.through] == [WORDS]


async def test_the_same_request_goes_in_under_the_same_name_and_a_fresh_one_under_another(
    door: Door,
) -> None:
    body = command()
    headers = signs(body)
    for _ in range(2):
        assert (await door.knock(body, **headers)).status == 200
    assert (await door.signed(body, at=1, X_Slack_Retry_Num="1")).status == 200
    assert door.names[0] == door.names[1] != door.names[2]


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
@pytest.mark.parametrize("is_first", [True, False])
async def test_a_replay_with_a_header_given_twice_is_no_other_request(door: Door, name: str, *, is_first: bool) -> None:
    body = command()
    headers = CIMultiDict({key.replace("_", "-"): value for key, value in signs(body).items()})
    assert (await door.client.post(door.url, data=body, headers=headers)).status == 200
    more = CIMultiDict({name: "v0=" + "0" * 64 if name.endswith("ature") else NOW})
    both = CIMultiDict([*more.items(), *headers.items()] if is_first else [*headers.items(), *more.items()])
    assert (await door.client.post(door.url, data=body, headers=both)).status == 401
    assert len(door.through) == 1


async def test_a_packed_body_is_not_unpacked_before_anybody_knows_whose_it_is(door: Door) -> None:
    packed = gzip.compress(b"x=" + b"0" * 20 * BODY_MOST)
    assert (await door.knock(packed, Content_Encoding="gzip")).status == Refusal.NOT_SLACKS, "not 413"
    assert (await door.signed(packed, Content_Encoding="gzip")).status < 500


async def test_a_body_that_never_ends_is_not_waited_for(door: Door) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf")
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 10)
    writer.close()


@pytest.mark.parametrize("text", ["find payload testing", "{}", "find {", "payload=%7B%7D", "find ssl_check=1"])
async def test_whatever_is_typed_after_a_command_arrives(door: Door, text: str) -> None:
    answer = await door.signed(command(text), X_Slack_Bolt_Lazy_Only="1", X_Slack_Bolt_Lazy_Function_Name="heard")
    assert (answer.status, await answer.text()) == (200, "Heard"), "and headers nobody signed change nothing"
    assert [body["text"] for body in door.through] == [text]


async def test_slacks_check_of_the_address_is_answered_only_when_signed(door: Door) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    assert (await door.knock(body, Content_Type="application/json")).status == 401
    answer = await door.signed(body, Content_Type="application/json")
    assert await answer.json() == {"challenge": "3eZbrw1aB"}


@pytest.mark.parametrize("body", [DEEP, b"payload=%7Bnope", b"payload=" + b"%5B" * 50_000, b"\xff\xfe", b"{}", event()])
async def test_nothing_signed_brings_it_down(door: Door, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    for content_type in ("application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        answer = await door.signed(body, at=len(content_type) % 7, Content_Type=content_type)
        assert answer.status < 500, (body[:20], content_type)
    assert "Traceback" not in caplog.text


async def test_a_closing_door_answers_who_is_inside(door: Door) -> None:
    inside = asyncio.create_task(door.signed(command(WAIT)))
    outside = door.client.get(door.url)
    assert (await outside).status == 405, "a second line stays open"
    async with asyncio.timeout(10):
        await door.entered.wait()
    door.front.close()
    assert (await door.signed(command("another"))).status == 503
    closing = asyncio.create_task(door.runner.cleanup())
    await asyncio.sleep(0.05)
    assert not inside.done()
    door.held.set()
    assert await (await inside).text() == "Heard"
    await closing
    assert [body["text"] for body in door.through] == [WAIT]


async def test_a_closing_door_lets_nothing_in_that_slack_would_not_send_again(door: Door) -> None:
    door.front.close()
    assert (await door.signed(command())).status == 503
    assert door.through == []


async def test_a_database_that_is_away_is_not_the_doors_to_say(door: Door, database: Database) -> None:
    database.close()
    assert (await door.signed(command())).status == 200
    assert len(door.through) == 1


def test_signatures_are_remembered_until_they_are_too_old_to_be_let_in_anyway(database: Database) -> None:
    now = real_time()
    for digest, seen in (("old", now - timedelta(minutes=10, seconds=1)), ("young", now - timedelta(minutes=10))):
        assert database.write(lambda s, d=digest, at=seen: signatures.is_first(s, d, at)).result(5)  # type: ignore[misc]  # a loop's own
        assert not database.write(lambda s, d=digest: signatures.is_first(s, d, now)).result(5)  # type: ignore[misc]  # a loop's own
    database.write(lambda session: signatures.forget_old(session, now)).result(5)
    assert database.read(lambda session: list(session.scalars(select(Signature.digest)))).result(5) == ["young"]


async def test_old_signatures_are_forgotten_as_new_ones_come(door: Door, database: Database) -> None:
    long_ago = real_time() - timedelta(hours=1)
    database.write(lambda session: signatures.is_first(session, "old", long_ago)).result(5)
    assert (await door.signed(command())).status == 200
    assert database.read(lambda session: list(session.scalars(select(Signature.digest)))).result(5) == []


@given(st.binary(max_size=200), st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_bytes_and_no_headers_are_ever_let_in_unsigned(body: bytes, stamp: str, claimed: str) -> None:
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": claimed}
    assert refusal(SECRET, headers, body, real_time()) is Refusal.NOT_SLACKS
    now = str(int(real_time().timestamp()))
    right = {"x-SLACK-request-timestamp": now, "X-SLACK-SIGNATURE": signature(SECRET, now, body)}
    assert refusal(SECRET, right, body, real_time()) is None
    assert refusal(SECRET, right, body + b" ", real_time()) is Refusal.NOT_SLACKS
    assert len(digest_of(right)) == 64
