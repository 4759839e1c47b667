"""How the page draws what the app sends: markup, rich text, and every block on every surface."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from playground.things import Sample
from tests.playground.page_world import running_world
from tests.playground.test_blocks_samples import carriers, label, sample

pytest_plugins = ["tests.playground.page_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

DRAWN = """async ([text, verbatim]) => {
  const { textOf } = await import("/page/words.js");
  const { draw } = await import("/page/dom.js");
  const env = { people: new Map([["U1", { name: "Noor" }]]), places: new Map(), zone: "Europe/Lisbon", reader: "U1" };
  const place = document.createElement("div");
  const began = performance.now();
  draw(place, textOf({ type: "mrkdwn", text, verbatim }, env));
  for (const node of place.querySelectorAll("*"))
    for (const name of node.getAttributeNames()) if (name !== "href") node.removeAttribute(name);
  return [place.innerHTML, performance.now() - began];
}"""
RICH = """async (elements) => {
  const { richText } = await import("/page/rich.js");
  const { draw } = await import("/page/dom.js");
  const place = document.createElement("div");
  const env = { people: new Map(), places: new Map(), zone: "Europe/Lisbon", reader: "U1" };
  draw(place, [richText({ type: "rich_text", elements }, env)]);
  return place.querySelector(".words").innerHTML;
}"""

MARKUP = {
    "*bold* _it_ ~gone~ `code`": "<p><strong>bold</strong> <em>it</em> <s>gone</s> <code>code</code></p>",
    "*_both_* and 2*3*4": "<p><strong><em>both</em></strong> and 2*3*4</p>",
    "snake_case_name and * not bold *": "<p>snake_case_name and * not bold *</p>",
    "`*not bold*`": "<p><code>*not bold*</code></p>",
    "one\ntwo\n\nthree": "<p>one<br>two<br><br>three</p>",
    "&gt; quoted\n&gt; still\nnot": "<blockquote>quoted<br>still</blockquote><p>not</p>",
    "&gt;&gt;&gt; all\nof it": "<blockquote>all<br>of it</blockquote>",
    "• one\n• two": "<ul><li>one</li><li>two</li></ul>",
    "```\na *b*\n```": "<pre>a *b*</pre>",
    "<@U1> and <@U9|grace> in <#C1|data>": ("<p><span>@Noor</span> and <span>@grace</span> in <span>#data</span></p>"),
    "<!here> <!channel|@channel>": "<p><span>@here</span> <span>@channel</span></p>",
    ":tada: :no_such_thing:": "<p>🎉 :no_such_thing:</p>",
    "<!date^1804262400^{date_num} {time}|then>": "<p><time>2027-03-05 16:00</time></p>",
    "<!date^x^{date}|fallback>": "<p><time>fallback</time></p>",
    "<https://example.org/a_b_c|a *b*>": '<p><a href="https://example.org/a_b_c">a *b*</a></p>',
    "<mailto:a@example.org>": '<p><a href="mailto:a@example.org">a@example.org</a></p>',
    "https://example.org/x.": '<p><a href="https://example.org/x">https://example.org/x</a>.</p>',
}
HOSTILE = {
    "<javascript:alert(1)|press>": "<p>&lt;javascript:alert(1)|press&gt;</p>",
    "<data:text/html,x|press>": "<p>&lt;data:text/html,x|press&gt;</p>",
    "<script>alert(1)</script>": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<https://evil.example|https://bank.example>": (
        '<p><a href="https://evil.example/">https://bank.example (evil.example)</a></p>'
    ),
    "&lt;!channel&gt;": "<p>&lt;!channel&gt;</p>",
    "&amp;lt;!channel&amp;gt;": "<p>&amp;lt;!channel&amp;gt;</p>",
    "<constructor|x> :constructor: :__proto__:": "<p>&lt;constructor|x&gt; :constructor: :__proto__:</p>",
    "\u202eback\u202c \x00nul": "<p>\u202eback\u202c \x00nul</p>",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """The gallery, with the smallest sample of everything on every surface, and a stranger at the end."""
    everything = tuple(
        Sample(label(each), each.surface, each.payload(sample(each.target, each.surface)))  # type: ignore[arg-type]
        for each in carriers()
    )
    unknown: dict[str, Any] = {"text": "x", "blocks": [{"type": "hologram", "beam": "<b>wide</b>"}]}
    broken: dict[str, Any] = {"text": "x", "blocks": [{"type": "section"}, {"type": "constructor"}, {"type": "card"}]}
    strangers = (Sample("unknown", "message", unknown), Sample("broken", "message", broken))
    async with running_world(everything + strangers) as mentor:
        opened = await browser.new_page()
        await opened.goto(f"{mentor.playground.url}/#gallery")
        await expect(opened.get_by_role("heading", name="Every view")).to_be_visible()
        yield opened
        await opened.close()


@pytest.mark.parametrize("text", MARKUP)
async def test_markup_is_drawn_as_the_workspace_means_it(page: Page, text: str) -> None:
    assert (await page.evaluate(DRAWN, [text, False]))[0] == MARKUP[text]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_markup_stays_words(page: Page, text: str) -> None:
    assert (await page.evaluate(DRAWN, [text, False]))[0] == HOSTILE[text]


async def test_verbatim_leaves_addresses_and_calls_alone(page: Page) -> None:
    text = "https://example.org @here *bold*"
    assert (await page.evaluate(DRAWN, [text, True]))[0] == "<p>https://example.org @here <strong>bold</strong></p>"
    assert "<a" in (await page.evaluate(DRAWN, [text, False]))[0]


@pytest.mark.parametrize("piece", ["*a", "&", "_*~`", "<@", "* a _b", "https://a", ":x"])
async def test_the_longest_text_of_marks_is_read_quickly(page: Page, piece: str) -> None:
    _, took = await page.evaluate(DRAWN, [(piece * 3000)[:3000], False])
    assert took < 400


async def test_rich_text_words_are_never_read_as_markup(page: Page) -> None:
    run = [
        {"type": "text", "text": "*no* <!channel> <b>", "style": {"bold": True, "italic": True}},
        {"type": "link", "url": "javascript:alert(1)", "text": "press"},
        {"type": "link", "url": "https://example.org/", "text": "go"},
    ]
    drawn = await page.evaluate(RICH, [{"type": "rich_text_section", "elements": run}])
    assert drawn.startswith("<p><em><strong>*no* &lt;!channel&gt; &lt;b&gt;</strong></em>press<a href=")
    assert "javascript" not in drawn


async def test_rich_text_lists_quotes_and_code(page: Page) -> None:
    words = [{"type": "text", "text": "a"}]
    item = {"type": "rich_text_section", "elements": words}
    drawn = await page.evaluate(
        RICH,
        [
            {"type": "rich_text_list", "style": "ordered", "indent": 1, "offset": 2, "elements": [item]},
            {"type": "rich_text_quote", "elements": words},
            {"type": "rich_text_preformatted", "elements": words},
        ],
    )
    assert drawn == ('<ol class="indent1" start="3"><li>a</li></ol><blockquote>a</blockquote><pre tabindex="0">a</pre>')


@pytest.mark.parametrize("each", carriers(), ids=label)
async def test_everything_allowed_on_a_surface_has_its_own_drawing(page: Page, each: Any) -> None:
    figure = page.locator("figure.sample", has=page.get_by_text(label(each), exact=True))
    await expect(figure).to_have_count(1)
    assert await figure.locator("details.stranger").count() == 0


async def test_a_stranger_is_shown_as_a_labelled_box_with_its_words_intact(page: Page) -> None:
    figure = page.locator("figure.sample", has=page.get_by_text("unknown", exact=True))
    await expect(figure.locator(".stranger summary")).to_contain_text('A "hologram" block')
    assert "<b>wide</b>" in (await figure.locator(".stranger pre").text_content() or "")


async def test_a_malformed_block_does_not_take_the_page_with_it(page: Page) -> None:
    figure = page.locator("figure.sample", has=page.get_by_text("broken", exact=True))
    await expect(figure).to_be_visible()
    await expect(figure.locator(".stranger summary")).to_contain_text('A "constructor" block')


async def test_a_sample_tells_nobody_when_it_is_pressed(page: Page) -> None:
    figure = page.locator("figure.sample", has=page.get_by_text("element-button-on-home", exact=True))
    await figure.get_by_role("button").click()
    await expect(page.locator(".toast")).to_contain_text("This is a sample")
