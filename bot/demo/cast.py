"""Eleven people of a small company, as their profiles tell it."""

from dataclasses import dataclass

HOME_ZONE = "Europe/Lisbon"
TEAM = "Harbour & Co"
DOMAIN = "harbour"
FIRST = "noor"
ORGANISER = "ingrid"


@dataclass(frozen=True, slots=True)
class Life:
    """One person; `teaches` empty means they mentor nobody, `joined` False that they have not come in yet.

    `is_quiet` is somebody who wants to hear only what they asked for.
    """

    key: str
    name: str
    title: str
    zone: str
    teaches: str = ""
    learns: str = ""
    goal: str = ""
    languages: str = "English"
    places: int = 2
    joined: bool = True
    is_owner: bool = False
    is_guest: bool = False
    has_left: bool = False
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class PastPair:
    """A pair that began before the story does."""

    mentee: str
    mentor: str
    topic: str
    goal: str
    days_ago: int


@dataclass(frozen=True, slots=True)
class Room:
    """A channel with a little talk: (who, what, minutes before the story begins)."""

    name: str
    purpose: str
    members: tuple[str, ...]
    said: tuple[tuple[str, str, int], ...]


CAST = (
    Life("noor", "Noor Haddad", "Customer support", HOME_ZONE, joined=False, languages="English, Arabic"),
    Life(
        "tomas",
        "Tomás Ferreira",
        "Analytics lead",
        "Europe/Berlin",
        teaches="data analysis, SQL, dashboards people read",
        languages="English, Portuguese",
    ),
    Life(
        "grace",
        "Grace Mwangi",
        "Data engineering",
        "Africa/Nairobi",
        teaches="data analysis, Python, data pipelines",
        languages="English, Swahili",
    ),
    Life(
        "ingrid",
        "Ingrid Berg",
        "People operations",
        "Europe/Oslo",
        teaches="career changes, giving feedback",
        languages="English, Norwegian",
        is_owner=True,
    ),
    Life(
        "amara",
        "Amara Okafor",
        "Data scientist",
        "Africa/Lagos",
        teaches="statistics, Python for data",
        learns="public speaking",
        goal="Give a talk at the spring meetup",
        places=1,
        is_quiet=True,
    ),
    Life(
        "priya",
        "Priya Nair",
        "Engineering manager",
        "Asia/Kolkata",
        teaches="leading a team, system design",
        languages="English, Hindi, Malayalam",
        places=3,
        is_quiet=True,
    ),
    Life(
        "kenji",
        "Kenji Mori",
        "Product designer",
        "Asia/Tokyo",
        teaches="design critique",
        learns="public speaking",
        is_quiet=True,
    ),
    Life(
        "lucas",
        "Lucas Almeida",
        "Backend engineer",
        "America/Sao_Paulo",
        learns="data pipelines",
        goal="Own the nightly jobs by summer",
        languages="English, Portuguese",
        is_quiet=True,
    ),
    Life(
        "sofia",
        "Sofia Rossi",
        "Sales",
        "Europe/Rome",
        learns="data analysis",
        goal="Build my own forecasts",
        languages="English, Italian",
        is_quiet=True,
    ),
    Life("mateo", "Mateo Cruz", "Customer support", "America/Mexico_City", joined=False),
    Life("dana", "Dana Cohen", "Contractor", "America/New_York", joined=False, is_guest=True),
)

PAIRS = (
    PastPair("lucas", "grace", "data pipelines", "Own the nightly jobs by summer", 41),
    PastPair("sofia", "grace", "Python", "Build my own forecasts", 26),
    PastPair("kenji", "ingrid", "giving feedback", "Say hard things kindly", 12),
)

ROOMS = (
    Room(
        "general",
        "Everyone, everything",
        tuple(life.key for life in CAST if not life.is_guest),
        (
            (
                "ingrid",
                "Mentoring is open all year. Two questions, and you see who could help. Type /mentor find.",
                190,
            ),
            ("priya", "Release went out without a hiccup. Thank you all.", 95),
            ("mateo", "The queue is under ten for the first time this month.", 41),
        ),
    ),
    Room(
        "data-questions",
        "No question too small",
        ("noor", "tomas", "grace", "amara", "sofia", "lucas"),
        (
            ("noor", "Why do Tuesday's tickets always look double in the dashboard?", 130),
            ("tomas", "Good eye. They're counted once when opened and once when moved. I'll fix the join today.", 118),
            ("amara", "And that is how a support person finds a bug three analysts missed.", 112),
        ),
    ),
)
