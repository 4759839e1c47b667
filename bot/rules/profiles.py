"""A profile and a leave, as facts."""

from dataclasses import dataclass

from storage.models.members import Member
from storage.models.profiles import Profile


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """A profile as its owner edits it; `profile` is None for somebody new."""

    member: Member
    profile: Profile | None
    teaches: tuple[str, ...]
    learns: tuple[str, ...]

    @property
    def has_joined(self) -> bool:
        """Whether they are in the programme now."""
        return self.profile is not None and self.profile.left_at is None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the profile form says."""

    teaches: str
    learns: str
    goal: str
    languages: str
    places: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class LeavePage:
    """What leaving would end, said before it is done."""

    partners: tuple[Member, ...]
    is_searching: bool
    waiting: int
