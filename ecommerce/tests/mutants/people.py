"""Mutants of what people ask: of a shop, and of a running saga."""

from .mutant import mutant

REQUESTS = "apps/sagas/requests.py"
ASKED = ("apps/sagas/tests/test_requests.py",)

MUTANTS = (
    mutant(
        "answers the same request again",
        (REQUESTS, "        if request.answer is not None:\n", "        if request.kind is None:\n"),
        guards=ASKED,
    ),
    mutant(
        "does not look whether a key was asked before",
        (REQUESTS, "idempotency_key=idempotency_key or str(new_id()),", "idempotency_key=str(new_id()),"),
        guards=ASKED,
    ),
    mutant(
        "takes a checkout for a new one although its key is known",
        (
            "apps/core/idempotency_store.py",
            "    if request_hash is None:\n",
            "    if request_hash is None or locked:\n",
        ),
        guards=("apps/core/tests/test_idempotency.py",),
    ),
    mutant(
        "lets one person give a step up alone",
        (
            "apps/sagas/grants.py",
            "return one.strip().casefold() == other.strip().casefold()",
            "return one is other is None",
        ),
        guards=("apps/sagas/tests/test_waivers.py",),
    ),
    mutant(
        "grants what is asked of a saga that has ended",
        (REQUESTS, "    if row is None or row.finished_at:\n", "    if row is None:\n"),
        guards=ASKED,
    ),
)
