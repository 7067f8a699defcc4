"""The vectors: what is near is found, and a segment is complete and unharmed or an error."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import IndexDamagedError
from retrieval.stores.vectors.embedded import SegmentWriter, VectorIndex
from retrieval.stores.vectors.protocol import VectorRow

EAST, NORTH, NORTH_EAST = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (2.0, 2.0, 0.0)


def write(folder: Path, segment: int, rows: Sequence[VectorRow]) -> None:
    writer = SegmentWriter(folder, segment)
    writer.add(rows)
    writer.seal()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VectorIndex]:
    write(tmp_path, 1, [VectorRow("a:0-9", EAST), VectorRow("b:0-9", NORTH)])
    write(tmp_path, 2, [VectorRow("c:0-9", NORTH_EAST)])
    index = VectorIndex(tmp_path, [1, 2])
    yield index
    index.close()


def test_the_nearest_comes_first_with_its_cosine_similarity(index: VectorIndex) -> None:
    found = index.search((3.0, 0.1, 0.0), 3)
    assert [passage_id for passage_id, _ in found] == ["a:0-9", "c:0-9", "b:0-9"]
    assert [round(similarity, 2) for _, similarity in found] == [1.0, 0.73, 0.03]


def test_the_limit_holds_over_all_segments(index: VectorIndex) -> None:
    assert [passage_id for passage_id, _ in index.search(EAST, 2)] == ["a:0-9", "c:0-9"]


def test_a_text_without_words_is_near_to_nothing(index: VectorIndex) -> None:
    assert {similarity for _, similarity in index.search((0.0, 0.0, 0.0), 3)} == {0.0}


def test_an_index_without_segments_finds_nothing(tmp_path: Path) -> None:
    assert VectorIndex(tmp_path / "none").search(EAST, 3) == []


def test_only_the_segments_that_it_follows_are_searched(index: VectorIndex) -> None:
    assert len(index.search(EAST, 9)) == 3
    index.follow([2])
    assert [passage_id for passage_id, _ in index.search(EAST, 9)] == ["c:0-9"]


def test_the_vectors_are_kept_as_they_were_given(index: VectorIndex) -> None:
    (rows,) = index.rows(1, ["b:0-9", "a:0-9", "unknown"])
    assert {row.row_id: tuple(row.vector) for row in rows} == {"a:0-9": EAST, "b:0-9": NORTH}


def test_a_few_rows_are_compared_in_the_segments_that_hold_them(index: VectorIndex) -> None:
    found = index.among((3.0, 0.1, 0.0), {1: ["b:0-9", "unknown"], 2: ["c:0-9"]})
    assert [row_id for row_id, _ in found] == ["c:0-9", "b:0-9"]
    assert dict(found) == pytest.approx(dict(index.search((3.0, 0.1, 0.0), 3)[1:]))


def test_a_segment_of_many_passages_finds_each_of_them_again(tmp_path: Path) -> None:
    vectors = np.random.default_rng(7).normal(size=(1300, 16)).astype(np.float32)
    write(tmp_path, 1, [VectorRow(f"{at:012x}:0-9", vector) for at, vector in enumerate(vectors)])
    index = VectorIndex(tmp_path, [1])
    found = [index.search(vectors[at].tolist(), 1)[0][0] for at in range(0, 1300, 100)]
    index.close()
    assert found == [f"{at:012x}:0-9" for at in range(0, 1300, 100)]


def test_a_graph_and_a_comparison_with_all_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(7).normal(size=(300, 16)).astype(np.float32)
    write(tmp_path, 1, [VectorRow(f"{at:012x}:0-9", vector) for at, vector in enumerate(vectors)])
    found = []
    for most in (300, 299):
        monkeypatch.setattr("retrieval.stores.vectors.embedded.MOST_COMPARED_OF_SEGMENT", most)
        index = VectorIndex(tmp_path, [1])
        found.append(index.search(vectors[0].tolist(), 20))
        index.close()
    compared, asked = found
    assert [passage_id for passage_id, _ in compared] == [passage_id for passage_id, _ in asked]
    assert [score for _, score in compared] == pytest.approx([score for _, score in asked], abs=2e-4)


@pytest.mark.parametrize("size", [1, 2, 256, 257])
def test_reading_leaves_a_sealed_graph_as_it_is(tmp_path: Path, size: int) -> None:
    write(tmp_path, 1, [VectorRow(f"{at:012x}:0-9", (1.0, float(at))) for at in range(size)])
    before = {file: file.read_bytes() for file in tmp_path.glob("*/*/*")}
    index = VectorIndex(tmp_path, [1])
    assert len(index.search((1.0, 1.0), 300)) == size
    index.close()
    assert len(before) == 5
    assert {file: file.read_bytes() for file in tmp_path.glob("*/*/*")} == before


def test_a_segment_that_was_not_sealed_is_not_read(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, 1)
    writer.add([VectorRow("a:0-9", EAST)])
    writer.abandon()
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        VectorIndex(tmp_path, [1]).search(EAST, 1)


def test_a_segment_is_made_in_place_of_one_that_was_not_sealed(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, 1)
    writer.add([VectorRow("a:0-9", EAST)])
    writer.abandon()
    write(tmp_path, 1, [VectorRow("b:0-9", NORTH)])
    index = VectorIndex(tmp_path, [1])
    assert [passage_id for passage_id, _ in index.search(EAST, 9)] == ["b:0-9"]
    index.close()


def replaced(file: Path) -> None:
    file.write_bytes(b"garbage")


def halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def scrambled(file: Path) -> None:
    file.write_bytes(bytes(byte ^ 0x5A for byte in file.read_bytes()))


@pytest.mark.parametrize("harm", [replaced, halved, scrambled, Path.unlink])
@pytest.mark.parametrize(
    "name",
    [
        *("data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle", "sealed.json"),
        *("row_ids.npy", "row_units.npy"),
    ],
)
def test_a_damaged_segment_is_an_error_that_names_it(tmp_path: Path, name: str, harm: Callable[[Path], None]) -> None:
    vectors = np.random.default_rng(7).normal(size=(200, 16))
    write(tmp_path, 1, [VectorRow(f"{at:012x}:0-9", vector.tolist()) for at, vector in enumerate(vectors)])
    (file,) = tmp_path.rglob(name)
    harm(file)
    with pytest.raises(IndexDamagedError, match="1 cannot be read"):
        VectorIndex(tmp_path, [1]).search(vectors[0].tolist(), 1)


@pytest.mark.parametrize("harm", [replaced, halved, scrambled, Path.unlink])
def test_a_damaged_database_is_an_error_that_names_it(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    write(tmp_path, 1, [VectorRow("a:0-9", EAST)])
    harm(tmp_path / "1" / "chroma.sqlite3")
    with pytest.raises(IndexDamagedError, match="1 cannot be read"):
        VectorIndex(tmp_path, [1]).search(EAST, 1)


def test_no_embedding_model_of_chroma_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; folder = Path(sys.argv[1]);"
        "from retrieval.stores.vectors.embedded import VectorRow, SegmentWriter, VectorIndex;"
        "writer = SegmentWriter(folder, 1); writer.add([VectorRow('a:0-9', (1.0, 0.0))]); writer.seal();"
        "VectorIndex(folder, [1]).search((1.0, 0.0), 1); sys.exit('onnxruntime' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
