"""Mutants of money and mails: what is done outside, where no transaction helps."""

from .mutant import mutant

PAYMENTS = "apps/payments"
CRASHES = ("apps/payments/tests/test_crashes.py",)
HANDLERS = ("apps/payments/tests/test_handlers.py",)
UNKNOWN = ("apps/payments/tests/test_unknown_outcomes.py",)
MAILS = ("apps/notifications/tests/test_handlers.py",)

MUTANTS = (
    mutant(
        "asks what became of a charge, and does not close its key",
        (f"{PAYMENTS}/services/refunding.py", "replies = gateway.cancel([", "replies = gateway.find(["),
        (
            f"{PAYMENTS}/services/refunding.py",
            '        return Unknown("the gateway has not closed the key")\n',
            "        return Charge(key=answer.key, state=ChargeState.CANCELLED)\n",
        ),
        guards=UNKNOWN,
    ),
    mutant(
        "pays back only what its own rows say was charged",
        (
            f"{PAYMENTS}/services/refunding.py",
            "if isinstance(charge := found[attempt.key], Charge) and charge.state is ChargeState.SUCCEEDED",
            "if isinstance(charge := found[attempt.key], Charge) and attempt.state == charge.state == 'succeeded'",
        ),
        guards=UNKNOWN,
    ),
    mutant(
        "charges under a new key with each try",
        (
            f"{PAYMENTS}/services/attempts.py",
            "        key=asked.key,\n        order_id=",
            "        key=uuid4(),\n        order_id=",
        ),
        (f"{PAYMENTS}/services/attempts.py", "from uuid import UUID\n", "from uuid import UUID, uuid4\n"),
        guards=UNKNOWN,
    ),
    mutant(
        "pays back under a new key with each try",
        (
            f"{PAYMENTS}/services/refunding.py",
            '        return uuid5(self.key, "refund")\n',
            "        return new_id()\n",
        ),
        guards=HANDLERS,
    ),
    mutant(
        "charges although the compensation has begun",
        (
            f"{PAYMENTS}/services/attempts.py",
            'return self.state == "calling" and not self.undo_asked',
            'return self.state == "calling"',
        ),
        guards=UNKNOWN,
    ),
    mutant(
        "charges a key that the gateway may have forgotten",
        (
            f"{PAYMENTS}/services/calling.py",
            "if attempt.is_expired and _is_absent",
            "if not attempt.tries and _is_absent",
        ),
        guards=UNKNOWN,
    ),
    mutant(
        "takes silence for a decline",
        (
            f"{PAYMENTS}/services/calling.py",
            "    if isinstance(answer, Unknown):\n        return answer\n    if answer.state is ChargeState.ABSENT",
            "    if isinstance(answer, Unknown):\n"
            "        return Charge(key=attempt.asked.key, state=ChargeState.DECLINED)\n"
            "    if answer.state is ChargeState.ABSENT",
        ),
        guards=UNKNOWN,
    ),
    mutant(
        "sends a mail again that was found sending",
        (
            "apps/notifications/sql/note_messages.sql",
            "WHEN 'sending' THEN 'unknown' ELSE m.state END",
            "WHEN 'sending' THEN 'queued' ELSE m.state END",
        ),
        guards=MAILS,
    ),
    mutant(
        "hands mails over before it says so",
        (
            "apps/notifications/services/mailing.py",
            '        marked = _mark_sending(chunk, previous)\n        failpoint("mails_marked_sending")\n'
            "        previous = _handed_over(connection, [mail for mail in chunk if mail.id in marked])\n"
            '        failpoint("mails_handed_over")\n',
            "        handed = _handed_over(connection, chunk)\n"
            '        failpoint("mails_handed_over")\n'
            "        _mark_sending(chunk, previous)\n"
            '        failpoint("mails_marked_sending")\n'
            "        previous = handed\n",
        ),
        guards=MAILS,
    ),
)
