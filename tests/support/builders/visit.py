"""An article for tests of watches: a visit, as an outlet tells it; two outlets' articles are copies of one story.

`VISIT.format(source=...)` names the outlet. It writes a name that may be watched, and answers who visited Damascus.
The two further paragraphs make it long enough to be told for a copy.
"""

VISIT = (
    "شويغو يصل إلى دمشق\n"
    "المصدر: {source}\n"
    "20 مايو 2019\n\n"
    "وصل وزير الدفاع الروسي سيرغي شويغو إلى دمشق يوم الاثنين في زيارة لم يعلن عنها. "
    "وبحث مع المسؤولين الوضع في إدلب، وفق مصدر في الوزارة.\n\n"
    "ولم يصدر بيان عن الزيارة حتى مساء الاثنين، وقال دبلوماسي إن اللقاء دام ساعتين وربع الساعة.\n"
)
