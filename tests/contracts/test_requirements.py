"""requirements.txt, which deployments install from, is what pyproject.toml pins: every package, hashed, no hosts."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)")
HOST = re.compile(r"://|--(?:extra-)?index-url|--find-links|@ |^-", re.MULTILINE)
Exported = dict[str, tuple[Requirement, int]]


def exported(text: str) -> Exported:
    """Each package's line with the number of its hashes."""
    lines = re.sub(r"#.*", "", text).replace("\\\n", " ").splitlines()
    found = ((Requirement(line.split("--hash")[0].strip()), len(HASH.findall(line))) for line in lines if line.strip())
    return {canonicalize_name(requirement.name): (requirement, hashes) for requirement, hashes in found}


def complaints(text: str, pinned: list[str]) -> list[str]:
    """What is wrong with an export, against the project's own pins."""
    if HOST.search(re.sub(r"#.*", "", text)):
        return ["names a host or another source"]
    found = exported(text)
    wrong = [f"{name} has no hash" for name, (_, hashes) in found.items() if not hashes]
    for pin in map(Requirement, pinned):
        requirement, _ = found.get(canonicalize_name(pin.name), (None, 0))
        if requirement is None or requirement.specifier != pin.specifier:
            wrong.append(f"{pin.name} is not {pin.specifier}")
    return wrong


def _pins() -> list[str]:
    pins: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return pins


def _needed(pins: list[str]) -> dict[str, str]:
    """Everything the pins pull in on this machine, by name, with the version that is installed."""
    found: dict[str, str] = {}
    waiting = [(Requirement(pin), frozenset({""})) for pin in pins]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement, extras = waiting.pop()
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        name, wanted = canonicalize_name(requirement.name), frozenset({"", *requirement.extras})
        if (name, wanted) not in seen:
            seen.add((name, wanted))
            found[name] = distribution(name).version
            waiting += [(inner, wanted) for inner in _requires(name)]
    return found


def _requires(name: str) -> Iterator[Requirement]:
    yield from map(Requirement, distribution(name).requires or ())


def test_the_export_holds_every_pin_with_hashes_and_no_host() -> None:
    assert complaints((ROOT / "requirements.txt").read_text(encoding="utf-8"), _pins()) == []


def test_the_export_holds_just_what_the_bot_needs_at_the_versions_under_test() -> None:
    found = exported((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    here = {name: str(r.specifier) for name, (r, _) in found.items() if not r.marker or r.marker.evaluate()}
    assert here == {name: f"=={version}" for name, version in _needed(_pins()).items()}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a==1 \\\n    --hash=sha256:" + "0" * 64, None),
        ("a==1", "a has no hash"),
        ("a==1 --hash=sha256:abc", "a has no hash"),
        ("a==2 --hash=sha256:" + "0" * 64, "a is not ==1"),
        ("", "a is not ==1"),
        (
            "--index-url https://packages.example/simple\na==1 --hash=sha256:" + "0" * 64,
            "names a host or another source",
        ),
        ("a @ https://packages.example/a.whl", "names a host or another source"),
    ],
)
def test_a_wrong_export_is_noticed(text: str, complaint: str | None) -> None:
    assert complaints(text, ["a==1"]) == ([complaint] if complaint else [])
