"""The house rules hold in this tree, and each is seen to notice a wrong sample for the right reason."""

from pathlib import Path

import pytest

from tests.contracts import house
from tests.contracts.house import Check

ROOT = Path(__file__).parents[2]
RULES: tuple[Check, ...] = (
    house.long_files,
    house.long_functions,
    house.silent_modules,
    house.vague_names,
    house.assignments_to_rows,
    house.late_imports,
    house.stray_sentences,
    house.coroutines,
    house.second_clocks,
)
DOC = '"""A sample."""\n'
Sample = tuple[Check, str, str, str]
SAMPLES: tuple[Sample, ...] = (
    (house.long_files, "bot/x.py", DOC + "A = 1\n" * 400, "bot/x.py: 401 lines"),
    (house.long_files, "playground/page/x.css", "a {}\n" * 401, "playground/page/x.css: 401 lines"),
    (house.long_functions, "bot/x.py", DOC + "def f():\n" + "    a = 1\n" * 39, "bot/x.py:2 f has 40 lines"),
    (house.silent_modules, "tests/x.py", "A = 1\n", "tests/x.py:1 no docstring"),
    (house.silent_modules, "bench/x.py", "", "bench/x.py:1 no docstring"),
    (house.vague_names, "bot/date_utils.py", DOC, "bot/date_utils.py:1 a name that says nothing"),
    (house.vague_names, "bot/common/x.py", DOC, "bot/common/x.py:1 a name that says nothing"),
    (house.assignments_to_rows, "bot/rules/x.py", "row.state = 1\n", "bot/rules/x.py:1 assigns to an attribute"),
    (house.assignments_to_rows, "bot/rules/x.py", "a, row.n = 1, 2\n", "bot/rules/x.py:1 assigns to an attribute"),
    (house.assignments_to_rows, "bot/rules/x.py", "row.n += 1\n", "bot/rules/x.py:1 assigns to an attribute"),
    (house.assignments_to_rows, "bot/views/x.py", "row.a['b'] = 1\n", "bot/views/x.py:1 assigns to an attribute"),
    (house.assignments_to_rows, "bot/views/x.py", "setattr(row, 'n', 1)\n", "bot/views/x.py:1 assigns to an attribute"),
    (
        house.late_imports,
        "bot/services/x.py",
        "def f():\n    from bot.rules import days\n",
        "bot/services/x.py:2 imports bot.rules inside a function",
    ),
    (
        house.late_imports,
        "playground/x.py",
        "async def f():\n    if a:\n        import playground.server\n",
        "playground/x.py:3 imports playground.server inside a function",
    ),
    (
        house.stray_sentences,
        "handlers/x.py",
        "tell = 'You are already their mentor'\n",
        "handlers/x.py:1 a sentence: 'You are already their mentor'",
    ),
    (
        house.stray_sentences,
        "bot/services/x.py",
        "tell = f'{name} has no free place'\n",
        "bot/services/x.py:1 a sentence: '… has no free place'",
    ),
    (
        house.stray_sentences,
        "bot/rules/x.py",
        "def f():\n    raise NotFreeError('They have no free place')\n",
        "bot/rules/x.py:2 a sentence: 'They have no free place'",
    ),
    (house.coroutines, "handlers/x.py", "async def accept():\n    pass\n", "handlers/x.py:1 async def accept"),
    (house.coroutines, "storage/queries/x.py", "async def due():\n    pass\n", "storage/queries/x.py:1 async def due"),
    (house.second_clocks, "bot/x.py", "a = datetime.now(UTC)\n", "bot/x.py:1 reads the time by datetime.now"),
    (house.second_clocks, "bot/x.py", "a = datetime.datetime.now\n", "bot/x.py:1 reads the time by datetime.now"),
    (
        house.second_clocks,
        "playground/x.py",
        "from time import time\n",
        "playground/x.py:1 reads the time by time.time",
    ),
    (house.second_clocks, "storage/x.py", "a = func.now()\n", "storage/x.py:1 reads the time by func.now"),
)
HARMLESS = {
    "bot/clock.py": "a = datetime.now(UTC)\n",
    "bot/__main__.py": "def f():\n    from bot.commands import run\n",
    "bot/app.py": "async def f():\n    row.state = 1\n    tell = 'We do not mind this here'\n",
    "bot/rules/x.py": "A = Default(3, Grade.GUESS, 'days a name has to answer')\n",
    "bot/services/x.py": (
        "def f():\n    '''What it gives to those who ask.'''\n    log.info('one row more than there were', 1)\n"
        "    message = f'a row is always kept with {a}'\n    raise LookupError(message)\n"
    ),
    "storage/x.py": "A = text('SELECT a, b FROM c WHERE d IS NOT NULL')\nB = time.monotonic()\n",
    "storage/migrations/versions/0001.py": "def upgrade():\n" + "    a = 1\n" * 60,
}


def _plant(root: Path, place: str, text: str) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", RULES)
def test_this_tree_keeps_the_house_rules(rule: Check) -> None:
    found = rule(ROOT)
    assert not found, f"{rule.__doc__}\n" + "\n".join(found)


@pytest.mark.parametrize(("rule", "place", "text", "complaint"), SAMPLES)
def test_a_wrong_sample_is_noticed_for_the_right_reason(
    tmp_path: Path, rule: Check, place: str, text: str, complaint: str
) -> None:
    _plant(tmp_path, place, text)
    assert rule(tmp_path) == [complaint]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_quiet_about_what_is_allowed(tmp_path: Path, rule: Check) -> None:
    for place, text in HARMLESS.items():
        _plant(tmp_path, place, DOC + text)
    assert rule(tmp_path) == []


def test_every_rule_has_a_wrong_sample() -> None:
    assert set(RULES) == {sample[0] for sample in SAMPLES}
