"""Texts that were broken at a width are whole paragraphs again, and others stay as they are."""

from __future__ import annotations

import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.extraction.line_wrapping import join_wrapped_lines
from retrieval.readers.registry import read_document

SEEDS = Path(__file__).parents[3] / "seeds"
PARAGRAPHS = (
    "قالت رئيسة البلدية سلمى الحكيم إن المحطة ستعمل ليلا ونهارا، وإن كلفتها بلغت 12.5 مليون دينار. وأضافت أن العمل"
    " استمر ثلاثة أعوام، بعد أن تأخر مرتين بسبب نقص المعدات التي كان يفترض أن تصل في الربيع.",
    "وينتظر السكان أن تنتهي أزمة المياه قبل الصيف المقبل، بحسب ما قال مختار الحي لمراسل الصحيفة في المكان."
    " وهو ينتظر مثلهم.",
    "ولم ترد الشركة على أسئلة الصحيفة.",
)
HEAD = "افتتاح محطة لتحلية المياه في مرجان\nالمصدر: صحيفة المتوسط\n4 آذار 2020"
WHOLE = "\n\n".join((HEAD, *PARAGRAPHS))


def by_textwrap(paragraph: str, width: int) -> str:
    return textwrap.fill(paragraph, width)


def by_fold(paragraph: str, width: int) -> str:
    """Break lines by their bytes, with the blanks left at their ends."""
    command = ["fold", "-s", "-w", str(2 * width)]
    return subprocess.run(command, input=paragraph, capture_output=True, check=True, encoding="utf-8").stdout


def by_hand(paragraph: str, width: int) -> str:
    """Break lines a word earlier than there is need, now and then."""
    lines, line = [], ""
    for at, word in enumerate(paragraph.split()):
        if line and len(line) + len(word) + (9 if at % 3 else 1) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


@pytest.mark.parametrize("width", [60, 72, 80, 100])
@pytest.mark.parametrize("wrap", [by_textwrap, by_fold, by_hand])
def test_a_wrapped_text_is_whole_again(wrap: Callable[[str, int], str], width: int) -> None:
    wrapped = "\n\n".join((HEAD, *(wrap(paragraph, width) for paragraph in PARAGRAPHS)))
    assert join_wrapped_lines(wrapped) == WHOLE
    assert join_wrapped_lines(WHOLE) == WHOLE
    assert read_document("a.txt", wrapped.encode()).text == WHOLE
    assert read_document("a.md", wrapped.encode()).text == wrapped


def test_marks_above_letters_take_no_column() -> None:
    pointed = PARAGRAPHS[0].replace("قالت", "قَالَتْ").replace("المحطة", "المَحَطَّةَ").replace("العمل", "العَمَلَ")
    lines = textwrap.wrap(PARAGRAPHS[0], 70)
    words = iter(pointed.split())
    wrapped = "\n".join(" ".join(next(words) for _ in line.split()) for line in lines)
    assert join_wrapped_lines(wrapped) == pointed


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        "\n".join(PARAGRAPHS),
        HEAD,
        # a list of headlines
        "وزير الخارجية يستقبل نظيره الفرنسي في دمشق اليوم\nرئيس الوزراء يفتتح معرض الكتاب السنوي في حلب أمس\n"
        "وزارة الصحة تطلق حملة تلقيح جديدة في المدارس\nالبرلمان يقر قانون البلديات بعد نقاش طويل جدا",
        # verses
        "على قدر أهل العزم تأتي العزائم وتأتي على قدر الكرام المكارم\n"
        "وتعظم في عين الصغير صغارها وتصغر في عين العظيم العظائم\n"
        "يكلف سيف الدولة الجيش همه وقد عجزت عنه الجيوش الخضارم",
        # a sentence a line
        "قال الوزير إن الطرفين اتفقا على التنسيق، ثم عاد.\nوأضاف الوزير أن المحادثات ستستمر في سوتشي.\n"
        "وبحث الوزيران الوضع في إدلب، وفرص التهدئة قبل الشتاء.\nوعاد الوفد إلى موسكو مساء أمس بعد زيارة قصيرة.",
        # points
        "- رئيس النادي: المهاجم السوري وقّع في أضنة لثلاثة مواسم، ونصف\n"
        "- النادي يلوّح باللجوء إلى القضاء إذا لم يلتحق اللاعب، وغيره\n"
        "- الوكيل: العقد باطل لأن التوقيع لم يكن أمام شاهد، ولا كاتب",
        "---\ntitle: افتتاح محطة لتحلية المياه في مرجان، وأخرى في الساحل القريب\n"
        "source: صحيفة المتوسط\ndate: 2020-03-04\n---\nقال.",
    ],
)
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert join_wrapped_lines(text) == text


@pytest.mark.parametrize("path", sorted(SEEDS.iterdir()), ids=lambda path: path.name)
def test_the_seeds_stay_as_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert join_wrapped_lines(text) == text
