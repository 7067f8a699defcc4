"""The behaviour of Bot API methods: messages, drafts, edits, deletions, chat actions."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from support.servers.telegram.wire import JSON, ApiError, Upload, on

if TYPE_CHECKING:
    from support.servers.telegram.server import FakeTelegram

UPLOAD_LIMIT = 50 << 20
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
CHAT_ACTION = "typing|choose_sticker|find_location|upload_(photo|document)|(upload|record)_(video|voice|video_note)"


@on("sendMessage")
def send_message(t: FakeTelegram, a: JSON) -> JSON:
    content = t.styled(a["text"], a, 4096, "message is too long")
    if not content["text"].strip():
        raise ApiError(400, "text must be non-empty")
    return t.post(a, content)


@on("sendRichMessage")
def send_rich_message(t: FakeTelegram, a: JSON) -> JSON:
    return t.post(a, {"rich_message": rich(a["rich_message"])})


def rich(message: JSON) -> JSON:
    """A rich message with its source as one paragraph; this server does not parse it further."""
    source = [message[k] for k in ("html", "markdown", "blocks") if message.get(k)]
    if len(source) != 1:
        raise ApiError(400, "rich message must be non-empty")
    return {"blocks": [{"type": "paragraph", "text": str(source[0])}], "is_rtl": message.get("is_rtl", False)}


@on("sendMessageDraft", "sendRichMessageDraft")
def send_draft(t: FakeTelegram, a: JSON) -> bool:
    chat, old = t.chat(a), t.drafts.get((a["chat_id"], a["draft_id"]), {"frames": 0})
    if chat["type"] != "private":
        raise ApiError(400, "TEXTDRAFT_PEER_INVALID")
    if a["draft_id"] == 0:
        raise ApiError(400, "draft_id must be non-zero")
    content = {"rich": rich(a["rich_message"])} if "rich_message" in a else t.styled(a.get("text", ""), a, 4096)
    t.drafts[chat["id"], a["draft_id"]] = {
        "chat_id": chat["id"],
        "draft_id": a["draft_id"],
        **content,
        "time": time.time(),
        "frames": old["frames"] + 1,
    }
    return True


@on("sendDocument", "sendPhoto")
def send_file(t: FakeTelegram, a: JSON) -> JSON:
    kind = "document" if "document" in a else "photo"
    source = a[kind]
    if isinstance(source, Upload) and len(source.data) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if not isinstance(source, Upload) and source not in t.files:
        raise ApiError(400, "wrong remote file identifier specified: can't unserialize it")
    info = t.store(source.name, source.mime, source.data) if isinstance(source, Upload) else t.files[source][0]
    file = {k: v for k, v in info.items() if k != "file_path"}
    content: JSON = {"photo": [file | {"width": 1, "height": 1}]} if kind == "photo" else {"document": file}
    return t.post(
        a,
        content | (t.styled(a["caption"], a, 1024, "message caption is too long", "caption") if "caption" in a else {}),
    )


@on("editMessageText", "editMessageCaption", "editMessageReplyMarkup")
def edit_message(t: FakeTelegram, a: JSON) -> Any:
    if "inline_message_id" in a:
        return True  # messages sent inline are not kept here
    if "chat_id" not in a or "message_id" not in a:
        raise ApiError(400, "message identifier is not specified")
    message = t.messages.get((t.chat(a)["id"], a["message_id"]))
    if message is None:
        raise ApiError(400, "message to edit not found")
    if message["from"] != t.me:
        raise ApiError(400, "message can't be edited")
    old = {
        k: message[k]
        for k in ("text", "entities", "caption", "caption_entities", "rich_message", "reply_markup")
        if k in message
    }
    if "text" in a:
        if "text" not in message and "rich_message" not in message:
            raise ApiError(400, "there is no text in the message to edit")
        new = t.styled(a["text"], a, 4096)
    elif "rich_message" in a:
        new = {"rich_message": rich(a["rich_message"])}
    elif "caption" in a:
        new = t.styled(a["caption"], a, 1024, key="caption")
    else:
        new = {k: v for k, v in old.items() if k != "reply_markup"}
    new |= t.keyboard(a)  # an edit without a keyboard removes it
    if new == old:
        raise ApiError(400, NOT_MODIFIED)
    for key in old:
        del message[key]
    message.update(new, edit_date=int(time.time()))
    return message


@on("deleteMessage", "deleteMessages")
def delete_messages(t: FakeTelegram, a: JSON) -> bool:
    if "message_id" in a and (t.chat(a)["id"], a["message_id"]) not in t.messages:
        raise ApiError(400, "message to delete not found")
    for number in a.get("message_ids", [a.get("message_id")]):
        t.messages.pop((a["chat_id"], number), None)
    return True


@on("sendChatAction")
def send_chat_action(t: FakeTelegram, a: JSON) -> bool:
    if t.chat(a) and not re.fullmatch(CHAT_ACTION, a["action"]):
        raise ApiError(400, "wrong parameter action in request")
    return True
