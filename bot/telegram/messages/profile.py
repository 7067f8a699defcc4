"""What Telegram shows of the bot before it says anything: its commands and its descriptions, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from retrieval.types import Language

Command = Literal[
    "start",
    "ask",
    "sources",
    "latest",
    "why",
    "new",
    "cancel",
    "language",
    "privacy",
    "forget",
    "help",
    "stats",
    "reindex",
]

IN_PRIVATE: tuple[Command, ...] = (
    "ask",
    "sources",
    "why",
    "latest",
    "new",
    "cancel",
    "language",
    "privacy",
    "forget",
    "help",
)
IN_GROUPS: tuple[Command, ...] = ("ask", "sources", "why", "latest", "cancel", "privacy", "help")
FOR_ADMINS: tuple[Command, ...] = (*IN_PRIVATE, "stats", "reindex")

COMMANDS: Mapping[Language, Mapping[Command, str]] = {
    "ar": {
        "start": "من هنا تبدأ",
        "ask": "طرح سؤال",
        "sources": "مصادر الجواب الأخير",
        "latest": "أحدث المقالات",
        "why": "كيف جاء الجواب الأخير",
        "new": "بدء محادثة جديدة",
        "cancel": "إيقاف الجواب الجاري",
        "language": "لغة الرسائل",
        "privacy": "ما يُحفظ عنك ومدة حفظه",
        "forget": "حذف ما حُفظ عنك",
        "help": "كيف تسأل، والأوامر",
        "stats": "أرقام البوت (للمشرفين)",
        "reindex": "تحديث فهرس المقالات (للمشرفين)",
    },
    "en": {
        "start": "Start here",
        "ask": "Ask a question",
        "sources": "The sources of the last answer",
        "latest": "The newest articles",
        "why": "How the last answer came about",
        "new": "Start a new conversation",
        "cancel": "Stop the current answer",
        "language": "The language I speak",
        "privacy": "What is kept about you, and for how long",
        "forget": "Delete what is kept about you",
        "help": "How to ask, and the commands",
        "stats": "The bot’s figures (admins)",
        "reindex": "Renew the index of the articles (admins)",
    },
}

SHORT_DESCRIPTION: Mapping[Language, str] = {  # on the bot's profile, and where it is shared
    "ar": "اسأل عن الأخبار بالعربية أو الإنجليزية، ويأتيك الجواب بنص المقالات ومصادرها.",
    "en": "Ask about the news in Arabic or English; every answer quotes the articles and names its sources.",
}
DESCRIPTION: Mapping[Language, str] = {  # in an empty chat with the bot, above its start button
    "ar": (
        "سند يجيب عن أسئلتك من مجموعة مقالات إخبارية.\n\n"
        "• اسأل بالعربية أو الإنجليزية كما تشاء.\n"
        "• مع كل جواب نص المقالة الذي يستند إليه، واسم مصدره وتاريخه.\n"
        "• وإن لم يكن في المقالات جواب قال ذلك ولم يختلق.\n\n"
        "اضغط زر البدء ثم اكتب سؤالك."
    ),
    "en": (
        "Sanad answers your questions from a collection of news articles.\n\n"
        "• Ask in Arabic or English, however you like.\n"
        "• Every answer comes with the article’s own words, their source and date.\n"
        "• Where the articles hold no answer, it says so and invents nothing.\n\n"
        "Press Start and type your question."
    ),
}
