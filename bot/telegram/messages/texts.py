"""What the Telegram bot says, in the language of the person it speaks to.

Each line is a paragraph; values are put in by `bot.telegram.messages.layout.said`, which keeps their direction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from retrieval.types import Language

TelegramKey = Literal[
    "start",
    "start_example",
    "help",
    "help_group",
    "help_admin",
    "ask_usage",
    "sources",
    "no_sources",
    "refused_sources",
    "no_such_source",
    "latest",
    "latest_none",
    "language_choose",
    "language_set",
    "new",
    "no_why",
    "cancelled",
    "nothing_to_cancel",
    "privacy",
    "privacy_model",
    "privacy_no_model",
    "privacy_logged",
    "privacy_not_logged",
    "forgotten",
    "forgotten_language",
    "nothing_to_forget",
    "forget_confirm",
    "forget_kept",
    "stats",
    "reindexing",
    "reindexed",
    "reindex_failed",
    "reindex_busy",
    "admins_only",
    "added",
    "added_several",
    "added_later",
    "updated",
    "added_twice",
    "add_failed",
    "add_not_allowed",
    "add_too_large",
    "add_wrong_type",
    "busy_minute",
    "busy_day",
    "too_long",
    "not_allowed",
    "too_slow",
    "failed",
    "backlog",
    "only_text",
    "unknown_command",
    "did_you_mean",
    "article_changed",
    "article_gone",
    "answer_gone",
    "button_before",
    "not_yours",
    "thanks",
    "thanks_bad",
    "thanks_source",
    "group_usage",
    "inline_hint",
    "inline_none",
    "inline_too_long",
    "inline_members",
    "inline_busy",
    "asked",
    "passage_of",
    "untitled",
]

TELEGRAM_TEXTS: Mapping[Language, Mapping[TelegramKey, str]] = {
    "ar": {
        "start": (
            "أهلًا بك في سند.\n"
            "اسأل عن الأخبار بالعربية أو الإنجليزية، ويأتيك الجواب من المقالات ومعه نصها ومصدرها. في المجموعة الآن"
            " {articles}.\n"
            "\n"
            "أحفظ أسئلتك الأخيرة لأفهم ما تتبعها به، وتفصيل ذلك في /privacy\n"
            "سائر الأوامر في /help"
        ),
        "start_example": "جرّب مثلًا أن ترسل عنوان مقالة:\n{example}",
        "help": (
            "اكتب سؤالك كما تكتبه لصديق. وإن سألت بعده «ومتى؟» أو «ومن حضر؟» فهمت أنك تتابع السؤال نفسه.\n"
            "\n"
            "/sources – مصادر الجواب الأخير\n"
            "/why – كيف جاء الجواب الأخير\n"
            "/latest – أحدث المقالات\n"
            "/new – بدء محادثة جديدة\n"
            "/cancel – إيقاف الجواب الجاري\n"
            "/language – لغة الرسائل\n"
            "/privacy – ما أحفظه عنك\n"
            "/forget – حذف ما حُفظ عنك\n"
            "\n"
            "وفي أي محادثة أخرى اكتب {bot} ثم سؤالك لتشارك الجواب."
        ),
        "help_group": "في المجموعات أجيب من يذكرني، ومن يرد على رسالة لي، ومن يكتب /ask ثم سؤاله.",
        "help_admin": "وللمشرفين: /stats و /reindex، وإضافة المقالات بإرسال ملف أو رابط.",
        "ask_usage": "اكتب السؤال بعد الأمر، مثل:\n/ask {example}",
        "sources": "مصادر الجواب الأخير:",
        "no_sources": "لا مصادر أعرضها بعد: اطرح سؤالًا أولًا.",
        "refused_sources": "لم يجد سؤالك الأخير جوابًا في المقالات، فليس له مصادر.",
        "no_such_source": "ليس في الجواب الأخير مصدر رقمه {number}، وعدد مصادره {last}.",
        "latest": "أحدث المقالات:",
        "latest_none": "لا مقالات في المجموعة بعد.",
        "language_choose": "بأي لغة أخاطبك؟",
        "language_set": "سأخاطبك بالعربية.",
        "new": "بدأنا من جديد. ما سؤالك؟",
        "no_why": "لا جواب أشرحه بعد: اطرح سؤالًا أولًا.",
        "cancelled": "توقفت عن الجواب.",
        "nothing_to_cancel": "لا شيء أوقفه الآن.",
        "privacy": (
            "ما أحفظه\n"
            "• رقم حسابك في تيليغرام ولغتك.\n"
            "• أسئلتك وأوقاتها وأجوبتها، لأفهم ما تتبعها به ولتعمل الأزرار تحتها.\n"
            "• تقييمك للأجوبة.\n"
            "\n"
            "مدة الحفظ: {days}، ثم يُحذف كل ذلك تلقائيًا.\n"
            "{model}\n"
            "ولا يطّلع على أسئلتك غير القائمين على هذا البوت. {logs}\n"
            "\n"
            "للحذف الآن: /forget"
        ),
        "privacy_model": "وتُرسل أسئلتك ونصوص المقالات إلى النموذج اللغوي {name} ليكتب الجواب.",
        "privacy_no_model": "ولا يُرسل سؤالك إلى أي خدمة أخرى غير تيليغرام.",
        "privacy_logged": "وتُكتب أسئلتك في سجلات البوت أيضًا.",
        "privacy_not_logged": "ولا تُكتب أسئلتك في سجلات البوت.",
        "forgotten": "حُذف نهائيًا: {deleted}.",
        "forgotten_language": "لغة مخاطبتك",
        "nothing_to_forget": "لا شيء محفوظًا عنك.",
        "forget_confirm": (
            "سيُحذف كل ما حُفظ عنك في جميع المحادثات، ولا سبيل إلى استرجاعه. أأحذفه؟ يمكنك أيضًا كتابة:\n/forget yes"
        ),
        "forget_kept": "لم أحذف شيئًا.",
        "stats": (
            "المجموعة: {articles}، وفيها {passages}\n"
            "إصدار الفهرس: {generation}\n"
            "في آخر 24 ساعة: {questions} من {people}\n"
            "بلا جواب: {refused}\n"
            "👍 {good} · 👎 {bad} · مصدر خاطئ {wrong}\n"
            "في الانتظار: {waiting}"
        ),
        "reindexing": "أراجع ملفات المقالات…",
        "reindexed": (
            "اكتمل الفهرس في {time}.\n"
            "جديدة {new} · معدّلة {changed} · منقولة {moved} · محذوفة {deleted} · تعذرت قراءتها {failed}\n"
            "في الفهرس الآن {passages}."
        ),
        "reindex_failed": "تعذرت إعادة الفهرسة، والفهرس السابق باقٍ كما كان:\n{reason}",
        "reindex_busy": "الفهرس قيد التحديث الآن. أعد المحاولة بعد قليل.",
        "admins_only": "هذا الأمر للمشرفين وحدهم.",
        "added": (
            "أُضيفت المقالة، ويمكنك السؤال عنها الآن.\nالعنوان: {title}\nالمصدر: {source}\nالتاريخ: {date}\n"
            "في الفهرس منها {passages}."
        ),
        "added_several": ("أُضيف {name}، ويمكنك السؤال عما فيه الآن.\nفيه {articles}.\nفي الفهرس منه {passages}."),
        "added_later": "حُفظ {name}، ولم يُفهرس بعد:\n{reason}",
        "updated": (
            "حُدّثت المقالة، ويمكنك السؤال عنها الآن.\nالعنوان: {title}\nالمصدر: {source}\nالتاريخ: {date}\n"
            "في الفهرس منها {passages}."
        ),
        "added_twice": "هذه المقالة في المجموعة من قبل: {title}",
        "add_failed": "تعذرت قراءة {name}:\n{reason}",
        "add_not_allowed": "شكرًا لك. إضافة المقالات للمشرفين وحدهم، ولك أن تسأل عما في المجموعة.",
        "add_too_large": "حجم {name} يتجاوز الحد المسموح، وهو {limit}.",
        "add_wrong_type": "لا أقرأ ملفات من نوع {name}. ما أقرؤه: {known}",
        "busy_minute": "أرسلت أسئلة كثيرة في وقت قصير. أعد السؤال بعد {wait}.",
        "busy_day": "بلغت حد الأسئلة لهذا اليوم، وهو {limit}. أعد السؤال بعد {wait}.",
        "too_long": "السؤال أطول مما أقرأ: عدد حروفه {length}، والحد {limit}. اختصره وأعد إرساله.",
        "not_allowed": (
            "هذا البوت لأعضاء محددين. اطلب الإذن من القائمين عليه.\nلمعرفة ما حُفظ عنك: /privacy\nولحذفه: /forget"
        ),
        "too_slow": "تأخر الجواب أكثر مما ينبغي فتوقفت. أعد السؤال من فضلك.",
        "failed": "حدث خلل ولم أتمكن من الجواب. أعد السؤال من فضلك؛ رقم العطل {number}.",
        "backlog": (
            "وصلتني رسائلك وأنا متوقف عن العمل، وقد مضى عليها وقت فلم أجب عنها. أعد إرسال ما لا تزال تريد جوابه."
        ),
        "only_text": "أقرأ الأسئلة المكتوبة وحدها. اكتب سؤالك من فضلك.",
        "unknown_command": "لا أعرف الأمر {command}. الأوامر في /help",
        "did_you_mean": "لا أعرف الأمر {command}. هل تقصد {nearest}؟",
        "article_changed": "تغيرت المقالة منذ هذا الجواب. أعد السؤال لترى نصها الجديد.",
        "article_gone": "حُذفت هذه المقالة من المجموعة.",
        "answer_gone": "لم يعد هذا الجواب محفوظًا. أعد السؤال من فضلك.",
        "button_before": "هذا الزر من قبل تحديث البوت، ولم يعد يعمل. أعد السؤال من فضلك.",
        "not_yours": "هذا الزر لصاحب السؤال. اطرح سؤالك لتظهر أزرارك.",
        "thanks": "شكرًا، سُجّل تقييمك.",
        "thanks_bad": "شكرًا، سُجّل تقييمك. وإن كان الخلل في المصدر فاضغط «مصدر خاطئ».",
        "thanks_source": "شكرًا، سيراجع القائمون على البوت هذا المصدر.",
        "group_usage": "أهلًا بكم. اذكروني ({bot}) مع السؤال، أو اكتبوا /ask ثم السؤال، أو ردّوا على رسالة لي.",
        "inline_hint": "اكتب سؤالك عن الأخبار",
        "inline_none": "لا جواب في المقالات",
        "inline_too_long": "السؤال أطول من الحد، وهو {limit}",
        "inline_members": "هذا البوت لأعضاء محددين",
        "inline_busy": "أسئلة كثيرة، أعد السؤال بعد قليل",
        "asked": "السؤال: {question}",
        "passage_of": "المقطع {number} من {last}",
        "untitled": "غير معروف",
    },
    "en": {
        "start": (
            "Welcome to Sanad.\n"
            "Ask about the news in Arabic or English, and the answer comes from the articles, in their own words and"
            " with their source. The collection now holds {articles}.\n"
            "\n"
            "I keep your last questions so that you can follow up on them; /privacy says more.\n"
            "/help lists everything else."
        ),
        "start_example": "Try, for example, the title of an article:\n{example}",
        "help": (
            "Write your question as you would to a friend. If you then ask “And when?” or “Who was there?”, I take it"
            " as a follow-up.\n"
            "\n"
            "/sources – the sources of the last answer\n"
            "/why – how the last answer came about\n"
            "/latest – the newest articles\n"
            "/new – start a new conversation\n"
            "/cancel – stop the current answer\n"
            "/language – the language I speak\n"
            "/privacy – what I keep about you\n"
            "/forget – delete what is kept\n"
            "\n"
            "In any other chat, type {bot} and your question to share an answer."
        ),
        "help_group": "In groups I answer whoever mentions me, replies to me, or writes /ask and a question.",
        "help_admin": "For admins: /stats, /reindex, and a file or a link adds an article.",
        "ask_usage": "Write the question after the command, like this:\n/ask {example}",
        "sources": "Sources of the last answer:",
        "no_sources": "There are no sources to show yet: ask a question first.",
        "refused_sources": "Your last question found no answer in the articles, so it has no sources.",
        "no_such_source": "The last answer has no source {number}; it has {last}.",
        "latest": "Newest articles:",
        "latest_none": "The collection holds no articles yet.",
        "language_choose": "Which language shall I speak?",
        "language_set": "I will speak English.",
        "new": "A fresh start. What is your question?",
        "no_why": "There is no answer to explain yet: ask a question first.",
        "cancelled": "Stopped.",
        "nothing_to_cancel": "There is nothing to stop.",
        "privacy": (
            "What I keep\n"
            "• The number of your Telegram account and your language.\n"
            "• Your questions, their times and their answers, to understand follow-ups and to make the buttons work.\n"
            "• Your ratings of answers.\n"
            "\n"
            "Kept for {days}, then deleted automatically.\n"
            "{model}\n"
            "Nobody but the people who run this bot can see your questions. {logs}\n"
            "\n"
            "To delete everything now: /forget"
        ),
        "privacy_model": "Your questions, with passages of articles, go to the language model {name}.",
        "privacy_no_model": "Your questions go to no other service than Telegram.",
        "privacy_logged": "They are written to its logs, too.",
        "privacy_not_logged": "They are not written to its logs.",
        "forgotten": "Deleted for good: {deleted}.",
        "forgotten_language": "your language",
        "nothing_to_forget": "Nothing is kept about you.",
        "forget_confirm": (
            "Everything kept about you in all chats will be deleted for good. Delete it? You can also write:\n"
            "/forget yes"
        ),
        "forget_kept": "Nothing was deleted.",
        "stats": (
            "Collection: {articles}, {passages}\n"
            "Index generation: {generation}\n"
            "Last 24 hours: {questions} from {people}\n"
            "Without an answer: {refused}\n"
            "👍 {good} · 👎 {bad} · wrong source {wrong}\n"
            "Waiting: {waiting}"
        ),
        "reindexing": "Going through the articles’ files…",
        "reindexed": (
            "The index was brought up to date in {time}.\n"
            "New {new} · changed {changed} · moved {moved} · deleted {deleted} · unreadable {failed}\n"
            "It now holds {passages}."
        ),
        "reindex_failed": "The index could not be renewed; the previous one is still in use:\n{reason}",
        "reindex_busy": "The index is being renewed at the moment. Try again shortly.",
        "admins_only": "This command is for admins only.",
        "added": (
            "The article was added; you can ask about it now.\nTitle: {title}\nSource: {source}\nDate: {date}\n"
            "In the index: {passages}."
        ),
        "added_several": (
            "{name} was added; you can ask about what it holds now.\nIt holds {articles}.\nIn the index: {passages}."
        ),
        "added_later": "{name} was kept, and is not in the index yet:\n{reason}",
        "updated": (
            "The article was brought up to date; you can ask about it now.\nTitle: {title}\nSource: {source}\n"
            "Date: {date}\nIn the index: {passages}."
        ),
        "added_twice": "The collection already holds this article: {title}",
        "add_failed": "{name} could not be read:\n{reason}",
        "add_not_allowed": "Thank you. Only admins can add articles; you are welcome to ask about those that are here.",
        "add_too_large": "{name} is larger than is allowed, which is {limit}.",
        "add_wrong_type": "I do not read files of type {name}. What I read: {known}",
        "busy_minute": "That was a lot of questions in a short time. Please ask again in {wait}.",
        "busy_day": "You have reached today’s limit of {limit}. Please ask again in {wait}.",
        "too_long": "The question has {length} characters, and I read {limit} at most. Please shorten it.",
        "not_allowed": (
            "This bot is for its members only. Please ask the people who run it for access.\n"
            "/privacy says what is kept about you, and /forget deletes it."
        ),
        "too_slow": "The answer took too long, so I stopped. Please ask again.",
        "failed": "Something went wrong and I could not answer. Please ask again; the incident is number {number}.",
        "backlog": (
            "Your messages came while I was out of service, and too long ago to answer now. Please send again what you"
            " still want to know."
        ),
        "only_text": "I read written questions only. Please type your question.",
        "unknown_command": "I do not know the command {command}. /help lists the commands.",
        "did_you_mean": "I do not know the command {command}. Did you mean {nearest}?",
        "article_changed": "The article has changed since this answer. Ask again to see its new text.",
        "article_gone": "This article was removed from the collection.",
        "answer_gone": "This answer is no longer kept. Please ask again.",
        "button_before": "This button is from before the bot was renewed, and works no more. Please ask again.",
        "not_yours": "This button belongs to whoever asked. Ask a question to get your own.",
        "thanks": "Thank you, your rating was noted.",
        "thanks_bad": "Thank you, your rating was noted. If the source is what is wrong, press “Wrong source”.",
        "thanks_source": "Thank you, the people who run this bot will look at this source.",
        "group_usage": (
            "Hello. Mention me ({bot}) with your question, write /ask and the question, or reply to a message of mine."
        ),
        "inline_hint": "Type a question about the news",
        "inline_none": "The articles hold no answer",
        "inline_too_long": "Too long: {limit} characters at most",
        "inline_members": "This bot is for its members only",
        "inline_busy": "Many questions: try again shortly",
        "asked": "Question: {question}",
        "passage_of": "Passage {number} of {last}",
        "untitled": "unknown",
    },
}


def text(language: Language, key: TelegramKey) -> str:
    """Return what the bot says, with its placeholders."""
    return TELEGRAM_TEXTS[language][key]
