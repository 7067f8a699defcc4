from __future__ import annotations

import re
import shutil
import subprocess
from html import escape
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.servers.web import WebServer, gives

from retrieval.provenance import LONGEST_ADDRESS, LONGEST_EXACT, Provenance, text_fragment

PAGE = "https://news.example/a?b=1"


def terms(fragment: str) -> list[str]:
    """Return the terms of a text directive as a browser parses them: parted by commas, then decoded."""
    directive = fragment.partition(":~:text=")[2]
    assert "&" not in directive  # it would end the directive
    parts = directive.split(",")
    assert not any(part.startswith("-") or part.endswith("-") for part in parts)  # a prefix or a suffix
    return [unquote(part, errors="strict") for part in parts]


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=LONGEST_EXACT).filter(str.strip))
def test_a_short_quote_is_named_whole_whatever_its_signs(quote: str) -> None:
    words = " ".join(quote.split())
    fragment = text_fragment(quote)
    assert fragment.isascii()
    found = terms(fragment)
    assert found == [words] if len(found) == 1 else words.startswith(found[0]) and words.endswith(found[1])
    assert len(found) == 1 or "\n" in "\n".join(quote.splitlines())


def test_a_quote_of_several_paragraphs_is_named_by_its_ends() -> None:
    quote = "قال الوزير أمس في بيان له إن الجسر افتتح.\n\nوأضاف أن كلفته 340 مليون جنيه.\n"
    assert terms(text_fragment(quote)) == ["قال الوزير أمس في بيان", "أن كلفته 340 مليون جنيه."]
    assert terms(text_fragment("قال أمس.\n\nوأضاف أن كلفته 340.")) == ["قال أمس.", "وأضاف أن كلفته 340."]


def test_the_end_of_a_long_quote_stands_nowhere_earlier_in_it() -> None:
    again = "في العاصمة دمشق يوم الثلاثاء"
    quote = f"بدأ الاجتماع الوزاري الثالث هذا الأسبوع {again} {'طويلا ' * 60}ثم انتهى أخيرا {again}"
    start, end = terms(text_fragment(quote))
    assert quote.startswith(start)
    assert end.endswith(again)
    assert quote.index(end, len(start)) + len(end) == len(quote)


@pytest.mark.parametrize(
    ("url", "begins"),
    [
        (PAGE, f"{PAGE}#:~:text="),
        (f"{PAGE}#part-2", f"{PAGE}#part-2:~:text="),
        (f"{PAGE}#:~:text=old", f"{PAGE}#:~:text="),
        ("http://news.example/خبر", "http://news.example/%D8%AE%D8%A8%D8%B1#:~:text="),
        ("https://news.example/%D8%AE", "https://news.example/%D8%AE#:~:text="),
    ],
)
def test_a_link_leads_to_the_place_of_a_quote(url: str, begins: str) -> None:
    link = Provenance(url=url).link_to("قال: «نعم»")
    assert link is not None
    assert link.startswith(begins)
    assert link.isascii()
    assert urlsplit(link).hostname == "news.example"


@pytest.mark.parametrize(
    "url",
    [None, "", "news.example/a", "javascript:alert(1)", "file:///etc/passwd", "http://", "https://a b/", "http://[x"],
)
def test_what_is_no_address_of_the_web_is_no_link(url: str | None) -> None:
    assert Provenance(url=url).link_to("نص") is None


CHROMIUM = shutil.which("chromium")
QUOTES = {
    "/signs": ("قال لافروف: «لا-نعم, كذا & كذا» (رويترز)، وبلغت الكلفة 340 مليون جنيه.",),
    "/paragraphs": ("افتتح الوزير الجسر أمس في أسوان.", "وقال إن كلفته 340 مليون جنيه، وطوله 1800 متر."),
    "/long": (f"بدأ الاجتماع في دمشق {'واستمرت المباحثات طويلا ' * 20}ثم انتهى الاجتماع في دمشق.",),
}


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")
def test_a_browser_goes_to_the_quote(web: WebServer) -> None:
    between = "".join(f"<p>فقرة {number} لا شأن لها بما يُبحث عنه.</p>" for number in range(300))
    script = "<script>setTimeout(() => { document.title = 'at ' + Math.round(scrollY) }, 1500)</script>"
    places = {}
    for path, paragraphs in {**QUOTES, "/none": ("ما ليس في الصفحة",)}.items():
        held = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs if path != "/none")
        web.pages[path] = gives(f"<!doctype html><meta charset=utf-8>{between}{held}{between}{script}")
        link = Provenance(url=web.url(path)).link_to("\n\n".join(paragraphs))
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom"]
        shown = subprocess.run([str(CHROMIUM), *options, str(link)], capture_output=True, timeout=120, check=True)
        places[path] = int(re.findall(r"<title>at (\d+)</title>", shown.stdout.decode())[0])
    assert places.pop("/none") == 0
    assert min(places.values()) > 5_000


def test_an_address_is_never_longer_than_what_speaks_http_must_take() -> None:
    """A quote that says one word again and again has no end that a few words name."""
    page = "https://example.org/a"
    assert Provenance(url=page).link_to("كلمة " * 2_000) == page
    assert Provenance(url=page + "a" * LONGEST_ADDRESS).link_to("كلمة") is None
