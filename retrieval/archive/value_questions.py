"""Questions for the value of which sources are compared: "the number of dead" is asked for as "how many dead"."""

from __future__ import annotations

from retrieval.nlp.analysis import language_of, tokens, words
from retrieval.nlp.word_lists import read_word_lists
from retrieval.search.question_words import is_asking


def value_questions(subject: str) -> list[str]:
    """Return the questions that ask how many or how much there is of a subject, the likelier one first.

    >>> value_questions("عدد القتلى في السيول")
    ['كم عدد القتلى في السيول؟', 'كم القتلى في السيول؟']
    >>> value_questions("number of people killed")
    ['how many people killed?', 'how much number of people killed?']
    >>> value_questions(""), value_questions("when the bridge fell")
    ([], ['when the bridge fell'])
    """
    if not words(subject):
        return []
    said = tokens(subject)
    if is_asking(said[0].text):
        return [subject]
    counting = frozenset(words(read_word_lists("archive", "intents")["counting_heads"]))
    first = next((at for at, token in enumerate(said) if token.text not in counting), 0)
    counted = subject[said[first].start :]
    if language_of(subject) == "ar":
        return list(dict.fromkeys((f"كم {subject}؟", f"كم {counted}؟")))
    return [f"how many {counted}?", f"how much {subject}?"]
