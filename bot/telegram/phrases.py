"""Interim texts, until those of the layout are here."""

from __future__ import annotations

from retrieval.types import Language

_TEXTS: dict[Language, dict[str, str]] = {
    "ar": {
        "start": "أهلًا بك في سند. اسأل عن الأخبار بالعربية أو الإنجليزية.",
        "help": "اكتب سؤالك، ويأتيك الجواب من المقالات.",
        "too_slow": "طال الجواب فتوقفت. أعد السؤال من فضلك.",
        "failed": "حدث خطأ، والعيب مني. أعد السؤال من فضلك.",
        "backlog": "كنت متوقفًا حين كتبت. أعد السؤال من فضلك.",
        "cancelled": "توقفت عن الجواب.",
        "nothing_to_cancel": "لا جواب جاريًا لأوقفه.",
        "not_allowed": "لا أجيب هنا.",
        "busy_minute": "أسئلة كثيرة في دقيقة واحدة. انتظر قليلًا.",
        "busy_day": "بلغت حد الأسئلة لهذا اليوم.",
        "too_long": "السؤال أطول مما أقرأ.",
    },
    "en": {
        "start": "This is Sanad. Ask about the news in Arabic or English.",
        "help": "Write your question; the answer comes from the articles.",
        "too_slow": "This took too long, and I gave up. Please ask again.",
        "failed": "Something went wrong on my side. Please ask again.",
        "backlog": "I was away when you wrote. Please ask again.",
        "cancelled": "Stopped.",
        "nothing_to_cancel": "Nothing is being answered.",
        "not_allowed": "I do not answer here.",
        "busy_minute": "Many questions in one minute. Please wait a little.",
        "busy_day": "That was the last question for today.",
        "too_long": "The question is longer than I read.",
    },
}


def phrase(language: Language, key: str) -> str:
    """Return a text."""
    return _TEXTS[language][key]
