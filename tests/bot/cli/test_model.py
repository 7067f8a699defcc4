"""The terminal with a language model: streamed answers, notices, /why and --explain, doctor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.servers.model import Behaviour, ModelServer, fails, model_server, says
from typer.testing import CliRunner, Result

from bot.cli.chat import ChatConversation
from bot.cli.main import app
from bot.config.settings import Settings
from bot.config.wiring import make_sanad, open_index
from bot.rendering.draft import AnswerDraft
from bot.rendering.texts import say

SOCHI = "أين التقى لافروف وبومبيو؟"
TRUE = "التقى لافروف وبومبيو في سوتشي {سوتشي}."
QUOTE = "«التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي.»"
FALSE = "التقى لافروف وبومبيو في باريس {سوتشي}."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with model_server() as running:
        monkeypatch.setenv("SANAD_LLM", "openai-like:m")
        monkeypatch.setenv("SANAD_LLM_BASE_URL", running.url)
        monkeypatch.setenv("SANAD_LLM_API_KEY", "sk-secret")
        monkeypatch.setenv("SANAD_LLM_TIMEOUT", "20")
        yield running


def run(*arguments: str, typed: str = "") -> Result:
    result = CliRunner().invoke(app, list(arguments), input=typed)
    assert "sk-secret" not in result.output
    return result


def bare(text: str) -> str:
    return re.sub("[\u2066-\u2069]", "", text)


def test_generated_answer_is_shown_with_its_quote_and_sources(articles: Path, server: ModelServer) -> None:
    server.on("answer", says(TRUE))
    assert bare(run("ask", SOCHI).stdout) == (
        "التقى لافروف وبومبيو في سوتشي. [1] (قورنت أرقامها وأسماؤها، قُرئت مرتين)\n"
        f"  {QUOTE} [1]\n"
        "\n"
        "المصادر:\n"
        "[1] لقاء روسي أمريكي في سوتشي · talks/sochi.txt\n"
    )


def test_json_of_a_generated_answer(articles: Path, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\n{FALSE}"))
    value = json.loads(run("ask", "--json", SOCHI).stdout)
    assert (value["mode"], value["notice"]) == ("llm", None)
    assert value["sentences"] == [
        {"text": "التقى لافروف وبومبيو في سوتشي.", "citations": [1], "readings": ["compared", "read_twice"]}
    ]


def test_failed_model_is_told_in_one_line_over_the_extract(articles: Path, server: ModelServer) -> None:
    server.on("answer", fails(401))
    first, second, *_ = bare(run("ask", SOCHI).stdout).splitlines()
    assert first == "رفض خادم النموذج اللغوي المفتاح؛ فهذا من المقالات بنصها."
    assert second.startswith("«")


def test_chat_shows_sentences_stages_and_follow_ups(articles: Path, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\n{FALSE}"), says("NO_ANSWER"))
    server.on("rewrite", says("متى التقى لافروف وبومبيو؟"))
    shown: list[AnswerDraft | None] = []
    written: list[str] = []
    settings = Settings(llm="openai-like:m", llm_base_url=server.url)
    with open_index(settings) as index, make_sanad(index, settings) as sanad:
        index.refresh(articles)
        chat = ChatConversation(index, sanad, lambda text: written.append(bare(text.plain)), lambda: None, shown.append)
        chat.reply(SOCHI)
        assert written[0].split("\n")[:3] == [
            "التقى لافروف وبومبيو في سوتشي. [1] (قورنت أرقامها وأسماؤها، قُرئت مرتين)",
            f"  {QUOTE} [1]",
            "اجتازت الفحص 1 من 2 من الجمل، وحُذف ما سواها.",
        ]
        chat.reply("ومتى كان ذلك؟")
        chat.reply("/لماذا")
    writing = "الجواب قيد الكتابة؛ وهذا ريثما يكتمل من المقالات بنصها:"
    lines = [draft.line for draft in shown if draft]
    assert lines[:5] == ["أبحث…", "أقرأ 4 مقاطع…", writing, writing, "أكتب…"]
    assert shown[-1] is None
    assert "السؤال كما فُهم: متى التقى لافروف وبومبيو؟" in written[-1]


def test_why_shows_words_ranks_gate_and_checks(articles: Path, server: ModelServer) -> None:
    server.on("answer", says(f"{TRUE}\n{FALSE}"))
    told = bare(run("chat", typed=f"{SOCHI}\n/why\n").stdout)
    account = told[told.index("السؤال كما فُهم") :]
    for part in (
        "بحثت عن:",
        "لافروف",
        "وجدت:",
        "بالكلمات 1 · بالمعنى",
        "والحد الأدنى",
        "فحص الجمل:",
        "حُذفت",
        "باريس",
    ):
        assert part in account


def test_why_before_any_answer_says_what_to_do(articles: Path) -> None:
    assert bare(run("chat", typed="/why\n").stdout).strip() == say("ar", "no_why")


def test_explain_stands_below_the_answer_and_in_json(articles: Path) -> None:
    assert "The question as understood: Where did Lavrov meet Pompeo?" in bare(
        run("ask", "--explain", "Where did Lavrov meet Pompeo?").stdout
    )
    explanation = json.loads(run("ask", "--explain", "--json", SOCHI).stdout)["explanation"]
    assert list(explanation) == ["asked", "words", "model_words", "passages", "gate", "checks"]
    assert explanation["gate"]["covered"] is True
    assert explanation["passages"][0]["lexical_rank"] == 1


def test_json_without_explain_has_no_explanation(articles: Path) -> None:
    assert "explanation" not in json.loads(run("ask", "--json", SOCHI).stdout)


def test_doctor_sends_what_an_answer_sends_and_says_when_the_model_began(articles: Path, server: ModelServer) -> None:
    run("index")
    server.on("answer", says("sanad \x1b[31m", wait=0.3))
    shown = " ".join(run("doctor").stdout.split())
    found = re.search(
        r"openai-like:m, asked with some (\d+) tokens, began to write after (\d\.\d) s: “sanad ␛\[31m”", shown
    )
    assert found, shown
    assert int(found[1]) > 1000
    assert float(found[2]) >= 0.3
    assert "SANAD_LLM_API_KEY set (environment)" in shown
    (call,) = server.calls
    assert all(word in call.prompt for word in ("340 مليون", "سوتشي", "القمح"))


@pytest.mark.parametrize(
    ("failure", "told", "advice"),
    [
        (fails(404), "The server does not know this language model", "Look at SANAD_LLM,"),
        (
            fails(400, "the prompt exceeds the context size of 2048 tokens"),
            "The passages are too long for the language model"
            " (its server: “the prompt exceeds the context size of 2048 tokens”) (HTTP 400)",
            "set SANAD_LLM_PASSAGE_TOKENS lower",
        ),
    ],
)
def test_doctor_says_what_keeps_the_model_from_answering_in_its_server_s_words(
    articles: Path, server: ModelServer, failure: Behaviour, told: str, advice: str
) -> None:
    server.on("answer", failure)
    result = run("doctor")
    shown = " ".join(result.stdout.split())
    assert result.exit_code == 1
    assert f"tokens, failed: {told}" in shown
    assert advice in shown


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (says("1 SAID\n2 NOT غادر"), "openai-like:r took a true sentence for said and a false one not"),
        (says("1 SAID\n2 SAID"), "openai-like:r did not tell true from false"),
        (says("لا أدري"), "openai-like:r gave no verdict on two sentences"),
    ],
)
def test_doctor_has_another_model_read_a_true_and_a_false_sentence(
    articles: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch, reading: Behaviour, told: str
) -> None:
    monkeypatch.setenv("SANAD_READER_LLM", "openai-like:r")
    server.on("read", reading)
    result = run("doctor")
    assert told in " ".join(result.stdout.split())
    assert (result.exit_code != 0) == ("no verdict" in told)


def test_model_that_cannot_be_made_ends_the_command_with_what_to_set(
    articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANAD_LLM", "openai-like:m")
    result = run("ask", SOCHI)
    assert result.exit_code == 1
    assert "Set SANAD_LLM_BASE_URL" in result.stderr
