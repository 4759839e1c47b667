"""A person's browser: it opens an app's pages, keeps their cookies, and answers the consent page as its person."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import aiohttp
from yarl import URL

from playground.records import User
from playground.world import World

CONSENT = "/oauth/v2/authorize"
MOST_REDIRECTS = 10
MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Page:
    """Where the browser ended, and what it shows."""

    status: int
    text: str
    url: str

    @property
    def asks(self) -> bool:
        """Whether this is the consent page."""
        return urlsplit(self.url).path == CONSENT and "asks to be installed" in self.text


@dataclass(slots=True)
class _Found(HTMLParser):
    """What matters of a page: its hidden fields, who may be chosen, and the way to the consent page."""

    fields: dict[str, str] = field(default_factory=dict)
    offered: list[str] = field(default_factory=list)
    consent: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "input" and facts.get("type") == "hidden":
            self.fields[facts["name"]] = facts["value"]
        elif tag == "option":
            self.offered.append(facts["value"])
        elif tag == "a" and urlsplit(facts.get("href", "")).path == CONSENT:
            self.consent = facts["href"]


class Browser:
    """Follows what a page says; an address of the real consent page leads to the one of this playground."""

    def __init__(self, world: World, user: User) -> None:
        self._world = world
        self._user = user
        self._jar = aiohttp.CookieJar(unsafe=True)

    async def open(self, url: str) -> Page:
        """Go to an address; where a page only offers the way to the consent page, along that way."""
        page = await self._go("GET", url)
        way = _read(page).consent
        return await self._go("GET", urljoin(page.url, way)) if way and not page.asks else page

    def offered(self, page: Page) -> list[str]:
        """The names of those of this workspace whom the consent page offers."""
        users, team = self._world.state.users, self._world.state.team.id
        chosen = [each.partition("/") for each in _read(page).offered]
        return [users[user].name for where, _, user in chosen if where == team]

    async def decide(self, page: Page, answer: str = "allow") -> Page:
        """Answer the consent page as this person of this workspace; the page is where that leads."""
        who = f"{self._world.state.team.id}/{self._user.id}"
        return await self._go("POST", page.url, _read(page).fields | {"person": who, "answer": answer})

    async def _go(self, method: str, url: str, form: dict[str, str] | None = None) -> Page:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            for _ in range(MOST_REDIRECTS):
                url = self._here(url)
                headers = self._cookies(url)
                async with session.request(method, url, data=form, headers=headers, allow_redirects=False) as got:
                    self._keep(got)
                    if got.status not in MOVED:
                        return Page(got.status, await got.text(), str(got.url))
                    url, method, form = urljoin(url, got.headers["Location"]), "GET", None
        raise AssertionError(f"{url} leads round and round.")

    def _cookies(self, url: str) -> dict[str, str]:
        words = [f"{name}={cookie.value}" for name, cookie in self._jar.filter_cookies(URL(url)).items()]
        return {"Cookie": "; ".join(words)} if words else {}

    def _keep(self, got: aiohttp.ClientResponse) -> None:
        """What a page leaves behind; this machine counts as a safe place, as browsers have it."""
        for cookie in got.cookies.values():
            cookie["secure"] = ""
        self._jar.update_cookies(got.cookies, got.url)

    def _here(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.path == CONSENT and parts.hostname != urlsplit(self._world.base_url).hostname:
            return f"{self._world.base_url}{CONSENT}?{parts.query}"
        return url


def _read(page: Page) -> _Found:
    found = _Found()
    found.feed(page.text)
    return found
