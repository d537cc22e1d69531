"""Names out of a file look like themselves wherever Streamlit would make something of them."""

import re

from playwright.sync_api import Page, Request, expect

from lstm_viz.data.reading.naming import one_line
from lstm_viz.ui.say import ISOLATE, ISOLATED, JOINER
from tests.ui.hostile_names import NAMES

MADE = ".katex, img, em, code, del, sub, blockquote, ul, ol, hr, pre, [data-testid=stIconEmoji]"
"""What markdown makes of such names."""
PLACES = {
    "text": ".stMarkdown p >> nth=0",
    "bold text": ".stMarkdown strong",
    "caption": "[data-testid=stCaptionContainer] p",
    "heading": "h3",
    "error": "[data-testid=stAlertContentError] p",
    "button": ".stButton button >> nth=0",
    "link": "[data-testid=stPageLink] a",
    "progress": "[data-testid=stProgress] p",
    "table": "table th >> nth=-1",
    "expander": "summary p",
}


def seen(text: str) -> str:
    """Without what is not seen."""
    return re.sub(f"[{JOINER}{ISOLATE}{ISOLATED}]", "", text)


def test_a_name_looks_like_itself_in_each_kind_of_place(page: Page, parts_url: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.goto(f"{parts_url}/?part=plain")
    expect(page.locator(f".st-key-name-{len(NAMES) - 1} summary p")).to_be_visible()
    for number, name in enumerate(NAMES):
        place = page.locator(f".st-key-name-{number}")
        for what, where in PLACES.items():
            said = seen(place.locator(where).inner_text())
            if what == "caption":
                said = said.removeprefix("Held equal: Data (").removesuffix(").")
            assert said == one_line(name), what
        assert place.locator(MADE).count() == 0, name
        links = place.locator("a").evaluate_all("all => all.map(a => a.href)")
        assert links == ["https://example.org/"], name
    page.locator(".st-key-name-0 .stButton button").first.hover()
    tip = page.locator("[data-testid=stTooltipContent]")
    expect(tip).to_be_visible()
    assert seen(tip.inner_text()) == NAMES[0]
    assert tip.locator("a, img").count() == 0
    assert not [each for each in asked if not each.startswith((parts_url, "data:", "blob:"))]
