"""Who does what to whom."""

from __future__ import annotations

import pytest
from support.builders.claims import read_scene

from retrieval.grounding.roles import exchanged_roles

CHARGE = "واتهمت طهران الولايات المتحدة بخرق الاتفاق، وطلب الرئيس الإيراني حسن روحاني من فرنسا توضيحات."
RAID = "وقتل 9 مدنيين وجرح 5 آخرون في غارة على بلدة سراقب، فيما تتقدم قوات النظام نحو البلدة."
TOWN = "انتهت المعارك بسيطرة الجيش الليبي على مدينة غريان بعد انسحاب مقاتلي حكومة الوفاق."
VISIT = "وصل رئيس الوزراء العراقي محمد السوداني إلى أنقرة، وبدأ زيارة إلى تركيا التقى خلالها الرئيس رجب طيب أردوغان."
MEETING = "بحث وزير الدفاع المصري محمد زكي مع نظيره الفرنسي سيباستيان لوكورنو التعاون العسكري."
VICTIM = "قال شهود إن مسلحين مجهولين قتلوا الصحفي، واعتقلت الشرطة ثلاثة أشخاص."


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Iran accused the United States of breaching the deal.", CHARGE),
        ("Washington was accused by Tehran of breaching the deal.", CHARGE),
        ("اتهمت إيران واشنطن بخرق الاتفاق.", CHARGE),
        ("اتُّهمت واشنطن من قبل إيران بخرق الاتفاق.", CHARGE),
        ("Rouhani asked Paris for clarifications.", CHARGE),
        ("Nine civilians were killed in a raid on Saraqib.", RAID),
        ("قتل تسعة مدنيين في غارة على سراقب.", RAID),
        ("The Libyan army took control of Gharyan.", TOWN),
        ("سيطر الجيش على غريان.", TOWN),
        ("Iraqi Prime Minister Mohammed al-Sudani visited Turkey and met President Erdogan.", VISIT),
        ("زار السوداني تركيا والتقى أردوغان.", VISIT),
        ("The Egyptian defence minister discussed military cooperation with his French counterpart.", MEETING),
        ("Unknown gunmen killed the journalist.", VICTIM),
        ("The police arrested three people.", VICTIM),
    ],
)
def test_who_does_what_in_the_text_stands(sentence: str, text: str) -> None:
    assert read_scene(exchanged_roles, sentence, text) == []


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The United States accused Iran of breaching the deal.", CHARGE),
        ("Tehran was accused by Washington of breaching the deal.", CHARGE),
        ("اتهمت الولايات المتحدة إيران بخرق الاتفاق.", CHARGE),
        ("اتُّهمت طهران من جانب واشنطن بخرق الاتفاق.", CHARGE),
        ("France asked the Iranian president for clarifications.", CHARGE),
        ("طلبت فرنسا من إيران توضيحات.", CHARGE),
        ("The opposition killed nine civilians in Saraqib.", RAID),
        ("قتلت المعارضة تسعة مدنيين في سراقب.", RAID),
        ("Al-Sudani met Erdogan during a visit to Iraq.", VISIT),
    ],
)
def test_who_does_what_another_does_is_found(sentence: str, text: str) -> None:
    assert read_scene(exchanged_roles, sentence, text)
