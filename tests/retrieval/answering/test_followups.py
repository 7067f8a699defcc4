from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from support.builders.folder import analysed
from support.servers.model import ModelServer, fails, says, silent

from bot.config.settings import Settings
from bot.config.wiring import make_model, open_index
from retrieval.answering.conversation import turns_in
from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index
from retrieval.search.followups import MOST_TURNS, bounded, needs_context
from retrieval.types import Answer, Turn

SEEDS = Path(__file__).parents[3] / "seeds"
MET, MET_EN = "أين التقى لافروف وبومبيو؟", "Where did Lavrov meet Pompeo?"
LASTED, LASTED_EN = "كم استغرق اجتماع بوتين وبومبيو؟", "How long did the meeting between Putin and Pompeo last?"
KILLED, KILLED_EN = "كم مدنيا قتل في كفرزيتا؟", "How many civilians were killed in Kafr Zita?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with open_index(Settings(data_dir=tmp_path_factory.mktemp("index"))) as opened:
        opened.refresh(SEEDS)
        yield opened


def asked(answer: Answer) -> str:
    assert answer.explanation is not None
    return answer.explanation.asked


def quotes(answer: Answer) -> str:
    return " ".join(citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("before", "question", "understood", "says"),
    [
        (MET, "ومتى كان ذلك؟", "ومتى كان ذلك؟ التقى لافروف وبومبيو", "14 مايو"),
        (MET, "متى كان هذا؟", "متى كان هذا؟ التقى لافروف وبومبيو", "14 مايو"),
        (MET_EN, "And when was that?", "And when was that? Lavrov meet Pompeo", "14 مايو"),
        (MET_EN, "متى كان ذلك؟", "متى كان ذلك؟ Lavrov meet Pompeo", "14 مايو"),
        (MET, "And when was that?", "And when was that? التقى لافروف وبومبيو", "14 مايو"),
        (LASTED, "ومن شارك فيه؟", "ومن شارك فيه؟ استغرق اجتماع بوتين وبومبيو", "جيم جيفري"),
        (LASTED, "من شارك؟", "من شارك؟ استغرق اجتماع بوتين وبومبيو", "جيم جيفري"),
        (LASTED_EN, "and who took part?", "and who took part? meeting Putin Pompeo last", "جيم جيفري"),
        (LASTED_EN, "Who took part?", "Who took part? meeting Putin Pompeo last", "جيم جيفري"),
        (KILLED, "ومن أي عائلة هم؟", "ومن أي عائلة هم؟ مدنيا قتل كفرزيتا", "من عائلة واحدة"),
        (
            KILLED_EN,
            "Were they from one family?",
            "Were they from one family? civilians killed Kafr Zita",
            "عائلة واحدة",
        ),
        ("ما هو القرار 2254؟", "ومتى صدر؟", "ومتى صدر؟ القرار 2254", "في 2015"),
        ("What is resolution 2254?", "When was it issued?", "When was it issued? resolution 2254", "في 2015"),
        ("من ترأس الوفد الروسي؟", "ومن هو؟", "ومن هو؟ ترأس الوفد الروسي", "لافرينتييف"),
        ("ماذا قال بومبيو عن إدلب؟", "وماذا عن لافروف؟", "وماذا عن لافروف؟ إدلب", "إدلب"),
        ("What did Pompeo say about Idlib?", "What about Lavrov?", "What about Lavrov? Idlib", "إدلب"),
    ],
)
def test_follow_up_takes_the_topic_over(index: Index, before: str, question: str, understood: str, says: str) -> None:
    answer = Sanad(index).ask(question, history=[Turn(before, "")])
    assert asked(answer) == understood
    assert says in quotes(answer)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (MET, "كم منشأة صحية تعرضت للقصف؟"),
        (MET, "من هو وزير الخارجية التركي؟"),
        (MET, "ما سبب الزلزال؟"),
        (MET, "وما سبب الزلزال؟"),
        (MET, "لماذا قدم لافروف التعازي لأوغلو؟"),
        (MET, "ومن فاز بكأس العالم؟"),
        (MET, "وماذا قال غوتيريس؟"),
        (MET_EN, "Who called for protecting civilians?"),
        (MET_EN, "And who won the world cup?"),
        (LASTED_EN, "And what caused the earthquake?"),
        ("ما هو القرار 2254؟", "ماذا حدث هذا الأسبوع؟"),
        ("What is resolution 2254?", "Is it true that Turkey offered help?"),
    ],
)
def test_new_subject_drops_the_old(index: Index, before: str, question: str) -> None:
    sanad = Sanad(index)
    answer, alone = sanad.ask(question, history=[Turn(before, "")]), sanad.ask(question)
    assert asked(answer) == question
    assert (answer.found, answer.sentences) == (alone.found, alone.sentences)


