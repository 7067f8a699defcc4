"""Which lines are the article's own, and what the others say about it."""

from __future__ import annotations

import pytest

from retrieval.extraction.page_layout import HEAD_LINES, read_layout

HEADLINE = "روسيا وتركيا تبحثان الوضع في إدلب"
FIRST = "قال وزير الخارجية الروسي إن الطرفين اتفقا على مواصلة التنسيق في سوريا."
SECOND = "وأضاف الوزير أن المحادثات ستستمر في سوتشي خلال الأسبوع المقبل."


def body_of(text: str) -> list[str]:
    return [text[start:end] for start, end in read_layout(text).body]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADLINE}\n\n{FIRST}",
        f"{HEADLINE}\r\n\r\n{FIRST}\r\n",
        f"\u00a0{HEADLINE}\u00a0\n\u00a0\n{FIRST}",
        f"{HEADLINE}\n{FIRST} {SECOND}",
        f"{HEADLINE}\nرائد جبر\n{FIRST}",
        f"{HEADLINE}\n\nبقلم: رائد جبر\nالمصدر: سانا\n\n{FIRST}",
        f"{HEADLINE}\nشارك\n{FIRST}",
        f"{HEADLINE}\n\nلقاء هو الثالث بين الوزيرين هذا العام\n\n{FIRST}",
        f"الشأن السوري\n\n{HEADLINE}\n\n{FIRST}",
        f"14 مايو 2019\n{HEADLINE}\n\n{FIRST}",
        f"# {HEADLINE}\n{FIRST}",
        f"العنوان: {HEADLINE}\n{FIRST}",
        f"---\nsource: سانا\n---\n\n{HEADLINE}\n\n{FIRST}",
    ],
)
def test_a_headline_is_the_title_and_opens_the_body(text: str) -> None:
    assert read_layout(text).facts["title"] == HEADLINE
    assert body_of(text)[0] == HEADLINE
    assert body_of(text)[-1].startswith(FIRST)


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        HEADLINE,
        f"{FIRST}\n\n{SECOND}",
        f"{HEADLINE}.\n\n{FIRST}",
        f"وقال الوزير في بيان أصدره:\n\n{FIRST}",
        f"{HEADLINE}\n{HEADLINE} اليوم",
        f"الوضع في إدلب\n\n{FIRST}",
        f"{HEADLINE}\n{SECOND}",
        f"{'كلمة ' * 50}\n\n{FIRST * 9}",
    ],
)
def test_what_may_be_no_headline_gives_no_title(text: str) -> None:
    assert "title" not in read_layout(text).facts


def test_markup_in_a_title_stays_what_it_is() -> None:
    text = f"<b onload=x()>{HEADLINE}</b>\n\n{FIRST}"
    assert read_layout(text).facts["title"] == f"<b onload=x()>{HEADLINE}</b>"


def test_hidden_characters_stay_in_the_text_and_out_of_the_title() -> None:
    text = f"\u202e{HEADLINE}\u2066\n\n{FIRST}"
    assert read_layout(text).facts["title"] == HEADLINE
    assert body_of(text)[0] == f"\u202e{HEADLINE}\u2066"


def test_lines_about_the_article_are_not_in_its_body() -> None:
    text = f"الشأن السوري\n\n{HEADLINE}\nرائد جبر\n14 مايو 2019\n\n{FIRST}\n{SECOND}\n\nالمصدر: سانا\nتعليقات"
    assert read_layout(text).facts == {
        "title": HEADLINE,
        "author": "رائد جبر",
        "published": "2019-05-14",
        "source": "سانا",
    }
    assert body_of(text) == [HEADLINE, FIRST, SECOND]


def test_front_matter_stands_before_the_lines() -> None:
    text = f"---\ntitle: آخر\n---\n{HEADLINE}\n\nالمصدر: سانا\n\n{FIRST}"
    assert read_layout(text).facts == {"title": "آخر", "source": "سانا"}
    assert body_of(text) == [HEADLINE, FIRST]


def test_a_date_in_the_body_is_not_the_article_s() -> None:
    assert read_layout(f"{FIRST}\n14 مايو 2019 كان اليوم الأول.\n{SECOND}").facts == {}


