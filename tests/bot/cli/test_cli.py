from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from support.servers.embedding import Reply, serving
from typer.testing import CliRunner, Result

from bot.cli.main import app

ROOT = Path(__file__).parents[3]
SOCHI = "أين التقى لافروف وبومبيو؟"
ENGLISH = "Where did Lavrov meet Pompeo?"
ELSEWHERE = "ماذا قال ترامب عن المريخ؟"


def run(*arguments: str, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed)


def bare(text: str) -> str:
    """Return a text without isolates, and with every duration the same."""
    return re.sub(r"\d+\.\d s", "0.0 s", re.sub("[\u2066-\u2069]", "", text))


@pytest.fixture
def indexed(articles: Path) -> Path:
    assert run("index").exit_code == 0
    return articles


def test_help_teaches_by_examples_in_both_languages() -> None:
    shown = run("--help").output
    assert 'sanad ask "متى' in shown
    assert 'sanad ask "Who' in shown


@pytest.mark.parametrize(
    "command",
    [
        *("chat", "ask", "search", "timeline", "index", "articles", "show", "add"),
        *("feed", "export", "import", "feedback", "doctor"),
    ],
)
def test_every_command_has_help(command: str) -> None:
    assert run(command, "--help").output.startswith(f"Usage: root {command}")


def test_version_is_that_of_the_package() -> None:
    assert run("--version").output == f"sanad {version('sanad')}\n"


def test_first_question_indexes_by_itself(articles: Path) -> None:
    result = run("ask", "-k", "1", SOCHI)
    assert result.exit_code == 0
    assert bare(result.stderr) == "Articles: 3 new; 4 passages, 0.0 s.\n"
    assert bare(result.stdout) == (
        "«التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي.» [1]\n"
        "\n"
        "المصادر:\n"
        "[1] لقاء روسي أمريكي في سوتشي · talks/sochi.txt\n"
    )


def test_english_question_gets_an_english_frame(indexed: Path) -> None:
    assert bare(run("ask", "-k", "1", ENGLISH).stdout) == (
        "From the articles, in their own words:\n"
        "«التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي.» [1]\n"
        "\n"
        "Sources:\n"
        "[1] لقاء روسي أمريكي في سوتشي · talks/sochi.txt\n"
    )


def test_question_beyond_the_articles_is_declined_with_exit_code_0(indexed: Path) -> None:
    result = run("ask", ELSEWHERE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert bare(result.stdout).startswith("لا أجد في المقالات جوابًا عن هذا السؤال.\n")
    assert "في الأرشيف 3 مقالات" in bare(result.stdout)


def test_questions_from_standard_input_are_answered_in_order(indexed: Path) -> None:
    result = run("ask", "--json", typed=f"\ufeff{SOCHI}\r\n\n   \n{ELSEWHERE}\n{ENGLISH}")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(answer["question"], answer["language"], answer["found"]) for answer in answers] == [
        (SOCHI, "ar", True),
        (ELSEWHERE, "ar", False),
        (ENGLISH, "en", True),
    ]


def test_json_citation_is_a_slice_of_the_article(indexed: Path) -> None:
    (citation, *_) = json.loads(run("ask", "--json", SOCHI).stdout)["citations"]
    article = json.loads(run("show", "--json", citation["article_id"]).stdout)
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert article["text"] == (indexed / citation["path"]).read_text(encoding="utf-8")


def test_bytes_that_are_no_text_do_not_stop_the_others(indexed: Path) -> None:
    result = run("ask", "--json", typed=b"caf\xe9 \xff\n" + SOCHI.encode())
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["question"], first["found"], second["found"]) == ("caf\ufffd \ufffd", False, True)


