"""Why each kind of message may be sent to somebody, asked of the tables and of nothing the bot itself asks."""

ASK = "FROM asks a JOIN searches s ON s.id = a.search_id WHERE a.id = :subject"
BEGUN = "EXISTS (SELECT 1 FROM relationships r WHERE r.ask_id = a.id AND r.state = 'active')"
PAIR = "FROM relationships r WHERE r.id = :subject AND :to IN (r.mentee_id, r.mentor_id)"
MEETING = """FROM meetings m JOIN relationships r ON r.id = m.relationship_id WHERE m.id = :subject
    AND :to IN (r.mentee_id, r.mentor_id) AND r.state IN ('active','asleep')"""
AHEAD = f"{MEETING} AND m.state = 'planned' AND m.starts_at > :now"
AGREED = """FROM agreements g JOIN relationships r ON r.id = g.relationship_id WHERE g.id = :subject
    AND :to IN (r.mentee_id, r.mentor_id) AND r.state IN ('active','asleep')"""
CHECKIN = """FROM checkins c JOIN relationships r ON r.id = c.relationship_id WHERE c.id = :subject
    AND c.member_id = :to AND c.state = 'asked'"""
GROUP = "FROM peer_groups g JOIN rounds d ON d.id = g.round_id WHERE g.id = :subject AND d.state = 'running'"
SEATED = "AND EXISTS (SELECT 1 FROM seats t WHERE t.group_id = g.id AND t.member_id = :to AND t.out_at IS NULL)"
MET = f"{GROUP} AND g.dissolved_at IS NULL {SEATED}"
THREE = "FROM introductions i WHERE i.id = :subject AND :to"
REASONS: dict[str, str] = {
    "requests.asked": f"{ASK} AND a.mentor_id = :to AND a.state = 'waiting' AND s.state = 'open'",
    "requests.reminded": f"{ASK} AND a.mentor_id = :to AND a.state = 'waiting' AND s.state = 'open'",
    "requests.sent": "FROM searches s WHERE s.id = :subject AND s.mentee_id = :to AND s.state <> 'matched'",
    "requests.moved_on": f"{ASK} AND s.mentee_id = :to AND a.state IN ('declined','lapsed','passed')",
    "requests.matched": f"{ASK} AND s.mentee_id = :to AND a.state = 'accepted' AND {BEGUN}",
    "requests.reopened": f"{ASK} AND s.mentee_id = :to AND a.state = 'waiting'",
    "requests.unanswered": "FROM searches s WHERE s.id = :subject AND s.mentee_id = :to AND s.state = 'unanswered'",
    "requests.late_yes": f"{ASK} AND s.mentee_id = :to AND a.state = 'offered'",
    "relationships.ended": f"{PAIR} AND r.state = 'ended'",
    "relationships.stopped": f"{PAIR} AND r.ended_by = :to",
    "relationships.away": f"{PAIR} AND r.state = 'active' AND r.away_until > :now",
    "relationships.plan_first": f"{PAIR} AND r.state = 'active' AND r.contact_at IS NULL",
    "relationships.quiet": f"{PAIR} AND r.state = 'active' AND r.quiet_step > 0",
    "relationships.asleep": f"{PAIR} AND r.state = 'asleep'",
    "relationships.close_offer": f"{PAIR} AND r.state = 'asleep'",
    "relationships.closing": f"{PAIR} AND r.state IN ('active','asleep')",
    "relationships.extended": f"{PAIR} AND r.state IN ('active','asleep')",
    "meetings.planned": AHEAD,
    "meetings.moved": AHEAD,
    "meetings.reminded": AHEAD,
    "meetings.soon": AHEAD,
    "meetings.cancelled": f"{MEETING} AND m.state = 'cancelled'",
    "meetings.did_you_meet": f"{MEETING} AND m.state = 'planned' AND m.starts_at <= :now",
    "agreements.proposed": f"{AGREED} AND g.state = 'proposed' AND g.proposed_by <> :to",
    "agreements.signed": f"{AGREED} AND g.state IN ('signed','past') AND g.proposed_by = :to",
    "agreements.unsigned": f"{AGREED} AND g.state = 'proposed'",
    "checkins.pulse": f"{CHECKIN} AND r.state IN ('active','asleep')",
    "checkins.half_time": f"{CHECKIN} AND r.state IN ('active','asleep')",
    "checkins.follow_up": f"{CHECKIN} AND r.state = 'ended'",
    "milestones.due": """FROM milestones m JOIN relationships r ON r.id = m.relationship_id WHERE m.id = :subject
        AND :to IN (r.mentee_id, r.mentor_id) AND m.state = 'open' AND r.state IN ('active','asleep')""",
    "rounds.paired": MET,
    "rounds.ask_met": f"{MET} AND g.met_at IS NULL",
    "rounds.alone": "FROM members b WHERE b.id = :to",
    "rounds.paused": "FROM peers p WHERE p.member_id = :to AND p.paused_at IS NOT NULL",
    "introductions.drafted": f"{THREE} = i.mentee_id AND i.state = 'drafted'",
    "introductions.asked": f"{THREE} = i.contact_id AND i.state = 'asked'",
    "introductions.made": f"{THREE} IN (i.mentor_id, i.mentee_id, i.contact_id) AND i.state IN ('agreed','made')",
    "introductions.told": f"{THREE} IN (i.mentor_id, i.mentee_id)",
    "profiles.left": "FROM profiles p WHERE p.id = :subject AND p.member_id = :to AND p.left_at IS NOT NULL",
    "digests.weekly": "FROM members b WHERE b.id = :to",
    "digests.together": "FROM digest_lines l WHERE l.digest = :subject AND l.member_id = :to",
}
HERE = "AND EXISTS (SELECT 1 FROM members x WHERE x.id = :to AND NOT x.is_gone)"