def test_a_person_whom_the_text_speaks_of_is_not_its_author() -> None:
    text = f"رائد جبر\n\nولد جبر في دمشق، ثم رحل إلى موسكو.\n\n{SECOND}"
    assert read_layout(text).facts == {}
    assert body_of(text)[0] == "رائد جبر"


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("المصدر: سانا", {"source": "سانا"}),
        ("الكاتب: رائد جبر", {"author": "رائد جبر"}),
        ("تاريخ النشر: 14 مايو 2019", {"published": "2019-05-14"}),
        ("التاريخ: 14 مايو 2019", {}),  # it may be the day of what is told
        ("14 مايو 2019", {}),
        ("كتب: محمد أحمد", {}),
        ("سوتشي، 14 مايو 2019", {}),
    ],
)
def test_a_line_amid_the_body_stays_and_states_what_its_label_names(line: str, facts: dict[str, str]) -> None:
    text = f"{FIRST}\n{line}\n{SECOND}\n{FIRST} نعم."
    assert read_layout(text).facts == facts
    assert len(body_of(text)) == 4


def test_lines_amid_the_body_that_disagree_state_nothing() -> None:
    assert read_layout(f"{FIRST}\nالمصدر: سانا\n{SECOND}\nالمصدر: رويترز\n{FIRST} نعم.").facts == {}


HEAD = "المصدر: صحيفة المتوسط\n4 آذار 2020"
OPEN = (  # no mark ends it
    "بدأت الوزارة حملة التلقيح في 12 ولاية، وقالت الوزيرة إن اللقاح مجاني، وإن المراكز ستفتح من الثامنة صباحا حتى"
    " الرابعة عصرا، وتستمر الحملة أسبوعين في كل المدن"
)


@pytest.mark.parametrize("title", ["حملة تلقيح", "حملة ضد السعال", "وزارة الصحة تطلق حملة ضد الحصبة"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("paragraphs", [OPEN, f"{OPEN} ✍️", f"{OPEN}\n\n{OPEN} أيضا", f"{OPEN}\n{FIRST}", FIRST])
def test_a_head_is_read_whatever_ends_the_paragraphs(title: str, gap: str, paragraphs: str) -> None:
    text = f"{title}\n{HEAD}{gap}{paragraphs}"
    assert read_layout(text).facts == {"title": title, "source": "صحيفة المتوسط", "published": "2020-03-04"}
    assert body_of(text) == [title, *paragraphs.replace("\n\n", "\n").split("\n")]


@pytest.mark.parametrize(
    ("head", "facts"),
    [
        (f"ضفاف / ذي قار\n{HEADLINE}\n\nالخميس 4 نيسان 2024", {"published": "2024-04-04"}),
        (f"{HEADLINE}\n\nضفاف / ذي قار\nالخميس 4 نيسان 2024", {"published": "2024-04-04"}),
        (f"{HEADLINE}\nإحالة ستة موظفين إلى القضاء في دمشق\n\nسوتشي\n4/4/2024", {"published": "2024-04-04"}),
        (f"المرصد اليومي - الخميس ١٣ شباط ٢٠٢٥\n\n{HEADLINE}", {"published": "2025-02-13"}),
        (f"{HEADLINE}\n\nالمرصد اليومي — ١٣ شباط ٢٠٢٥", {"published": "2025-02-13"}),
        (f"{HEADLINE}\n\nسوتشي (المتوسط) 13-2-2025 / 08:05 بتوقيت بغداد", {"published": "2025-02-13"}),
        (f"{HEADLINE}\n\nسوتشي - 13 شباط 2025 (المتوسط)", {"published": "2025-02-13", "source": "المتوسط"}),
        (f"{HEADLINE}\n\nصحيفة المتوسط - 13 شباط 2025", {"published": "2025-02-13", "source": "صحيفة المتوسط"}),
        (f"{HEADLINE}\nصحيفة المتوسط، 13 شباط 2025", {"published": "2025-02-13", "source": "صحيفة المتوسط"}),
        (f"صحيفة المتوسط\n13 شباط 2025\n{HEADLINE}", {"published": "2025-02-13", "source": "صحيفة المتوسط"}),
        (f"{HEADLINE}\n**المصدر:** سانا\n(13 شباط 2025)", {"published": "2025-02-13", "source": "سانا"}),
        (f"{HEADLINE}\nالمصدر: سانا | التاريخ: 13 شباط 2025", {"published": "2025-02-13", "source": "سانا"}),
        (f"{HEADLINE}\nثلاثة ملايين جرعة ستصل إلى المدارس\nالمصدر: سانا", {"source": "سانا"}),
        (f"{HEADLINE}\n\nحوار: رائد جبر\nصور: محمد أحمد", {"author": "رائد جبر"}),
        (f"{HEADLINE}\n\n8 فبراير 2024 · آخر تحديث 21:15 · قراءة في 3 دقائق", {"published": "2024-02-08"}),
    ],
)
def test_a_head_of_several_lines_is_read_to_its_end(head: str, facts: dict[str, str]) -> None:
    text = f"{head}\n\n{FIRST}\n{SECOND}"
    assert read_layout(text).facts == {"title": HEADLINE, **facts}
    assert body_of(text)[0] == HEADLINE
    assert not any("ضفاف" in paragraph for paragraph in body_of(text))


@pytest.mark.parametrize("head", [f"ضفاف / ذي قار\n{HEADLINE}", f"{HEADLINE}\n\nذي قار - ضفاف"])
def test_an_outlet_beside_a_place_is_the_source_where_the_text_speaks_of_it(head: str) -> None:
    spoken = f"وقال المدير في تصريح لـ«ضفاف» إن العمل مستمر. {SECOND}"
    assert read_layout(f"{head}\n\n{FIRST}\n{spoken}").facts == {"title": HEADLINE, "source": "ضفاف"}
    assert read_layout(f"{head}\n\n{FIRST}\n{SECOND}").facts == {"title": HEADLINE}


def test_an_article_without_a_date_of_its_own_takes_none_from_its_story() -> None:
    story = f"{HEADLINE}\n\n{FIRST}\n\nبدأت المعركة في 14 مايو 2019.\n14 مايو 2019\nسوتشي، 15 مايو 2019\n{SECOND}"
    assert "published" not in read_layout(story).facts


def test_many_lines_about_the_article_are_read_to_a_bound() -> None:
    text = "14 مايو 2019\n" * (HEAD_LINES + 2) + FIRST
    assert body_of(text) == ["14 مايو 2019", "14 مايو 2019", FIRST]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (f"{FIRST}\n\nاقرأ أيضًا: {HEADLINE}\n\n{SECOND}", [FIRST, SECOND]),
        (f"{FIRST}\nمقالات ذات صلة\n{HEADLINE}\n{HEADLINE} اليوم", [FIRST]),
        (f"{FIRST}\nمقالات ذات صلة\n{HEADLINE}\nالمصدر: سانا", [FIRST]),
        (f"{FIRST}\nالمصدر: سانا\nمقالات ذات صلة\n{HEADLINE}", [FIRST]),
        (f"{FIRST}\nمقالات ذات صلة\n\n{HEADLINE}\n{SECOND}", [FIRST, HEADLINE, SECOND]),
        (f"{FIRST}\n* * *\n{SECOND}", [FIRST, SECOND]),
    ],
)
def test_what_the_page_adds_is_not_in_the_body(text: str, body: list[str]) -> None:
    assert body_of(text) == body