def test_no_input_gives_no_output(indexed: Path) -> None:
    result = run("ask", "--json")
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize("question", ["؟", "🙂", "\x1b[31m\x00", "Où est Lavrov ?", "ل" * 10_000, "\ud800 لافروف"])
def test_strange_question_gets_one_line_of_json(indexed: Path, question: str) -> None:
    result = run("ask", "--json", question)
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)
    assert next(iter(json.loads(result.stdout))) == "question"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", " "], "Invalid value: it is empty."),
        (["ask", "-k", "0", SOCHI], "Invalid value for '-k'"),
        (["search", "-k", "101", SOCHI], "Invalid value for '-k'"),
        (["aks", SOCHI], "No such command 'aks'"),
        (["show"], "Missing argument 'ARTICLE'"),
    ],
)
def test_wrong_usage_exits_2(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not result.stdout


def test_ask_gives_at_most_k_sentences(indexed: Path) -> None:
    answer = json.loads(run("ask", "--json", "-k", "1", "ماذا قال وزير النقل عن جسر النيل؟").stdout)
    assert len([line for line in answer["text"].splitlines() if line.startswith("«")]) == 1


def test_search_json_gives_exact_slices(indexed: Path) -> None:
    found = json.loads(run("search", "--json", "-k", "2", "محصول القمح").stdout)
    assert list(found) == ["query", "language", "filters", "passages", "seconds", "lexical_only", "vectors_pending"]
    assert 1 <= len(found["passages"]) <= 2
    for passage in found["passages"]:
        assert list(passage) == ["article_id", "path", "start", "end", "text", "score", "also_in", "outlets"]
        text = (indexed / passage["path"]).read_text(encoding="utf-8")
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_search_shows_the_best_passage_first(indexed: Path) -> None:
    first, second, *_ = bare(run("search", "كلفة جسر النيل").stdout).split("\n")
    assert first.startswith("1. افتتاح جسر النيل الجديد في أسوان  bridge.txt:")
    assert "340 مليون جنيه" in second


def test_index_counts_what_changed(indexed: Path) -> None:
    (indexed / "harvest.txt").unlink()
    (indexed / "bridge.txt").write_text("خبر جديد عن الجسر والنهر والناس.\n", encoding="utf-8")
    (indexed / "empty.txt").write_text("", encoding="utf-8")
    (indexed / "talks/z.txt").write_bytes((indexed / "talks/sochi.txt").read_bytes())
    result = run("index")
    assert result.exit_code == 0
    counts, *details = bare(result.stdout).splitlines()
    assert counts == "seeds: 0 new, 1 changed, 0 moved, 1 deleted, 1 unchanged, 1 duplicates, 1 failed."
    assert any(line.startswith("  failed     empty.txt: ") for line in details)


def test_index_fails_where_no_file_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "binary.txt").write_bytes(bytes(range(256)) * 8)
    assert run("index").exit_code == 1


def test_articles_are_one_line_each_in_a_pipe(indexed: Path) -> None:
    assert run("articles").stdout.splitlines() == [
        "1\tافتتاح جسر النيل الجديد في أسوان\tوكالة الضفة\t2019-05-14\t2\t-",
        "2\tمحصول القمح في سوريا يتراجع بسبب الجفاف\t-\t-\t1\t-",
        "3\tلقاء روسي أمريكي في سوتشي\t-\t-\t1\t-",
    ]


def test_articles_json_has_the_same_numbers(indexed: Path) -> None:
    listed = json.loads(run("articles", "--json").stdout)
    assert [(entry["number"], entry["path"]) for entry in listed] == [
        (1, "bridge.txt"),
        (2, "harvest.txt"),
        (3, "talks/sochi.txt"),
    ]
    assert list(listed[0]) == [
        "number", "article_id", "path", "title", "source", "author", "published", "dated", "url", "fetched",
        "sha256", "text_sha256", "passages", "story",
    ]  # fmt: skip


@pytest.mark.parametrize("reference", ["3", "talks/sochi.txt", "sochi.txt"])
def test_show_takes_a_number_a_path_or_a_name(indexed: Path, reference: str) -> None:
    shown = bare(run("show", reference).stdout)
    assert shown.splitlines()[:5] == [
        "Title     لقاء روسي أمريكي في سوتشي",
        "Source    -",
        "Author    -",
        "Published -",
        "Path      talks/sochi.txt",
    ]
    assert shown.endswith("وبحث الوزيران الوضع في إدلب وتشكيل اللجنة الدستورية.\n")


def test_show_json_is_stable(indexed: Path) -> None:
    value = json.loads(run("show", "--json", "1").stdout)
    assert list(value) == [
        "article_id", "path", "title", "source", "author", "published", "dated", "url", "fetched", "sha256",
        "text_sha256", "story", "copies", "format",
        "encoding", "text",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["show", "99"], {}, "99"),
        (["ask", SOCHI], {"SANAD_ARTICLES_DIR": "nowhere"}, "SANAD_ARTICLES_DIR"),
        (["ask", SOCHI], {"SANAD_EMBEDDING": "x"}, "SANAD_EMBEDDING: 'x' is not known; known: e5, hashing, "),
        (["index", "nowhere"], {}, "nowhere"),
    ],
)
def test_failure_is_one_message_and_exit_code_1(
    articles: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str], message: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "sanad: " in result.stderr
    assert message in result.stderr


def test_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    result = run("ask", SOCHI)
    assert result.exit_code == 1
    assert result.stderr.startswith("sanad: The articles' folder seeds holds no article (.txt, .md, .html, ")


