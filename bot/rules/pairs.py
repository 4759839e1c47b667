"""A pair as every feature of it needs it."""

from dataclasses import dataclass

from storage.models.members import Member
from storage.models.relationships import LIVE_STATES, Relationship

LIVE = frozenset(LIVE_STATES)
PROMISE = "2026-11"


@dataclass(frozen=True, slots=True)
class PairCard:
    """One relationship with its two people."""

    relationship: Relationship
    mentee: Member
    mentor: Member

    @property
    def id(self) -> str:
        """The relationship's own id."""
        return self.relationship.id

    @property
    def people(self) -> tuple[Member, Member]:
        """Mentee, then mentor."""
        return self.mentee, self.mentor

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.relationship.state in LIVE

    def is_mentor(self, member: Member) -> bool:
        """Whether this member is the mentor of the two."""
        return member.id == self.mentor.id

    def partner_of(self, member: Member) -> Member:
        """The other one."""
        return self.mentee if self.is_mentor(member) else self.mentor

    def has_promised(self, member: Member) -> bool:
        """Whether this side has said yes to the one line on confidentiality."""
        row = self.relationship
        return (row.mentor_promised_at if self.is_mentor(member) else row.mentee_promised_at) is not None
