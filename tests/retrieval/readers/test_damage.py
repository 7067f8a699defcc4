"""However a file is damaged, it is read or refused in one line: nothing else may stop a refresh."""

from __future__ import annotations

import random

import pytest
from support.builders.files import FIRST, PAGE, SECOND, lines, word, zipped
from support.builders.pdf import make_pdf

from retrieval.errors import ArticleError
from retrieval.readers.registry import is_container, read_document, read_members

WHOLE = {
    "a.html": PAGE.format(meta="").encode(),
    "a.pdf": make_pdf([[list(FIRST), list(SECOND)]]),
    "a.docx": word(FIRST, SECOND),
    "a.csv": f"text,title\n{FIRST},x\n".encode(),
    "a.jsonl": lines({"text": FIRST, "id": 3, "author": ["x"]}),
    "a.zip": zipped({"a.txt": FIRST.encode(), "b.zip": zipped({"c.csv": b"text\nx\n"})}),
}


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 3, 20])):
        at, how = chance.randrange(len(changed) + 1), chance.randrange(4)
        if how == 0:
            changed[at:at] = chance.randbytes(8)
        elif how == 1:
            del changed[at : at + chance.choice([1, 10, 200])]
        elif how == 2 and at:
            del changed[at:]
        else:
            changed[at : at + 1] = chance.randbytes(1)
    return bytes(changed)


@pytest.mark.parametrize("name", WHOLE)
def test_damage_is_an_article_error_of_one_line_or_nothing(name: str) -> None:
    chance = random.Random(name)
    reasons: list[str] = []
    for _ in range(60):
        data = damaged(WHOLE[name], chance)
        try:
            if is_container(name):
                list(read_members(name, data, {}))
            else:
                read_document(name, data)
        except ArticleError as error:
            reasons.append(str(error))
    assert reasons
    assert not any("\n" in reason for reason in reasons)