@pytest.mark.parametrize("again", [FIRST, FIRST.replace(" ", "  "), FIRST.replace("ا", "أ"), FIRST.replace("ق", "قَ")])
def test_a_repeated_paragraph_is_in_the_body_once(again: str) -> None:
    assert body_of(f"{FIRST}\n{SECOND}\n{again}") == [FIRST, SECOND]


def test_a_short_line_may_be_repeated() -> None:
    text = f"{FIRST}\nنعم.\n{SECOND}\nنعم."
    assert body_of(text) == [FIRST, "نعم.", SECOND, "نعم."]


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("موسكو: رائد جبر - 14 مايو 2019", {"author": "رائد جبر", "published": "2019-05-14"}),
        ("كتب: محمد أحمد، الثلاثاء 14 مايو", {"author": "محمد أحمد", "dated": "الثلاثاء 14 مايو"}),
        ("By Robin Wright, May 14, 2019", {"author": "Robin Wright", "published": "2019-05-14"}),
        ("14 أيار/مايو 2019 - رويترز", {"source": "رويترز", "published": "2019-05-14"}),
        ("سوتشي، 14 مايو 2019", {"published": "2019-05-14"}),
        ("نشر في: 14 مايو 2019 - 10:30 | آخر تحديث: 15 مايو 2019", {"published": "2019-05-14"}),
        ("آخر تحديث: 15 مايو 2019", {}),
        ("9 رمضان 1440 هـ", {"published": "2019-05-14", "dated": "9 رمضان 1440 هـ"}),
        ("الأربعاء - 10 شهر رمضان 1440 هـ - 15 مايو 2019 مـ رقم العدد [14778]", {"published": "2019-05-15"}),
        ("الثلاثاء 14 أيار / مايو", {"dated": "الثلاثاء 14 أيار / مايو"}),
        ("الثلاثاء", {"dated": "الثلاثاء"}),
        ("05/06/2019", {"dated": "05/06/2019"}),
    ],
)
def test_a_dateline_above_the_first_paragraph_is_stored_as_what_it_is(line: str, facts: dict[str, str]) -> None:
    text = f"{HEADLINE}\n\n{line}\n\n{FIRST}\n{SECOND}"
    assert read_layout(text).facts == {"title": HEADLINE, **facts}
    assert body_of(text) == [HEADLINE, FIRST, SECOND]


