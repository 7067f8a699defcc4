"""What a page states of its article: title, author, site and day; nothing that it does not state is guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from retrieval.extraction.datelines import dateline_of
from retrieval.extraction.metadata import Facts, is_outlet_named, statement_of
from retrieval.nlp.analysis import normalise
from retrieval.nlp.display import clean
from retrieval.nlp.news_sources import is_agencies
from retrieval.readers.document import facts_of, host_of, is_placeholder
from retrieval.readers.html_tree import HEADINGS, NAMES, has_no_block, is_apart, is_paragraph, text_of_element, words_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST_HEAD_PART = 120  # code points of what stands about an article between its headline and its first paragraph
MOST_HEAD_PARTS = 80  # elements of a page's head that are looked at
MOST_PARTS_ABOVE = 12  # of them above the headline
_MOST_AUTHOR_WORDS = 8
MOST_THINGS = 500  # of a page's JSON-LD

_DATE_META, _VAGUE_DATE_META, _SITE_META, _TITLE_META, _AUTHOR_META, _ARTICLES = (
    NAMES[kind].split()
    for kind in ("date_meta", "vague_date_meta", "site_meta", "title_meta", "author_meta", "article_types")
)
_DATE_WORDS, _AUTHOR_WORDS, _UPDATED_WORDS, _HEADER_WORDS = (
    frozenset(NAMES[kind].split()) for kind in ("date_words", "author_words", "updated_words", "header_words")
)
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
_PARTING = re.compile(r"\s+[-–—:•·»«]+\s+|\s*\|+\s*")
_SCRIPT_MARKS = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")


class Page:
    """The head of a page, read once: its <meta>, its JSON-LD, its headline and what stands around it."""

    def __init__(self, root: HtmlElement) -> None:
        self._root = root
        self._visible = list(_visible(root))
        self._meta = _meta_of(root)
        self._things = _things_of(root)
        self._article = next((thing for thing in self._things if _is_article(thing)), {})
        self._sites = list(self._site_names())
        self._stated = [title for title in self._said_titles() if title and not is_placeholder("title", title)]
        self._titles = [self._without_site(title) for title in self._stated]
        self.heading = self._find_heading()
        self.title = self._find_title()

    @property
    def is_teaser(self) -> bool:
        """Tell whether the page says that what it shows is not all of the article."""
        return str(self._article.get("isAccessibleForFree", "")).lower() == "false"

    def facts(self) -> Facts:
        """Return what the page states; a line of its head counts where neither <meta> nor JSON-LD nor <time> does."""
        around = list(self._around_heading())
        stated = facts_of({"title": self.title, "author": self._author(), "source": self._site()})
        dated = next((said for day in self._days(around) if (said := facts_of({"published": day}))), {})
        lines: Facts = {}
        for element in around:
            fact = statement_of(text_of_element(element)) or dateline_of(text_of_element(element))
            while fact:
                if fact.value and not (fact.field in ("published", "dated") and dated):
                    lines.setdefault(fact.field, fact.value)
                fact = fact.beside
        lines.pop("title", None)
        if "published" in lines:
            lines.pop("dated", None)
        return lines | stated | dated

    @property
    def address(self) -> str | None:
        """Return the address that the page states as its own, in full."""
        return next((url.strip() for url in self._addresses() if "://" in url and host_of(url)), None)

    def _addresses(self) -> Iterator[str]:
        yield from (link.get("href") or "" for link in self._root.iter("link") if link.get("rel") == "canonical")
        yield from self._meta.get("og:url", ())

    def _named(self, names: list[str]) -> Iterator[str]:
        yield from (value for name in names for value in self._meta.get(name, ()))

    def _said_titles(self) -> Iterator[str]:
        yield from (*self._named(_TITLE_META), self._headline(), self._head_title())

    def _headline(self) -> str:
        headline = self._article.get("headline")
        return clean(headline) if isinstance(headline, str) else ""

    def _head_title(self) -> str:
        found = self._root.find(".//title")
        return text_of_element(found) if found is not None else ""

    # The headline.

    def _find_heading(self) -> HtmlElement | None:
        """Return the element that holds the headline: a heading that the page's title names, else one alone."""
        said = [normalise(title) for title in self._titles]
        headings = [element for element in self._visible if element.tag in HEADINGS[:3]]
        for element in sorted(headings, key=lambda element: str(element.tag)):
            text = normalise(text_of_element(element))
            if (
                len(text.split()) > 1
                and not self._is_site(text)
                and any(text in title or title in text for title in said)
            ):
                return element
        own = [element for element in headings if element.tag == "h1" and not self._is_site(text_of_element(element))]
        if said == []:
            own = own or headings
        if len(own) == 1 or said == []:
            return own[0] if own else None
        return next((element for element in self._visible if self._is_title(element, said)), None)

    def _is_title(self, element: HtmlElement, titles: list[str]) -> bool:
        if not has_no_block(element) or element.tag in ("title", "a", "option"):
            return False
        text = normalise(text_of_element(element))
        return len(text.split()) > 2 and any(title.startswith(text) for title in titles)

    def _find_title(self) -> str | None:
        """Return the title: as its heading has it where the page's title names it too, else without the site's name."""
        stated = next(iter(self._titles), "")
        heading = text_of_element(self.heading) if self.heading is not None else ""
        if heading and (not stated or normalise(heading) in normalise(stated)):
            return heading
        return stated or heading or None

    def _without_site(self, title: str) -> str:
        parts = list(_PARTING.finditer(title))
        if parts and self._is_site(title[parts[-1].end() :]):
            return self._without_site(title[: parts[-1].start()])
        if parts and self._is_site(title[: parts[0].start()]):
            return title[parts[0].end() :]
        return title

    # The site.

    def _site_names(self) -> Iterator[str]:
        yield from self._named(_SITE_META)
        for thing in self._things:
            publisher = thing.get("publisher")
            for name in (
                publisher.get("name") if isinstance(publisher, dict) else publisher,
                thing.get("name")
                if thing.get("@type") in ("WebSite", "NewsMediaOrganization", "Organization")
                else None,
            ):
                if isinstance(name, str) and name.strip():
                    yield clean(name)

    def _is_site(self, name: str) -> bool:
        """Tell whether a name is the site's: it says so itself, or the page, its logo, header or footer does."""
        if is_outlet_named(name):
            return True
        normal = " ".join(normalise(name).split())
        if any(normal == normalise(site) for site in self._sites):
            return True
        return len(normal) > 2 and any(normal in said for said in self._furniture())

    def _furniture(self) -> Iterator[str]:
        for element in self._root.iter("footer", "header", "nav"):
            if next(element.iter("article", "h1"), None) is None:
                yield normalise(text_of_element(element))
        for image in self._root.iter("img"):
            if "logo" in f"{image.get('class')} {image.get('src')} {image.get('id')}".lower() and image.get("alt"):
                yield normalise(image.get("alt") or "")

    def _site(self) -> str | None:
        """Return the site's name, or its address where it states none."""
        addresses = [host for site in self._sites if (host := host_of(site))]
        names = [site for site in self._sites if not host_of(site) and not site.startswith("@")]
        for title in self._stated:
            parts = _PARTING.split(title)
            names += [part for part in (parts[-1], parts[0]) if len(parts) > 1 and self._is_site(part)]
        hosts = [host for url in self._addresses() if (host := host_of(url))]
        return next(iter([*names, *addresses, *hosts]), None)

    # The author.

    def _author(self) -> str | None:
        """Return who wrote, where a field for authors names people and not the site."""
        given = self._article.get("author")
        people = [
            one.get("name") if isinstance(one, dict) else one for one in (given if isinstance(given, list) else [given])
        ]
        named = ["، ".join(name for name in people if isinstance(name, str)), *self._named(_AUTHOR_META)]
        for element in self._visible:
            fields = (element.get("rel"), element.get("itemprop"))
            if "author" in fields or not _AUTHOR_WORDS.isdisjoint(words_of(element)):
                text = text_of_element(element)
                fact = statement_of(text)
                named.append(fact.value or "" if fact and fact.field == "author" else text)
        return next((name for name in map(clean, named) if self._is_author(name)), None)

    def _is_author(self, name: str) -> bool:
        if not name or host_of(name) or self._is_site(name) or is_agencies(name):
            return False
        return len(name.split()) <= _MOST_AUTHOR_WORDS and not re.search(r"[\d:؟?!|]", name)

    # The day.

    def _days(self, around: list[HtmlElement]) -> Iterator[str]:
        """Yield what the page states as the day of publication, the surest first."""
        yield from self._named(_DATE_META)
        yield from self._marked_days(around)
        yield from self._named(_VAGUE_DATE_META)

    def _marked_days(self, around: list[HtmlElement]) -> Iterator[str]:
        if isinstance(day := self._article.get("datePublished"), str):
            yield day
        for element in self._visible:
            if (element.get("itemprop") or "").lower() == "datepublished" or element.get("pubdate") is not None:
                yield element.get("content") or element.get("datetime") or text_of_element(element)
            elif element.get("title") and "published" in words_of(element):  # as hCard and hAtom have it
                yield element.get("title") or ""
        for element in around:
            if element.tag == "time" and _UPDATED_WORDS.isdisjoint(words_of(element)):
                yield element.get("datetime") or text_of_element(element)

    def _around_heading(self) -> Iterator[HtmlElement]:
        """Yield the small elements around the headline: beside it, and down to the first paragraph."""
        at = next((at for at, element in enumerate(self._visible) if element is self.heading), -1)
        yield from self._above(at)
        inside = {id(element) for element in self.heading.iter()} if self.heading is not None else set()
        paragraphs = 0
        for element in self._visible[at + 1 : at + 1 + MOST_HEAD_PARTS + len(inside)]:
            paragraphs += is_paragraph(element)
            if paragraphs > 1:
                return
            # Below a first paragraph, which may be the lead, and without a headline, only what is called a date.
            is_sure = _is_called_date(element) and (at >= 0 or not _is_in_header(element, None))
            if id(element) not in inside and _is_part(element) and (is_sure or (at >= 0 and not paragraphs)):
                yield element

    def _above(self, at: int) -> Iterator[HtmlElement]:
        """Yield what is called a date shortly above the headline, and what stands beside it in the same part."""
        heading = self.heading
        if heading is None:
            return
        text = text_of_element(heading)
        holder = heading
        while (parent := holder.getparent()) is not None and parent.tag != "body" and text_of_element(parent) == text:
            holder = parent
        beside = {id(one) for sibling in holder.itersiblings(preceding=True) for one in sibling.iter()}
        if (parent := holder.getparent()) is None or parent.tag == "body":
            beside = set()
        for element in self._visible[max(0, at - MOST_PARTS_ABOVE) : max(0, at)]:
            is_near = _is_called_date(element) or id(element) in beside
            if is_near and _is_part(element) and not _is_in_header(element, heading):
                yield element


