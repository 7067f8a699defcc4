"""Answers as the renderings of them are tested with: found, declined and generated."""

from __future__ import annotations

from dataclasses import replace

from retrieval.types import (
    Answer,
    AnswerExpression,
    Article,
    Citation,
    CoverageSummary,
    ExpressionKind,
    LLMFailure,
    Sentence,
    SmallTalk,
    Span,
)

TEXT = "وصل الوزير إلى أنقرة. وقالت Reuters إن اللقاء كان في 2019-05-15، وغادر بعده."


ARTICLE = Article("a1b2c3d4e5f6", "one.txt", TEXT, (Span(0, len(TEXT)),), title="الوزير في أنقرة", source="رويترز")


TWIN = Article("0f0f0f0f0f0f", "sub/two.txt", TEXT, (Span(0, len(TEXT)),), published="2019-05-15")


LABELS = {article.article_id: article.label for article in (ARTICLE, TWIN)}


def citation(number: int, article: Article, quote: str) -> Citation:
    start = article.text.index(quote)
    return Citation(
        number=number,
        article_id=article.article_id,
        path=article.path,
        title=article.title,
        source=article.source,
        published=article.published,
        quote=quote,
        start=start,
        end=start + len(quote),
        score=0.9,
    )


ARRIVED = "وصل الوزير إلى أنقرة."


SAID = "وقالت Reuters إن اللقاء كان في 2019-05-15، وغادر بعده."


def found(language: str = "ar") -> Answer:
    return Answer(
        question="متى وصل الوزير؟" if language == "ar" else "When did the minister arrive?",
        language="ar" if language == "ar" else "en",
        found=True,
        mode="extractive",
        sentences=(Sentence(ARRIVED, (1, 2)), Sentence(SAID, (3,))),
        citations=(citation(1, ARTICLE, ARRIVED), citation(2, TWIN, ARRIVED), citation(3, ARTICLE, SAID)),
        covered=None,
        missing=(),
        seconds=0.01234567,
    )


def with_expression(
    answer: Answer, number: int, text: str, *, english: str | None = None, kind: ExpressionKind = "date"
) -> Answer:
    """Return an answer in one of whose quotes some words are what was asked for."""

    def marked(cited: Citation) -> Citation:
        if cited.number != number:
            return cited
        start = cited.quote.index(text)
        return replace(cited, expression=AnswerExpression(text, start, start + len(text), kind, english))

    return replace(answer, citations=tuple(map(marked, answer.citations)))


def declined(language: str = "ar", missing: tuple[str, ...] = (), covered: CoverageSummary | None = None) -> Answer:
    return Answer(
        question="؟",
        language="ar" if language == "ar" else "en",
        found=False,
        mode="extractive",
        sentences=(),
        citations=(),
        covered=covered or CoverageSummary(5, ("الوزير في أنقرة", "خبر آخر")),
        missing=missing,
        seconds=0.002,
    )


def generated(language: str = "ar", written: int = 1, notice: LLMFailure | None = None) -> Answer:
    text = "وصل الوزير أنقرة." if language == "ar" else "The minister reached Ankara."
    said = Sentence(text, (1,), ("compared",))
    return replace(found(language), mode="llm", sentences=(said,), written=written, notice=notice)


def nearest(language: str = "ar", missing: tuple[str, ...] = ()) -> Answer:
    """Return quotes that are only the nearest to a question that the articles do not answer."""
    return replace(found(language), found=False, missing=missing)


def replied(language: str = "ar", reply: SmallTalk = "greeting", covered: CoverageSummary | None = None) -> Answer:
    question = "مرحبا" if language == "ar" else "hello"
    return replace(declined(language), question=question, covered=covered, reply=reply)
