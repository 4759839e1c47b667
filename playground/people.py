"""What a person can do beyond blocks: speak, run a command, come and go between places, use a shortcut."""

import re
from typing import Any

from playground import events, interactions, joining, posting
from playground.checks import refuse_bad_message
from playground.manifest import Command
from playground.records import Conversation, Json, Kind, Message, User
from playground.refusals import NotPossibleError, RefusalError
from playground.shapes import first_line
from playground.socket import Answer, AnswerKind
from playground.world import World

MENTIONED = re.compile(r"@([\w.\-]+)")
PLACED = re.compile(r"#([\w\-]+)")
LONGEST = 12_000


class People:
    """Deeds of people; each is checked here, since whoever asks may be a page or a test."""

    def __init__(self, world: World) -> None:
        self._world = world

    # -- finding what is meant ---------------------------------------------------------------------------

    def person(self, user_id: str) -> User:
        """Somebody who can act: a person, and not a deactivated one."""
        user = self._world.state.users.get(user_id)
        if user is None or user.is_bot or user.id == "USLACKBOT":
            raise NotPossibleError("user_not_found", "There is nobody of that id here.")
        if user.deleted:
            raise NotPossibleError("account_inactive", f"{user.name}'s account is deactivated.")
        return user

    def place(self, user: User, channel: str) -> Conversation:
        """A conversation this person may read."""
        found = next((each for each in self._world.state.visible_to(user.id) if each.id == channel), None)
        if found is None:
            raise NotPossibleError("channel_not_found", "There is no such conversation for you.")
        return found

    def own_place(self, user: User, channel: str) -> Conversation:
        """A conversation this person may write in."""
        found = self.place(user, channel)
        if user.id not in found.members:
            raise NotPossibleError("not_in_channel", f"You are not in #{found.name}.")
        if found.archived:
            raise NotPossibleError("is_archived", f"#{found.name} is archived.")
        return found

    def app_place(self, user: User) -> Conversation:
        """The person's own conversation with the app."""
        app = self._world.state.app.user_id
        return self._world.state.open_direct((user.id, app), user.id)[0]

    def seen_message(self, user: User, channel: str, ts: str) -> Message:
        """A message that is still there before this person's eyes."""
        place = self.place(user, channel)
        message = self._world.state.message(place.id, ts)
        if message is None or message.only_for not in {None, user.id}:
            raise NotPossibleError("message_not_found", "That message is no longer there.")
        return message

    # -- deeds -------------------------------------------------------------------------------------------

    async def say(self, user_id: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message; what is typed is escaped, as a client escapes it."""
        user = self.person(user_id)
        place = self.own_place(user, channel)
        if not text.strip():
            raise NotPossibleError("no_text", "There is nothing to send.")
        if len(text) > LONGEST:
            raise NotPossibleError("msg_too_long", f"A message has at most {LONGEST} characters.")
        self._check_app_tab(place)
        thread = None
        if thread_ts:
            parent = self.seen_message(user, channel, thread_ts)
            thread = parent.thread_ts or parent.ts
        typed = posting.escape_typed(self._world, text)
        message = posting.post(
            self._world, place, user.id, typed, thread_ts=thread, client_msg_id=self._world.ids.uuid()
        )
        self._note(user, f"says “{first_line(text, 60)}”")
        self._world.guide.happened("message", user.id)
        return message

    def _check_app_tab(self, place: Conversation) -> None:
        manifest = self._world.manifest
        if place.kind == Kind.APP and (not manifest.messages_tab or manifest.messages_read_only):
            raise NotPossibleError("messages_tab_disabled", "This app can't be written to.")

    async def command(self, user_id: str, text: str, channel: str = "") -> Message | None:
        """Run a slash command; the message is what the app answered at once, if it did."""
        user = self.person(user_id)
        place = self.own_place(user, channel) if channel else self.app_place(user)
        name, _, rest = text.strip().partition(" ")
        known = self._world.manifest.command(name)
        if known is None or self._world.state.app.gone:
            raise NotPossibleError("invalid_command", f"{name} is not a valid command.")
        payload = interactions.command(self._world, user, place, name, self._command_text(known, rest.strip()))
        self._note(user, f"runs {first_line(text, 60)}")
        answer = await self._world.deliver.ask("slash_commands", payload, (user.id,))
        self.require_ack(answer, name)
        self._world.guide.happened("command", user.id, text.strip())
        return self._take_command_answer(user, place, answer.payload)

    def _command_text(self, command: Command, text: str) -> str:
        if not command.escapes:
            return text
        state = self._world.state

        def person(found: re.Match[str]) -> str:
            user = next((each for each in state.users.values() if each.username == found[1].lower()), None)
            return f"<@{user.id}|{user.username}>" if user else found[0]

        def channel(found: re.Match[str]) -> str:
            place = next((each for each in state.conversations.values() if each.name == found[1]), None)
            return f"<#{place.id}|{place.name}>" if place else found[0]

        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return PLACED.sub(channel, MENTIONED.sub(person, escaped))

    def _take_command_answer(self, user: User, place: Conversation, payload: Any) -> Message | None:
        if not payload:
            return None
        content = payload if isinstance(payload, dict) else {"text": str(payload)}
        if not (content.get("text") or content.get("blocks") or content.get("attachments")):
            return None
        try:
            refuse_bad_message(content)
        except RefusalError as refusal:
            self._world.journal.note(
                "hook", f"The command's answer was refused: {refusal}", status="refused", detail=refusal.answer()
            )
            raise NotPossibleError("dispatch_failed", "The app's answer could not be shown.") from refusal
        return posting.post(
            self._world,
            place,
            self._world.state.app.user_id,
            posting.tidy(str(content.get("text") or "")),
            by_app=True,
            blocks=content.get("blocks"),
            attachments=content.get("attachments"),
            only_for=None if content.get("response_type") == "in_channel" else user.id,
        )

    async def open_place(self, user_id: str, channel: str, tab: str = "messages") -> Conversation:
        """Look at a conversation: it is read; the app is told when it is the app's own."""
        user = self.person(user_id)
        place = self.app_place(user) if channel in {"", "@app"} else self.place(user, channel)
        if place.kind != Kind.APP:
            posting.mark_read(self._world, user.id, place.id)
            return place
        if tab == "messages":
            posting.mark_read(self._world, user.id, place.id)
        events.home_opened(self._world, user, place.id, tab)
        if tab == "home":
            self._world.guide.happened("open_home", user.id)
        return place

    async def read(self, user_id: str, channel: str) -> None:
        """Everything said at a place so far has been seen; the app is not told."""
        user = self.person(user_id)
        posting.mark_read(self._world, user.id, self.place(user, channel).id)

    async def join(self, user_id: str, channel: str) -> None:
        """Come into a public channel."""
        user = self.person(user_id)
        place = self.place(user, channel)
        if place.kind != Kind.CHANNEL or place.archived:
            raise NotPossibleError("method_not_supported", f"#{place.name} can't be joined.")
        if user.id not in place.members:
            joining.enter(self._world, place, user.id)

    async def open_dm(self, user_id: str, other_id: str) -> Conversation:
        """Open a direct message with somebody."""
        user = self.person(user_id)
        if other_id == self._world.state.app.user_id:
            return self.app_place(user)
        other = self.person(other_id)
        made, there = self._world.state.open_direct((user.id, other.id), user.id)
        if not there:
            self._world.stream.tell("conversations", [user.id, other.id])
        return made

    async def shortcut(self, user_id: str, callback_id: str, channel: str = "", ts: str = "") -> None:
        """Use a shortcut of the app, on a message when one is named."""
        user = self.person(user_id)
        kind = "message" if ts else "global"
        known = next(
            (each for each in self._world.manifest.shortcuts if each.callback_id == callback_id and each.kind == kind),
            None,
        )
        if known is None or self._world.state.app.gone:
            raise NotPossibleError("invalid_shortcut", "The app has no such shortcut.")
        if ts:
            payload = interactions.message_shortcut(
                self._world, user, callback_id, self.seen_message(user, channel, ts)
            )
        else:
            payload = interactions.shortcut(self._world, user, callback_id)
        self._note(user, f"uses the shortcut “{known.name}”")
        answer = await self._world.deliver.ask("interactive", payload, (user.id,))
        self.require_ack(answer, known.name)
        self._world.guide.happened("command", user.id, callback_id)

    def require_ack(self, answer: Answer, what: str) -> None:
        """Say what a person sees when the app did not take something."""
        if answer.kind is AnswerKind.TIMEOUT:
            code = "operation_timeout" if answer.reason in {"timeout", "http_timeout"} else "dispatch_failed"
            raise NotPossibleError(code, f"{what} failed: the app didn't answer in time.")
        if answer.kind is AnswerKind.UNREACHABLE:
            raise NotPossibleError("dispatch_failed", f"{what} failed: the app isn't running.")

    def _note(self, user: User, words: str, detail: Json | None = None) -> None:
        self._world.journal.note("person", f"{user.name} {words}", detail=detail)