def _is_called_date(element: HtmlElement) -> bool:
    return element.tag == "time" or not _DATE_WORDS.isdisjoint(words_of(element))


def _is_in_header(element: HtmlElement, heading: HtmlElement | None) -> bool:
    """Tell whether an element stands in the head of the site, where the day is that of the visit."""
    holding = set(heading.iterancestors()) if heading is not None else set()
    above = takewhile(lambda one: one not in holding, (element, *element.iterancestors()))
    return any(
        one.tag == "header" or not _HEADER_WORDS.isdisjoint(f"{one.get('class')} {one.get('id')}".lower().split())
        for one in above
    )


def _is_part(element: HtmlElement) -> bool:
    return has_no_block(element) and 0 < len(text_of_element(element)) <= LONGEST_HEAD_PART


def _visible(root: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements of a page's body in its order, but for the parts that are not the article."""
    body = root.find(".//body")
    stack = [body] if body is not None else []
    while stack:
        element = stack.pop()
        if isinstance(element.tag, str) and not is_apart(element) and element.tag not in ("script", "style"):
            yield element
            stack += reversed(element)


def _meta_of(root: HtmlElement) -> dict[str, list[str]]:
    """Return what each <meta> says, by its name in lower case."""
    found: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower().strip()
        if name and (content := clean(meta.get("content") or "")):
            found.setdefault(name, []).append(content)
    return found


def _things_of(root: HtmlElement) -> list[dict[str, Any]]:
    """Return the things of schema.org that the page describes, but for those that are parts of others."""
    waiting: list[Any] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            try:
                waiting.append(json.loads(_SCRIPT_MARKS.sub("", script.text or ""), strict=False))
            except (ValueError, RecursionError):
                continue
    things: list[dict[str, Any]] = []
    while waiting and len(things) < MOST_THINGS:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            things.append(one)
            waiting += [one[key] for key in _NESTED if key in one]
    return things


def _is_article(thing: Mapping[str, Any]) -> bool:
    kinds = thing.get("@type")
    named = [str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])]
    return any(kind.endswith(article) for kind in named for article in _ARTICLES)
