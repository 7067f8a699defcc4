"""What the pages name is there: other pages, their headings, files of the project and names in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(page for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")) if page.name != "CHANGELOG.md")
LINK = re.compile(r"\]\((?P<page>[^)#:\s]*)(?:#(?P<heading>[^)\s]*))?\)|(?:src|href)=\"(?P<file>[^\":]+)\"")
FILE = re.compile(r"`((?:bench|bot|deploy|docs|prompts|retrieval|seeds|tests)/[a-z0-9_./-]*)`")
NAME_IN_FILE = re.compile(r"`(\w+)`[^`.]*?\b(?:of|in)\s+`((?:bot|retrieval|tests)/[a-z0-9_./-]*\.py)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MOST_LINES = 150  # of a README

of_each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def anchor(heading: str) -> str:
    """Return what a link to a heading says, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@of_each_page
def test_links_lead_somewhere(page: Path) -> None:
    for found in LINK.finditer(page.read_text(encoding="utf-8")):
        target = page.parent / (found["file"] or found["page"]) if found["file"] or found["page"] else page
        assert target.exists(), found[0]
        if found["heading"]:
            assert found["heading"] in map(anchor, HEADING.findall(target.read_text(encoding="utf-8"))), found[0]


@of_each_page
def test_files_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [path for path in FILE.findall(text) if not (ROOT / path).exists()] == []


@of_each_page
def test_names_stand_in_the_files_that_are_named(page: Path) -> None:
    for name, path in NAME_IN_FILE.findall(page.read_text(encoding="utf-8")):
        assert re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8")), f"{name} in {path}"


@pytest.mark.parametrize("name", ["README.md", "README.ar.md"])
def test_readme_is_short(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_changelog_has_each_heading_once_in_a_version() -> None:
    for version in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        headings = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert sorted(set(headings)) == sorted(headings), version.partition("\n")[0]
