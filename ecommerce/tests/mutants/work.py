"""Mutants of the work: claims and leases, the inbox, the settle, what is written down."""

from .mutant import mutant

ENGINE = "apps/sagas"
LEASES = ("apps/sagas/tests/test_leases.py",)
RACES = ("apps/sagas/tests/test_races.py",)
LANES = ("apps/sagas/tests/test_lanes.py",)
LEAVING_OUT = ("apps/sagas/tests/test_leaving_out.py",)
INBOX = ("apps/sagas/tests/test_delivery.py",)

SETTLED_INSIDE = """\
        with transaction.atomic(using=participant.database):
            settle(_run(participant,"""
"""The participant's transaction now ends after the settle."""

MUTANTS = (
    mutant(
        "has no inbox",
        (
            ENGINE,
            "            elif key in self.known:\n                self.outcomes[key]",
            "            elif key in self.known and call.epoch < 0:\n                self.outcomes[key]",
        ),
        (f"{ENGINE}/sql/inbox_store.sql", "%s::bytea[])", "%s::bytea[])\nON CONFLICT DO NOTHING"),
        guards=RACES,
    ),
    mutant(
        "leaves no tombstone",
        (ENGINE, "for key in shut_by(call) if key not in known]", "for key in shut_by(call) if call.epoch < 0]"),
        guards=RACES,
    ),
    mutant(
        "leaves no tombstone of what people leave out",
        (ENGINE, "        self.tombstone(call)\n        return LeftOut()", "        return LeftOut()"),
        guards=LEAVING_OUT,
    ),
    mutant(
        "leaves out what is done already",
        (ENGINE, 'if done and done.outcome == "replied":', "if done and call.epoch < 0:"),
        guards=LEAVING_OUT,
    ),
    mutant(
        "leaves no tombstone before it asks the outside",
        (ENGINE, "                notes.tombstone(call)\n", ""),
        guards=RACES,
    ),
    mutant(
        "takes another request under a known identity for the same",
        (ENGINE, "if entry.request_hash != request_hash(call.command):", "if entry.request_hash is None:"),
        guards=INBOX,
    ),
    mutant(
        "does not store the reply to an external call",
        (ENGINE, "        inbox.store(answered, using=using)\n", ""),
        guards=INBOX,
    ),
    mutant(
        "keeps a technical error as the reply",
        (
            ENGINE,
            "        return _all(batch, failed(error))\n",
            "        call = batch[0][0]\n"
            "        stored = {'code': 'error', 'message': described(error), 'data': {}}\n"
            "        entry = Entry(key=inbox.key_of(call), outcome='refused', reply=stored,\n"
            "                      request_hash=inbox.request_hash(call.command))\n"
            "        inbox.store([entry], using=participant.database)\n"
            "        return _all(batch, failed(error))\n",
        ),
        guards=LANES,
    ),
    mutant(
        "settles before the effect is committed",
        (f"{ENGINE}/lanes.py", "        settle(_run(participant,", SETTLED_INSIDE),
        (f"{ENGINE}/lanes.py", "import Error, connections\n", "import Error, connections, transaction\n"),
        guards=RACES,
    ),
    mutant(
        "does not compare the lease when it settles",
        (
            f"{ENGINE}/sql/settle.sql",
            "      AND s.lease = %(lease)s\n",
            "      AND (s.lease = %(lease)s OR true)\n",
        ),
        guards=LEASES,
    ),
    mutant(
        "lets a settle move what has ended, or take it forward from being undone",
        (f"{ENGINE}/sql/settle.sql", "AND (s.status = 'active' OR", "AND (true OR s.status = 'active' OR"),
        guards=("apps/sagas/tests/test_constraints.py",),
    ),
    mutant(
        "runs local steps without comparing the lease",
        (f"{ENGINE}/sql/own.sql", "AND lease = %s", "AND (lease = %s OR true)"),
        guards=RACES,
    ),
    mutant(
        "gives every claim the same lease",
        (f"{ENGINE}/orchestrator.py", "    lease = uuid4()\n", "    lease = UUID(int=7)\n"),
        guards=LEASES,
    ),
    mutant(
        "counts a claim when it has run, not before",
        (f"{ENGINE}/sql/claim.sql", "attempt = s.attempt + 1", "attempt = s.attempt"),
        guards=LEASES,
    ),
    mutant(
        "works on what is held",
        (f"{ENGINE}/sql/claim.sql", "      AND hold IS NULL\n      AND attempt < 2\n", "      AND attempt < 2\n"),
        guards=RACES,
    ),
    mutant(
        "lets an outage spend the tries of a step",
        (
            ENGINE,
            "return _all(batch, Postponed(error=described(error), seconds=POSTPONE_SECONDS))",
            "return _all(batch, failed(error))",
        ),
        guards=LANES,
    ),
    mutant(
        "opens no dead letter",
        (
            f"{ENGINE}/settlement.py",
            "for saga_id, letter in letters if letter.error is not None]",
            "for saga_id, letter in letters if letter.error is not None and letter.attempts < 0]",
        ),
        guards=LANES,
    ),
    mutant(
        "forgets to write an event",
        (
            f"{ENGINE}/sql/settle.sql",
            "    JOIN moved m ON m.id = e.id\n",
            "    JOIN moved m ON m.id = e.id\n    WHERE e.kind <> 'compensated'\n",
        ),
        guards=("apps/sagas/tests/test_requests.py",),
    ),
    mutant(
        "relays what comes after the last event it saw",
        (
            f"{ENGINE}/sql/relay_take.sql",
            "AND e.published_at IS NULL",
            "AND e.published_at IS NULL\n"
            "  AND NOT EXISTS (SELECT FROM outbox_events l WHERE l.published_at IS NOT NULL AND l.id > e.id)",
        ),
        guards=("apps/sagas/tests/test_relay.py",),
    ),
    mutant(
        "marks an event as published that nobody took",
        (f"{ENGINE}/relay.py", "            return False\n", "            return True\n"),
        guards=("apps/sagas/tests/test_relay.py",),
    ),
)
