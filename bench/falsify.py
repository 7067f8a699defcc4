"""One change that makes a true sentence false: another number, date, name, place or polarity.

Each change takes a sentence, the text that supports it, a pool of what else may stand there and a chooser, and
returns the falsified sentence, or None where the sentence has nothing to change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

from retrieval.nlp.analysis import normalise, tokens
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.phonetics import key_of_arabic, keys_in_text, keys_of_latin

T = TypeVar("T")

PLACES = ("countries", "arab and middle eastern places", "capitals and big cities of the world")
_NUMBER_WORDS = {
    "ar": ("ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"),
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "twelve", "twenty", "thirty"),
}
_MONTHS = {
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر",
        "أكتوبر", "نوفمبر", "ديسمبر"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December"),
}  # fmt: skip
_YEAR = re.compile(r"(?<![\d.,])(1[0-9]\d\d|20[0-2]\d)(?![\d.,]*\d)")
_DIGITS = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)*(?![\d])")
_INSERTED = {
    "en": (
        (r"\b(was|were|is|are|can|could|will|would|should|may|might|must)\b(?! not\b|n['’]t)", r"\1 not"),
        (r"\b(has|have|had)\b (?=\w+(?:ed|en)\b)", r"\1 not "),
    ),
    "ar": (
        (r"(?<!\w)(و?)كان(?!\w)", r"\1لم يكن"),
        (r"(?<!\w)(و?)كانت(?!\w)", r"\1لم تكن"),
        (r"(?<!\w)(و?)(يمكن|يجب|يوجد|توجد|يعتبر|تعتبر|يعد|تعد|يتم|تتم)(?!\w)", r"\1لا \2"),
        (r"(?<!\w)(و?)(?:أصبح|اصبح)(?!\w)", r"\1لم يصبح"),
        (r"(?<!\w)(و?)أصبحت(?!\w)", r"\1لم تصبح"),
        (r"(?<!\w)(و?)تم(?!\w)", r"\1لم يتم"),
        (r"(?<!\w)(و?)تمت(?!\w)", r"\1لم تتم"),
        (r"(?<!\w)(و?)أدى(?!\w)", r"\1لم يؤد"),
        (r"(?<!\w)(و?)قال(?!\w)", r"\1لم يقل"),
        (r"(?<!\w)(و?)بدأ(?!\w)", r"\1لم يبدأ"),
        (r"(?<!\w)(و?)بلغ(?!\w)", r"\1لم يبلغ"),
    ),
}
_REMOVED = {
    "en": ((r"\b(\w+) not (?!only\b)", r"\1 "), (r"\bnever ", "")),
    "ar": ((r"(?<!\w)(و?)(?:لم|لن|ليس|ليست|غير) ", r"\1"), (r"(?<!\w)(و?)لا (?!يزال|تزال|سيما|بد)(?=[يت])", r"\1")),
}


def pick(choices: Sequence[T], seed: str) -> T:
    """Return one of the choices, the same for the same seed."""
    return choices[int(sha256(seed.encode()).hexdigest(), 16) % len(choices)]


def number(sentence: str, passage: str, language: str) -> str | None:
    """Return the sentence with one number, no year, changed."""
    found = [match for match in _DIGITS.finditer(sentence) if not _YEAR.fullmatch(match.group())]
    there = set(_DIGITS.findall(normalise(passage)))
    if found:
        match = pick(found, sentence)
        plain = normalise(match.group())
        for step in range(1, 9):
            place = pick(range(len(plain)), sentence + str(step))
            if not plain[place].isdigit():
                continue
            digit = str((int(plain[place]) + step - 1) % 9 + 1)
            changed = plain[:place] + digit + plain[place + 1 :]
            if changed not in there and changed != plain:
                return sentence[: match.start()] + changed + sentence[match.end() :]
    return _other_word(sentence, passage, _NUMBER_WORDS[language])


def date(sentence: str, passage: str, language: str) -> str | None:
    """Return the sentence with a month or a year changed."""
    if changed := _other_word(sentence, passage, _MONTHS[language]):
        return changed
    found = list(_YEAR.finditer(normalise(sentence)))
    if not found or len(normalise(sentence)) != len(sentence):
        return None
    match = pick(found, sentence)
    for step in (1, 2, 3, 5, 7, 11, 13, 17):
        year = str(int(match.group()) + step * pick((1, -1), sentence))
        if year not in normalise(passage):
            return sentence[: match.start()] + year + sentence[match.end() :]
    return None


def _other_word(sentence: str, passage: str, words: Sequence[str]) -> str | None:
    """Return the sentence with one of some words replaced by another that the passage does not have."""
    for word in words:
        match = re.search(rf"(?<!\w)([وبفل]?){word}(?!\w)", sentence)
        others = [other for other in words if other != word and other not in passage and other not in sentence]
        if match and others:
            return sentence[: match.start()] + match.group(1) + pick(others, sentence) + sentence[match.end() :]
    return None


def polarity(sentence: str, _: str, language: str) -> str | None:
    """Return the sentence with a negation taken away, or else one put in."""
    for pattern, instead in (*_REMOVED[language], *_INSERTED[language]):
        if re.search(pattern, sentence):
            return re.sub(pattern, instead, sentence, count=1)
    return None


class Names:
    """The names and places of the data, by which those of a sentence are replaced."""

    def __init__(self, english: Iterable[str], arabic: Mapping[str, str], lexicon: Lexicon) -> None:
        """Collect from English texts, and from Arabic ones given with the English each was translated from."""
        self.lexicon = lexicon
        self.english_places = frozenset(place for section in PLACES for place in lexicon.sections[section])
        self.arabic_places = frozenset(
            normalise(written)
            for section in PLACES
            for equivalents in lexicon.sections[section].values()
            for written in equivalents
            if " " not in written and len(written) > 3 and self._is_place(normalise(written))
        )
        runs = [run for text in english for run in _capitalised(text)]
        self.pool: dict[tuple[str, str], list[str]] = {
            ("name", "en"): sorted({run for run in runs if self._is_name(run)}),
            ("place", "en"): sorted({run for run in runs if run.lower() in self.english_places}),
            ("name", "ar"): sorted({name for text, source in arabic.items() for name in self.of_arabic(text, source)}),
        }
        self.pool["place", "ar"] = sorted(
            {text[s:e] for text in arabic for word, s, e in tokens(text) if word in self.arabic_places}
        )

    def _is_place(self, word: str) -> bool:
        """Tell whether an Arabic word is the name of a place and nothing else."""
        known = self.lexicon.headwords(word)
        return bool(known) and all(headword in self.lexicon.names for headword in known)

    def _is_name(self, run: str) -> bool:
        known = self.lexicon
        return run.lower() not in self.english_places and not any(
            known.equivalents(word.lower()) and word.lower() not in known.sections["people"] for word in run.split()
        )

    def of_arabic(self, text: str, source: str) -> list[str]:
        """Return the words of an Arabic text that sound like a name of its English source and are in no lexicon."""
        keys = {
            key
            for run in _capitalised(source)
            if self._is_name(run)
            for word in run.split()
            for key in keys_of_latin(normalise(word))
            if len(key) > 2
        }
        return [
            text[start:end]
            for word, start, end in tokens(text)
            if len(word) > 3 and not self.lexicon.headwords(word) and key_of_arabic(word) in keys
        ]

    def change(self, kind: str, sentence: str, passage: str, source: str, language: str) -> str | None:
        """Return the sentence with one name or place replaced; `source` is the paragraph in English."""
        if language == "en":
            found = [run for run in _capitalised(sentence) if run in self.pool[kind, "en"]]
        elif kind == "name":
            found = self.of_arabic(sentence, source)
        else:
            found = [sentence[s:e] for word, s, e in tokens(sentence) if word in self.arabic_places]
        if not found:
            return None
        old = pick(found, sentence)
        there = {key for word, _, _ in tokens(passage) for key in keys_in_text(word)}
        for step in range(20):
            new = pick(self.pool[kind, language], f"{sentence}{step}")
            if new.lower() in source.lower() or self._said(new, there, passage):
                continue
            return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, sentence, count=1)
        return None

    def _said(self, name: str, keys: set[str], passage: str) -> bool:
        """Tell whether a passage may have a name, by its sound or its translation."""
        normal = normalise(passage)
        written = [*self.lexicon.words.get(name.lower(), ()), name]
        if any(form in normal for word in written for form in bare_forms(normalise(word))[:1]):
            return True
        return any(
            (keys_of_latin(word) if word.isascii() else {key_of_arabic(word)}) & keys for word, _, _ in tokens(name)
        )


def _capitalised(text: str) -> list[str]:
    """Return the runs of capitalised words that do not begin a sentence."""
    return [match.group() for match in re.finditer(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*", text)]


BY_SCRIPT: Mapping[str, Callable[[str, str, str], str | None]] = {"number": number, "date": date, "polarity": polarity}
