"""PDFs as programs print them: every word and number of what was printed, as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.readers.pdf import read_pdf

PRINTED = Path(__file__).parent / "printed"

AIRPORT = """وزارة النقل تعلن موازنة مطار الواحة الدولي
بلدة الواحة – وكالة المنار، 12 مارس 2021
أعلن وزير النقل سامر الحداد يوم الجمعة أن كلفة توسعة مطار الواحة (OAS) بلغت 1,450 مليون دولار، أي بزيادة 12.5% عن \
عام 2019، وأن شركة Siemens AG نفذت 35 كيلومترا من خطوط السكة.
وقال الحداد إن الطاقة الاستيعابية سترتفع من 3 إلى 7.2 ملايين مسافر سنويا، وإن الرحلة رقم MS-804 ستكون الأولى في \
01/05/2021 عند الساعة 14:30.
وأضاف بمشيئة الله تعالى ستفتتح الصالة الثالثة، وحذّر من تأخُّر المقاول «بنّاء الخليج» عن الموعد المحدَّد. وتقع المنشآت \
الملحقة في حيّ الإسماعيلية خلف الملاعب الأولمبية.
درجة الحرارة في المدرج ٤٧ درجة مئوية، والرطوبة ٦٠٪ بحسب هيئة الأرصاد.
البند المبلغ (مليون)
المدرج 620
الصالات 830"""
WATER = """افتتاح محطة تحلية المياه في العقبة
القسم الرئيسي - عدد 5161
2 جمادى الآخرة 1444 (26 ديسمبر 2022)
إن المحطة تنتج 5,300 متر مكعب يوميا، وإن كلفتها بلغت 84.5 مليون دينار (119 مليون دولار).
وأكدت المهندسة لينا الخلايلة أن الأجور ارتفعت بنسبة 7.5%، وأن نسبة الملوحة بين 3-5 غرامات/لتر، ودرجة الحرارة -2 ليلا.
البريد: info@aqaba-water.example والموقع www.aqaba-water.example/ar والهاتف
962 3 201 4500.
وقَّع العَقْدَ وزيرُ المياهِ يومَ الأحدِ في مدينةِ العَقَبةِ بحضورِ ٣٥٠ مدعوًّا."""
HARVEST = """تقرير هيئة الإحصاء عن حصاد القمح في الحسكة
بلغ الإنتاج ١٢٣٤ طنا في عام ٢٠٢٢ مقابل ١٬٠٩٨ طنا في عام ٢٠٢١.
وقال المدير محمد الجاسم إن 1234 مزارعا استفادوا من 45.5 مليون ليرة."""


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("chromium-naskh", AIRPORT),
        ("chromium-sans", AIRPORT),
        ("chromium-amiri", AIRPORT),
        ("libreoffice-naskh", WATER),
        ("libreoffice-amiri", WATER),
        ("cairo-dejavu", WATER),
        ("fpdf2-amiri", HARVEST),
        ("reportlab-scaled", HARVEST),
        ("reportlab-matrix", HARVEST),
    ],
)
def test_a_printed_page_is_read_as_it_was_written(name: str, written: str) -> None:
    text = read_pdf((PRINTED / f"{name}.pdf").read_bytes()).text
    assert [line for line in written.splitlines() if line not in text] == []


def test_a_letter_that_the_file_does_not_name_is_seen_to_be_lost() -> None:
    text = read_pdf((PRINTED / "weasyprint-sans.pdf").read_bytes()).text
    assert "مزارعون بتعويض \ufffd يقل عن 18 ألفا" in text  # «لا», without which the sentence says the opposite
