from __future__ import annotations

import pytest

from retrieval.search.foreign_languages import is_foreign


@pytest.mark.parametrize(
    "text",
    [
        "Combien de personnes sont mortes dans l'accident ?",
        "Quand le pont est tombé",
        "Guten Tag",
        "Wie viele Menschen sind gestorben?",
        "¿Cuándo se derrumbó el puente?",
        "Quando è crollato il ponte?",
        "quando a ponte caiu e quantos morreram",
        "Wanneer is de brug ingestort?",
        "Jembatan itu runtuh kapan?",
        "Köprü ne zaman çöktü?",
        "رئیس جمهور ایران کیست؟",
        "دولت ایران چه گفت",
        "پل کب گرا اور کتنے لوگ ہلاک ہوئے؟",
        "Πότε έπεσε;",
        "다리는 언제 무너졌나요?",
        "चौराहा कब?",
    ],
)
def test_a_language_that_is_not_read_is_known(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who won in Rio de Janeiro?",
        "Did Der Spiegel report on La Liga?",
        "who wrote Quando Quando Quando?",
        "Erdoğan Ankara",
        "Los Angeles fires",
        "Il Divo concert",
        "comment by the minister",
        "die in vain",
        "shu sar bil jisr",
        "kam wa7ad mat bil jisr",
        "شگد عدد القتلى",
        "چان اکو قتلى بالحادث",
        "ماذا قال Emmanuel Macron عن l'Union européenne؟",
        "وزارة الصحة - إدارة الطوارئ ومكافحة الأوبئة",
        "ما معنى كلمة «Москва»؟",
        "2019",
        "",
    ],
)
def test_names_and_dialects_are_no_other_language(text: str) -> None:
    assert not is_foreign(text)
