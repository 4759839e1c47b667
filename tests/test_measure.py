"""When a measurement fails its run: every miss in a full one, only telling ones in a quick one."""

import json
import sys
from collections.abc import Iterator

import pytest

from bench.measure import Measurement, Unit, main


@pytest.mark.parametrize(
    ("value", "unit", "failing"),
    [
        (100, Unit.MILLISECONDS, "neither"),
        (101, Unit.MILLISECONDS, "full"),
        (900, Unit.MEGABYTES, "full"),
        (100, Unit.COUNT, "neither"),
        (101, Unit.COUNT, "both"),
        (200, Unit.RATIO, "full"),
        (201, Unit.RATIO, "both"),
    ],
)
def test_a_quick_run_minds_counts_and_wide_misses_alone(value: float, unit: Unit, failing: str) -> None:
    found = Measurement("a", value, unit, 100)
    assert found.fails(quick=False) == (failing in {"full", "both"})
    assert found.fails(quick=True) == (failing == "both")


@pytest.mark.parametrize(("arguments", "code"), [((), 1), (("--quick",), 0)])
def test_each_number_is_a_line_of_json_and_the_exit_code_says_whether_all_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int
) -> None:
    def measure(*, quick: bool) -> Iterator[Measurement]:
        yield Measurement("slow", 2 if quick else 3, Unit.MILLISECONDS, 1)
        yield Measurement("fine", 0.12345, Unit.RATIO, 1)
        yield Measurement("theirs", 1e6, Unit.COUNT)

    monkeypatch.setattr(sys, "argv", ["bench", *arguments])
    with pytest.raises(SystemExit) as ended:
        main(measure, "about")
    assert ended.value.code == code
    first, second, third = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {"name": "slow", "value": 2 if arguments else 3, "unit": "ms", "bar": 1, "holds": False}
    assert second == {"name": "fine", "value": 0.123, "unit": "times", "bar": 1, "holds": True}
    assert third == {"name": "theirs", "value": 1e6, "unit": "count", "bar": None, "holds": True}
