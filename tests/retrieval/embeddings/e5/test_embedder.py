"""The e5 embedder: what the core asks for, from any thread, with failures that say what to do."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from support.builders.e5 import e5, needs_e5, vectors

from retrieval.embeddings.e5.embedder import LONGEST_QUERY, E5Embedder
from retrieval.embeddings.e5.weights_file import packaged_file
from retrieval.errors import EmbeddingError, EndedError
from retrieval.reranking import SentenceInContext

LONG = "وبحث الوزيران الوضع في إدلب. " * 60
PASSAGES = [
    "بلغت كلفة الجسر 340 مليون جنيه، ويبلغ طوله 1800 متر.",
    "تراجع محصول القمح في سوريا هذا العام بسبب الجفاف.",
    "التقى لافروف نظيره الأمريكي بومبيو في سوتشي.",
]


@needs_e5
@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("قديش كلّف الجسر؟", 0),
        ("How much did the bridge cost?", 0),
        ("Why is there less wheat?", 1),
        ("وين اجتمع وزيرا خارجية روسيا وأمريكا؟", 2),
    ],
)
def test_a_question_is_nearest_to_the_passage_that_answers_it(question: str, nearest: int) -> None:
    assert int(np.argmax(vectors(PASSAGES) @ e5().get_query_embedding(question))) == nearest


@needs_e5
def test_vectors_have_length_one_and_stand_in_the_order_of_the_texts() -> None:
    together = vectors(PASSAGES)
    assert together.shape == (3, 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1)
    assert [vectors([text])[0].tolist() for text in PASSAGES] == together.tolist()
    assert e5().get_text_embedding_batch([]) == []


@needs_e5
def test_threads_at_the_same_time_get_the_same_vectors() -> None:
    embedder = E5Embedder(packaged_file() or Path(), threads=2)
    with ThreadPoolExecutor(4) as pool:  # the first ones load it
        passages = [pool.submit(embedder.get_text_embedding_batch, PASSAGES * 3) for _ in range(3)]
        questions = [pool.submit(embedder.get_query_embedding, PASSAGES[0]) for _ in range(6)]
    assert {str(done.result()) for done in passages} == {str(embedder.get_text_embedding_batch(PASSAGES * 3))}
    assert {str(done.result()) for done in questions} == {str(embedder.get_query_embedding(PASSAGES[0]))}


@needs_e5
def test_it_reads_sentences_with_a_question_unless_that_is_left_out() -> None:
    file = packaged_file() or Path()
    reranker = E5Embedder(file).reranker
    assert reranker is not None
    said = reranker.read("كم كلّف الجسر؟", [SentenceInContext(text) for text in PASSAGES])
    assert max(said, key=lambda one: one.rank) is said[0]
    assert E5Embedder(file, reranks=False).reranker is None


@needs_e5
def test_threads_that_load_it_at_the_same_time_read_the_same() -> None:
    embedder = E5Embedder(packaged_file() or Path(), threads=2)
    sentences = [SentenceInContext(text) for text in PASSAGES]
    with ThreadPoolExecutor(4) as pool:
        read = [pool.submit(embedder.read, "كم كلّف الجسر؟", sentences) for _ in range(4)]
    assert {str(done.result()) for done in read} == {str(embedder.read("كم كلّف الجسر؟", sentences))}


@needs_e5
@pytest.mark.parametrize("is_loaded", [False, True])
def test_nothing_is_read_after_the_end(is_loaded: bool) -> None:
    embedder = E5Embedder(packaged_file() or Path())
    if is_loaded:
        embedder.read("كم كلّف الجسر؟", [])
    embedder.end()
    with pytest.raises(EndedError):
        embedder.read("كم كلّف الجسر؟", [SentenceInContext(PASSAGES[0])])


@needs_e5
def test_no_question_waits_behind_passages() -> None:
    embedder = E5Embedder(packaged_file() or Path(), threads=1)
    embedder.read("كم كلّف الجسر؟", [])

    def index() -> None:
        with pytest.raises(EndedError):
            embedder.get_text_embedding_batch([LONG] * embedder.embed_batch_size)

    indexing = threading.Thread(target=index)
    indexing.start()
    while not any(thread.name == "e5" for thread in threading.enumerate()):
        time.sleep(0.01)
    assert embedder.read("كم كلّف الجسر؟", [SentenceInContext(PASSAGES[0])])
    assert indexing.is_alive()
    embedder.end()
    indexing.join(60)
    assert not indexing.is_alive()


@needs_e5
def test_a_reranker_that_cannot_be_loaded_says_what_to_do_and_is_not_tried_again(tmp_path: Path) -> None:
    learnt = tmp_path / "learnt.npz"
    learnt.write_bytes(b"PK\3\4 cut short")
    embedder = E5Embedder(packaged_file() or Path(), learnt=learnt)
    failure = r"^The reranker cannot be loaded \(BadZipFile: .+\)\. Leave it out: SANAD_RERANKER=none\.$"
    for _ in range(2):
        with pytest.raises(EmbeddingError, match=failure):
            embedder.read("كم كلّف الجسر؟", [SentenceInContext(PASSAGES[0])])
        learnt.unlink(missing_ok=True)
    assert len(embedder.get_query_embedding("سند")) == 384


@needs_e5
def test_a_very_long_question_is_cut() -> None:
    beginning = "سوريا إدلب " * LONGEST_QUERY
    assert e5().get_query_embedding(beginning) == e5().get_query_embedding(beginning + "قمح" * 10_000)


@needs_e5
def test_who_waits_for_passages_is_let_go() -> None:
    embedder = E5Embedder(packaged_file() or Path(), threads=1)
    embedder.get_query_embedding("سند")
    caught: list[BaseException] = []

    def ask() -> None:
        try:
            embedder.get_text_embedding_batch([LONG] * 3000)
        except EndedError as error:
            caught.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    embedder.end()
    asking.join(60)
    assert len(caught) == 1
    with pytest.raises(EndedError):
        embedder.get_query_embedding("سند")


def test_a_file_that_cannot_be_loaded_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    gone = tmp_path / "gone.bin"
    embedder = E5Embedder(gone)
    for ask in (lambda: embedder.get_query_embedding("سند"), lambda: embedder.get_text_embedding_batch(["سند"])):
        with pytest.raises(EmbeddingError, match=r"cannot be loaded from .*gone\.bin .*SANAD_EMBEDDING=hashing"):
            ask()


def test_the_name_tells_vectors_apart() -> None:
    assert E5Embedder(Path(), largest=127).model_name == "e5-1571fc98-int8-192-127"
    assert E5Embedder(Path(), largest=63).model_name == "e5-1571fc98-int8-192-63"


def test_making_it_loads_neither_the_runtime_nor_the_file() -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom retrieval.embeddings.e5.embedder import E5Embedder\n"
        "E5Embedder(Path('nowhere'))\nprint('onnxruntime' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8", timeout=60)
    assert ran.stdout.strip() == "False"