def test_follow_up_to_a_follow_up_keeps_the_topic(index: Index) -> None:
    sanad = Sanad(index)
    second = asked(sanad.ask("ومن شارك فيه؟", history=[Turn(LASTED, "")]))
    third = sanad.ask("ومتى كان ذلك؟", history=[Turn(LASTED, ""), Turn(second, "")])
    assert {"بوتين", "وبومبيو"} <= set(asked(third).split())


def test_answer_is_in_the_language_of_the_follow_up(index: Index) -> None:
    assert Sanad(index).ask("And when was that?", history=[Turn(MET, "")]).language == "en"
    assert Sanad(index).ask("متى كان ذلك؟", history=[Turn(MET_EN, "")]).language == "ar"


def test_first_question_has_nothing_to_lean_on(index: Index) -> None:
    assert asked(Sanad(index).ask("ومتى كان ذلك؟")) == "ومتى كان ذلك؟"


def test_history_is_bounded() -> None:
    turns = [Turn(str(number), "") for number in range(9)]
    assert bounded(turns) == tuple(turns[-MOST_TURNS:])


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("ومتى؟", "yes"),
        ("من هو؟", "yes"),
        ("Why?", "yes"),
        ("What did he say about Idlib?", "yes"),
        ("What did Lavrov say about his meeting with Pompeo?", "no"),
        ("من هو وزير الدفاع الروسي؟", "no"),
        ("ماذا قال بوتين هذا العام؟", "no"),
        ("ما الأسباب؟", "perhaps"),
    ],
)
def test_leaning_shows_in_the_words(index: Index, question: str, leans: str) -> None:
    assert needs_context(analysed(index, question)) == leans


# Follow-ups after follow-ups.


def chain(index: Index, *questions: str) -> list[Answer]:
    """Ask one question after the other, as a conversation remembers them."""
    history: tuple[Turn, ...] = ()
    answers = []
    for question in questions:
        answers.append(Sanad(index).ask(question, history=history))
        history = (*history, *turns_in(answers[-1]))
    return answers


@pytest.mark.parametrize(
    "questions",
    [
        (MET, "متى؟", "وين؟", "ومين؟", "ليش؟", "وشو كمان؟", "وبعدين؟"),
        (MET_EN, "when?", "where?", "why?", "what else?", "and then?"),
        (LASTED, "متى؟", "وكم مدة؟", "وين؟", "وماذا أيضا؟"),
    ],
)
def test_a_conversation_keeps_its_subject_and_repeats_nothing(index: Index, questions: tuple[str, ...]) -> None:
    answers = chain(index, *questions)
    for answer in answers[1:]:
        assert "بومبيو" in asked(answer) or "Pompeo" in asked(answer)
        assert answer.found or answer.unsaid
    for before, answer in pairwise(answers[1:]):
        same = [one.text for one in before.sentences] == [one.text for one in answer.sentences]
        assert not (answer.found and same)