@pytest.mark.parametrize("line", ["31 شباط 2019", "14 أيار / يونيو 2019"])
def test_an_impossible_date_is_none(line: str) -> None:
    assert read_layout(f"{HEADLINE}\n\n{line}\n\n{FIRST}\n{SECOND}").facts == {"title": HEADLINE}


@pytest.mark.parametrize(
    ("opening", "facts"),
    [
        ("موسكو (رويترز) 14-5-2019 - ", {"source": "رويترز", "published": "2019-05-14"}),
        ("دمشق، 14 مايو 2019 (سانا) - ", {"source": "سانا", "published": "2019-05-14"}),
        ("بكين 14 مايو (شينخوا) -- ", {"source": "شينخوا", "dated": "14 مايو"}),
        ("MOSCOW, May 14, 2019 (Reuters) - ", {"source": "Reuters", "published": "2019-05-14"}),
        ("سوتشي، 14 مايو 2019 - ", {"published": "2019-05-14"}),
        ("قتل في حلب، 14 مايو 2019 - ", {}),
        ("في 14 مايو 2019 - ", {}),
        ("سوتشي (روسيا)، 14 أيار/مايو 2019 (الرافد) - ", {"source": "الرافد", "published": "2019-05-14"}),
    ],
)
def test_a_dateline_may_open_the_first_paragraph(opening: str, facts: dict[str, str]) -> None:
    assert read_layout(f"{opening}{FIRST}\n{SECOND}").facts == facts


def test_front_matter_s_full_date_stands_before_the_text_s_and_its_open_one_after() -> None:
    assert read_layout(f"---\ndate: 2019-05-13\n---\n14 مايو 2019\n{FIRST}").facts == {"published": "2019-05-13"}
    assert read_layout(f"---\ndate: مايو 2019\n---\n14 مايو 2019\n{FIRST}").facts == {"published": "2019-05-14"}
    assert read_layout(f"---\ndate: مايو 2019\n---\n{FIRST}").facts == {"dated": "مايو 2019"}


def test_a_headline_that_ends_with_a_date_is_a_headline() -> None:
    text = f"زلزال تركيا المدمر - 6 فبراير 2023\n\n{FIRST}\n{SECOND}"
    assert read_layout(text).facts == {"title": "زلزال تركيا المدمر - 6 فبراير 2023"}


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("آخر تحديث: 16 مايو 2019 | نُشر: 14 مايو 2019", {"published": "2019-05-14"}),
        ("نشر: 14 مايو 2019 آخر تحديث: 16 مايو 2019", {"published": "2019-05-14"}),
        ("آخر تحديث: 16 مايو 2019", {}),
        ("كتبت رنا الخطيب", {"author": "رنا الخطيب"}),
        ("بواسطة رنا الخطيب", {"author": "رنا الخطيب"}),
        ("تصوير سامر حداد", {}),
        ("وكالة الضفة الإخبارية", {"source": "وكالة الضفة الإخبارية"}),
        ("صحيفة الساحل | رنا الخطيب | 14 مايو 2019", {"source": "صحيفة الساحل", "author": "رنا الخطيب"}),
        ("رنا الخطيب - موقع سهل نيوز", {"source": "موقع سهل نيوز", "author": "رنا الخطيب"}),
    ],
)
def test_a_line_below_the_headline_states_who_published_it_and_when(line: str, facts: dict[str, str]) -> None:
    found = read_layout(f"{HEADLINE}\n{line}\n\n{FIRST}\n{SECOND}").facts
    assert found.items() >= facts.items()
    assert found.keys() - {"title", "published"} == facts.keys() - {"published"}


def test_an_outlet_alone_below_the_text_is_its_source() -> None:
    facts, body = read_layout(f"{HEADLINE}\n\n{FIRST}\n{SECOND}\n\nوكالة الضفة للأنباء\n14 مايو 2019")
    assert (facts["source"], facts["published"], len(body)) == ("وكالة الضفة للأنباء", "2019-05-14", 3)


@pytest.mark.parametrize(
    "line", ["رابط الخبر: https://example.org/1", "[المصدر](https://example.org/1)", "file:///tmp/a.html 1/2"]
)
def test_an_address_alone_is_not_in_the_body(line: str) -> None:
    assert len(read_layout(f"{HEADLINE}\n\n{FIRST}\n{SECOND}\n\n{line}").body) == 3
