"""files.*: an upload is announced, filled by a plain POST, then completed and perhaps shared."""

from typing import Any

from playground import posting
from playground.api import chat
from playground.api.call import Answer, Call
from playground.checks import parsed
from playground.records import File, Json
from playground.refusals import RefusalError

MOST = 50_000_000
ALT_TEXT_MOST = 1000


def get_upload_url(call: Call) -> Answer:
    """files.getUploadURLExternal: where to send how many bytes."""
    name = call.text("filename", "invalid_arguments")
    length = call.number("length", 0, MOST + 1)
    if length < 1:
        raise RefusalError("invalid_arguments")
    if length > MOST:
        raise RefusalError("file_upload_size_restricted")
    alt_text = call.text("alt_txt")
    if len(alt_text) > ALT_TEXT_MOST:
        raise RefusalError("alt_txt_too_large")
    made = int(call.world.clock.seconds())
    file = File(call.world.ids.make("F"), name, length, made, call.world.ids.secret(32), alt_text=alt_text)
    call.state.keep(file)
    return {"upload_url": f"{call.world.base_url}/upload/{file.ticket}", "file_id": file.id}


def complete_upload(call: Call) -> Answer:
    """files.completeUploadExternal: all bytes must be there; with a channel the files are shared in one message."""
    wanted = parsed(call.arguments.get("files"), "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise RefusalError("invalid_arguments")
    files = [_filled(call, each) for each in wanted]
    channel = call.text("channel_id") or call.text("channels").split(",")[0]
    if channel:
        _share(call, files, channel)
    for file in files:
        file.complete = True
        call.state.keep(file)
    return {"files": [file_object(call, each) for each in files]}


def _filled(call: Call, given: Any) -> File:
    file = call.state.files.get(str(given.get("id"))) if isinstance(given, dict) else None
    if file is None or file.content is None or file.complete:
        raise RefusalError("file_not_found")
    file.title = str(given.get("title") or file.name)
    return file


def _share(call: Call, files: list[File], channel: str) -> None:
    conversation = call.state.conversations.get(channel)
    if conversation is None or not call.known(conversation):
        raise RefusalError("channel_not_found")
    chat.check_place(call, conversation)
    for file in files:
        file.channels.append(conversation.id)
    posting.post(
        call.world,
        conversation,
        call.state.app.user_id,
        posting.tidy(call.text("initial_comment")),
        by_app=True,
        thread_ts=chat.read_thread(call, conversation),
        files=[file_object(call, each) for each in files],
    )


def file_object(call: Call, file: File) -> Json:
    """A file as answers and messages carry it."""
    return {
        "id": file.id,
        "created": file.made,
        "timestamp": file.made,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": "application/octet-stream",
        "filetype": file.name.rpartition(".")[2] if "." in file.name else "binary",
        "user": call.state.app.user_id,
        "user_team": call.state.team.id,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "url_private": f"{call.world.base_url}/files/{file.id}",
        "url_private_download": f"{call.world.base_url}/files/{file.id}",
        "alt_txt": file.alt_text,
        "channels": file.channels,
    }


def info(call: Call) -> Answer:
    """files.info."""
    file = call.state.files.get(call.text("file", "file_not_found"))
    if file is None or not file.complete:
        raise RefusalError("file_not_found")
    return {"file": file_object(call, file)}


def delete(call: Call) -> Answer:
    """files.delete: only the app's own uploads have a ticket."""
    file = call.state.files.get(call.text("file", "file_not_found"))
    if file is None:
        raise RefusalError("file_not_found")
    if not file.ticket:
        raise RefusalError("cant_delete_file")
    call.state.drop(file)
    return {}
