"""The paragraphs of pages: lines are joined where one goes on, in each column by the column's own edges."""

from __future__ import annotations

import pytest

from retrieval.readers.pdf_paragraphs import PageLine, text_of

SIZE = 12.0  # points
LINE = 18.0  # from one line to the next


def column(left: float, right: float, tops: list[float], last: float) -> list[PageLine]:
    """Return full lines of a column, the last of which ends at a place of its own."""
    places = [left] * (len(tops) - 1) + [last]
    return [
        PageLine(f"سطر{right:.0f}{at}", start, right, top, SIZE, False, 30.0)
        for at, (top, start) in enumerate(zip(tops, places, strict=True))
    ]


@pytest.mark.parametrize("count", [2, 3])
def test_a_paragraph_goes_on_in_each_of_several_columns(count: int) -> None:
    width = 500.0 / count
    tops = [700.0 - LINE * at for at in range(4)]
    starts = [500.0 - width * (at + 1) for at in range(count)]
    page = [line for left in starts for line in column(left, left + width - 20, tops, left + width / 2)]
    assert text_of([page]) == "\n\n".join(
        " ".join(line.text for line in page[at : at + 4]) for at in range(0, len(page), 4)
    )


def test_a_paragraph_goes_on_from_the_foot_of_a_column_to_the_head_of_the_next() -> None:
    tops = [700.0 - LINE * at for at in range(4)]
    page = column(260, 500, tops, 260) + column(0, 240, tops, 100)
    assert "\n" not in text_of([page])


def test_full_lines_beside_a_box_of_two_are_parted_by_the_page_s_edges() -> None:
    page = column(0, 500, [700.0, 700 - LINE, 700 - 2 * LINE], 0) + column(300, 400, [740.0, 740 - LINE], 300)
    assert text_of([page]).split("\n\n")[-1] == page[-1].text