def test_new_article_counts_in_the_next_question(indexed: Path) -> None:
    (indexed / "volcano.txt").write_text("ثار بركان إتنا في صقلية صباح الأربعاء.\n", encoding="utf-8")
    result = run("ask", "أين ثار بركان إتنا؟")
    assert bare(result.stderr).startswith("Articles: 1 new;")
    assert "ثار بركان إتنا في صقلية صباح الأربعاء." in result.stdout


def test_doctor_finds_everything_in_order(indexed: Path) -> None:
    result = run("doctor")
    assert result.exit_code == 0
    for line in ("SANAD_ARTICLES_DIR seeds (default)", "3 files", "3 articles, ", "quoted from bridge.txt"):
        assert line in result.stdout


def test_doctor_says_what_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_DATADIR", "x")
    result = run("doctor")
    assert result.exit_code == 1
    assert "Did you mean SANAD_DATA_DIR?" in result.stdout


def test_doctor_asks_the_embedding_model_and_shows_no_key(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server:
        monkeypatch.setenv("NO_PROXY", "*")
        monkeypatch.setenv("SANAD_EMBEDDING", "openai-like:tiny")
        monkeypatch.setenv("SANAD_EMBEDDING_BASE_URL", server.url)
        monkeypatch.setenv("SANAD_EMBEDDING_API_KEY", "sk-secret")
        shown = run("doctor").output
        assert "SANAD_EMBEDDING_API_KEY set (environment)" in shown
        assert "64 dimensions in " in shown
        assert server.keys == ["Bearer sk-secret"]
        server.orders = [Reply(401, b'{"error": "no such key: sk-secret"}')]
        result = run("doctor")
        assert result.exit_code == 1
        assert "refuses the key (401: no such key: …)" in " ".join(result.output.split())
        assert "sk-secret" not in shown + result.output


def test_new_articles_are_found_by_their_words_while_the_embedding_model_fails(
    articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as server:
        monkeypatch.setenv("NO_PROXY", "*")
        monkeypatch.setenv("SANAD_EMBEDDING", "openai-like:tiny")
        monkeypatch.setenv("SANAD_EMBEDDING_BASE_URL", server.url)
        assert run("index").exit_code == 0
        (articles / "volcano.txt").write_text("ثار بركان إتنا في صقلية صباح الأربعاء.\n", encoding="utf-8")
        server.orders = [Reply(401)] * 2
        result = run("ask", "أين ثار بركان إتنا؟")
        assert result.exit_code == 0
        said = " ".join(result.stderr.split())
        assert said.startswith("Articles: 1 new;")
        assert "refuses the key (401). Correct SANAD_EMBEDDING_API_KEY. This answers by words" in said
        assert said.endswith("1 article has no vectors yet and is searched by words alone. Make them: sanad index")
        assert "[1]" in bare(result.stdout)
        assert run("ask", "أين ثار بركان إتنا؟").stderr == ""


def test_doctor_hides_a_password_in_an_address(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_EMBEDDING", "ollama:tiny")
    monkeypatch.setenv("SANAD_EMBEDDING_BASE_URL", "http://me:hunter2@localhost")
    result = run("doctor")
    assert result.exit_code == 1
    assert "hunter2" not in result.output


def test_chat_reads_a_pipe_without_prompts(indexed: Path) -> None:
    answered = bare(run("ask", SOCHI).stdout)
    shown = bare(run("chat", typed=f"{SOCHI}\n/sources 1\n/quit\n{SOCHI}\n").stdout)
    assert answered.startswith("«التقى وزير الخارجية")
    assert shown == (
        f"{answered}\n"
        "لقاء روسي أمريكي في سوتشي\n"
        "لقاء روسي أمريكي في سوتشي\n"
        "\n"
        "«التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي.» [1]"
        " وبحث الوزيران الوضع في إدلب وتشكيل اللجنة الدستورية.\n"
    )


def test_output_is_utf_8_where_the_locale_is_not(indexed: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "articles"], capture_output=True, check=True, env=environment, timeout=120
    )
    assert "لقاء روسي أمريكي في سوتشي" in ran.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such pipes")
def test_reader_that_leaves_early_is_no_failure_to_speak_of(indexed: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "articles"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        env=environment,
        timeout=120,
    )
    os.close(writing)
    assert ran.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_a_full_disk_under_the_output_is_one_line(indexed: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "bot", "articles"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=60,
        )
    assert ran.returncode == 1
    assert ran.stderr.decode() == "sanad: the output cannot be written: no space left on the device.\n"


@pytest.mark.parametrize("command", ["ask", "index", "doctor"])
def test_a_data_folder_that_cannot_be_is_named_with_the_setting(
    articles: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("SANAD_DATA_DIR", "/dev/null/x")
    result = run(command, *([SOCHI] if command == "ask" else []))
    assert result.exit_code == 1
    assert "another folder: SANAD_DATA_DIR=FOLDER" in bare(result.output)