def test_a_date_answers_when_though_it_was_quoted_before(index: Index) -> None:
    _, second = chain(index, MET, "متى؟")
    assert second.found
    assert "14 مايو" in quotes(second)


def test_a_dialect_takes_the_subject_over(index: Index) -> None:
    assert asked(chain(index, MET, "وليش؟")[1]) == "وليش؟ التقى لافروف وبومبيو"
    assert asked(chain(index, MET, "وين؟")[1]) == "وين؟ التقى لافروف وبومبيو"


def test_what_follow_ups_asked_between_is_no_part_of_the_subject(index: Index) -> None:
    *_, last = chain(index, MET, "ومن شارك؟", "وكم استغرق؟", "ومتى؟")
    assert {"لافروف", "وبومبيو", "استغرق"} <= set(asked(last).split())
    assert "شارك" not in asked(last)


@pytest.mark.parametrize("history", [[LASTED, "ومتى كان ذلك؟"], [LASTED, "وين؟", "وبعدين؟"]])
def test_turns_that_are_not_said_in_full_lead_to_the_subject_too(index: Index, history: list[str]) -> None:
    answer = Sanad(index).ask("ومن شارك؟", history=[Turn(question, "") for question in history])
    assert {"بوتين", "وبومبيو"} <= set(asked(answer).split())


def test_what_nothing_says_is_said_to_be_unsaid(index: Index) -> None:
    answer = chain(index, "من هو ممثل الأمين العام؟", "قديش؟")[1]
    assert (answer.found, answer.citations, answer.unsaid) == (False, (), "how many")


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("وليش؟", "yes"),
        ("والضحايا؟", "perhaps"),
        ("وشو كمان؟", "yes"),
        ("وبعدين؟", "yes"),
        ("والد الوزير من؟", "perhaps"),
    ],
)
def test_leaning_shows_in_dialects_too(index: Index, question: str, leans: str) -> None:
    assert needs_context(analysed(index, question)) == leans


# With a model.


def made(index: Index, server: ModelServer, timeout: float) -> Sanad:
    settings = Settings(llm="openai-like:m", llm_base_url=server.url, llm_timeout=timeout)
    return Sanad(index, model=make_model(settings))


@pytest.fixture
def sanad(index: Index, server: ModelServer) -> Iterator[Sanad]:
    with made(index, server, 12) as sanad:  # a model that is silent takes its share of this
        yield sanad


@pytest.fixture
def patient(index: Index, server: ModelServer) -> Iterator[Sanad]:
    with made(index, server, 240) as sanad:  # the first call imports LlamaIndex, which takes long on a busy machine
        yield sanad


def test_model_says_the_follow_up_in_full(patient: Sanad, server: ModelServer) -> None:
    server.on("rewrite", says("من شارك في اجتماع بوتين وبومبيو؟"))
    answer = patient.ask("ومن شارك فيه؟", history=[Turn(LASTED, "استغرق ساعتين")])
    assert asked(answer) == "من شارك في اجتماع بوتين وبومبيو؟"
    assert answer.question == "ومن شارك فيه؟"
    assert "استغرق ساعتين" in server.calls[0].prompt


@pytest.mark.parametrize("behaviour", [fails(500), says(""), says("Who took part?"), says("نعم " * 400), silent()])
def test_follow_up_is_understood_without_the_model_where_it_fails(
    sanad: Sanad, server: ModelServer, behaviour: object
) -> None:
    server.on("rewrite", behaviour)  # type: ignore[arg-type]
    assert asked(sanad.ask("ومن شارك فيه؟", history=[Turn(LASTED, "")])).startswith("ومن شارك فيه؟ استغرق")


def test_question_that_stands_alone_costs_no_call(sanad: Sanad, server: ModelServer) -> None:
    sanad.ask("من هو وزير الخارجية التركي؟", history=[Turn(MET, "")])
    assert "rewrite" not in [call.purpose for call in server.calls]
