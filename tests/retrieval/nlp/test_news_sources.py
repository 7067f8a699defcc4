"""Names of sources in either script, and what is another source."""

from __future__ import annotations

import pytest

from retrieval.nlp.news_sources import is_source


@pytest.mark.parametrize(
    ("asked", "stated"),
    [
        ("Reuters", "رويترز"),
        ("رويترز", "Reuters"),
        ("Reuters", "رويترز العربية نت وكالات"),
        ("العربية", "رويترز العربية نت وكالات"),
        ("وكالة رويترز", "رويترز"),
        ("Asharq al-Awsat", "الشرق الأوسط"),
        ("Asharq Al Awsat", "الشرق الاوسط"),
        ("Al-Sharq al-Awsat", "الشرق الأوسط"),
        ("صحيفة الشرق الأوسط", "الشرق الاوسط"),
        ("Sputnik", "وكالة سبوتنيك"),
        ("Anadolu Agency", "الأناضول"),
        ("Al Jazeera", "الجزيرة نت"),
        ("AlJazeera", "الجزيرة"),
        ("Al Quds Al Arabi", "القدس العربي"),
        ("An-Nahar", "النهار"),
        ("Annahar", "النهار"),
        ("AFP", "أ.ف.ب"),
        ("France Presse", "فرانس برس، وكالات"),
        ("Associated Press", "أسوشييتد برس"),
        ("أسوشيتد برس", "أسوشييتد برس"),
        ("BBC News", "بي بي سي"),
        ("Novosti", "ريا نوفوستي"),
        ("Xinhua", "شينخوا"),
        ("Interfax", "إنترفاكس"),
        ("The Guardian", "الغارديان"),
        ("The New York Times", "نيويورك تايمز"),
        ("Sky News Arabia", "سكاي نيوز عربية"),
        ("SANA", "سانا"),
    ],
)
def test_one_source_in_two_spellings(asked: str, stated: str) -> None:
    assert is_source(asked, stated)


@pytest.mark.parametrize(
    ("asked", "stated"),
    [
        ("", "رويترز"),
        ("رويترز", "سبوتنيك"),
        ("وكالات", "رويترز"),
        ("news", "رويترز"),
        ("Al Arabiya", "العربي الجديد"),
        ("العربية", "العربي الجديد"),
        ("الشرق", "الشرق الأوسط"),
        ("Alquds", "القدس العربي"),
        ("Sana", "سبوتنيك"),
    ],
)
def test_another_source(asked: str, stated: str) -> None:
    assert not is_source(asked, stated)
