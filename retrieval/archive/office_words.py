"""The words of an office that stand between a verb and whoever holds it: «قال مدير جمارك دير الزور حسان الصطوف».

They tell, too, that a name is not who acts: «قال محامي القذافي», «قال الناطق باسم الرئيس الأسد».
"""

from __future__ import annotations

from retrieval.expressions.known_names import place_in_english
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.word_tables import word_table
from retrieval.grounding.verbs import is_verb
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import load_lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.nlp.word_lists import normalised, read_word_lists

_WORDS = read_word_lists("archive", "speech")
_BETWEEN, _WITHIN = normalised(_WORDS["between"]), normalised(_WORDS["within"])
_DEFINITE = ("ال", "بال", "لل", "وال")
_OF_HIS = ("ه", "ها", "هم", "هما")  # «لنظيره»: as written, where «ة» is no pronoun
_PRONOUNS = ("ه", "ها", "هم", "هما", "نا")
_LEADS_AWAY = "وفبلك"  # particles on a word, of which one that is no letter of its own leads to something else


def may_be_office(quote: QuoteTokens, at: int, end: int) -> bool:
    """Tell whether a word between a verb and a name, which begins at `end`, may be one of the office of its bearer."""
    word = quote.words[at]
    if word in _BETWEEN or is_title(word):
        return True
    if word in _WITHIN:  # «الناطق باسم الجيش», «المدير في الوزارة»
        return any(map(_is_place_of_office, quote.words[at + 1 : min(at + 3, end)]))
    if word.isascii() or word in ARABIC_STOP or word in word_table("persons", "given"):
        return False
    if word.startswith("وال"):  # «وزير الشباب والرياضة», and not «والوزير»
        return at > 0 and is_definite(quote.words[at - 1]) and not is_title(word[1:])
    if is_definite(word):
        return not (word.startswith("لل") and is_title(f"ال{word[2:]}"))
    written = quote.text[quote.tokens[at].start : quote.tokens[at].end]
    return not written.endswith(_OF_HIS) and _is_noun_of_office(word)


def _is_place_of_office(word: str) -> bool:
    """Tell whether an office may be within a word: «في الوزارة», «إلى ليبيا», and not «باسم الرئيس»."""
    return (is_definite(word) and not is_title(word)) or place_in_english(word, load_lexicon()) is not None


def _is_noun_of_office(word: str) -> bool:
    """Tell whether a word without an article may go on an office: a noun or a place that the lexicon knows."""
    lexicon = load_lexicon()
    if word in word_table("persons", "organisations") or word in word_table("places", "heads"):
        return True  # «وزارة» too, which is a verb in other letters
    if word not in lexicon.forms and word[0] in _LEADS_AWAY:
        # «لوزارة الصحة», «بجامعة مصراتة», and not «وزوجته», «لوزير»
        return word[0] in "بل" and word[1:] in lexicon.forms and not is_title(word[1:])
    return not is_verb(word) and (bool(lexicon.headwords(word)) or place_in_english(word, lexicon) is not None)


def is_owner(quote: QuoteTokens, verb: int, first: int) -> bool:
    """Tell whether a name only says whose somebody is who stands before it, as far as the words between them tell."""
    before = next((at for at in range(first - 1, verb, -1) if quote.words[at] not in _BETWEEN), verb)
    if before == verb or _is_parted(quote, before):
        return False
    word = quote.words[before]
    if not is_definite(word):
        return not (_is_his(word) or place_in_english(word, load_lexicon()))
    if not is_title(word) or before - 1 == verb or _is_parted(quote, before - 1):
        return False
    leading = quote.words[before - 1]  # «مدير المستشفى الدكتور علاء», and not «مكتب الرئيس الأسد»
    return not (is_definite(leading) or _is_his(leading) or place_in_english(leading, load_lexicon()))


def is_one_office(quote: QuoteTokens, verb: int, first: int) -> bool:
    """Tell whether what stands between a verb and a name is nothing, or one title of the name's bearer."""
    between = [word for word in quote.words[verb + 1 : first] if word not in _BETWEEN]
    return not between or (is_title(between[0]) and sum(map(is_title, between)) == 1)


def is_definite(word: str) -> bool:
    """Tell whether a normalised word has an article."""
    return word.startswith(_DEFINITE)


def is_title(word: str) -> bool:
    """Tell whether a normalised word is a title of a person, with an article or without.

    >>> is_title("الوزير"), is_title("وزاره")
    (True, False)
    """
    return any(form in word_table("persons", "titles") for form in bare_forms(word, particles=0))


def _is_his(word: str) -> bool:
    """Tell whether a word is a title with a pronoun: «محاميه»."""
    return any(is_title(word.removesuffix(ending)) for ending in _PRONOUNS if word.endswith(ending))


def _is_parted(quote: QuoteTokens, at: int) -> bool:
    """Tell whether a comma or a bracket stands behind a token."""
    return any(sign in quote.gap(at) for sign in "،,()")
