"""
Celery, as a doorbell: every message may be lost or come twice, so nothing waits for the broker.

The short timeouts keep a frozen broker from holding a web request (celery/celery#4296). The broker is Valkey or
RabbitMQ; each transport has its own words for a timeout, and takes the other's without a word.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from kombu.entity import Queue

from apps.core.services.addresses import broker_url
from apps.sagas import queues

from .databases import ALIASES
from .environment import env

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=broker_url())
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
ON_RABBITMQ = CELERY_BROKER_URL.startswith("amqp")
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0} | (
    {"write_timeout": 1} if ON_RABBITMQ else {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
)
CELERY_BROKER_CONNECTION_TIMEOUT = 2 if ON_RABBITMQ else 0.5
if ON_RABBITMQ:
    # Queues that outlive the loss of a node; one node alone is a quorum of one. Knowing their type, Celery does without
    # the prefetch count of a whole channel, which such queues refuse.
    CELERY_TASK_DEFAULT_QUEUE_TYPE = CELERY_TASK_CREATE_MISSING_QUEUE_TYPE = "quorum"
    # An exclusive mailbox stays locked until RabbitMQ misses the connection it belonged to; a worker that is back
    # before that would find it taken, and give up.
    CELERY_CONTROL_QUEUE_EXCLUSIVE, CELERY_CONTROL_QUEUE_DURABLE = False, True
    # A node that vanished without a word is given up within 20 seconds, not four minutes.
    CELERY_BROKER_HEARTBEAT = 10
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"

LANES = ("catalog", "payments", "notifications", "orders")
# Lanes whose participant is deployed apart: its workers take commands from RabbitMQ, with no database but its own.
SAGA_REMOTE_LANES = env.list("SAGA_REMOTE_LANES", default=[])
if strangers := set(SAGA_REMOTE_LANES) - (set(LANES) - {"orders"}):
    raise ImproperlyConfigured(f"SAGA_REMOTE_LANES names {sorted(strangers)}: no lane that could be elsewhere.")
if SAGA_REMOTE_LANES and not ON_RABBITMQ:
    raise ImproperlyConfigured("SAGA_REMOTE_LANES needs RabbitMQ: set CELERY_BROKER_URL to its amqp:// address.")
if ON_RABBITMQ:
    CELERY_TASK_QUEUES = [
        Queue(name, routing_key=name, queue_arguments=queues.COMMANDS) for name in map(queues.queue_of, LANES)
    ]
# Workers take what is due by themselves as well; a lost ring costs at most these seconds.
LANE_POLL_SECONDS = 2.0
RELAY_SECONDS = 1.0
AUDIT_SECONDS = 15.0
ARCHIVE_SECONDS = 60.0
# Where participants keep what they did for sagas.
INBOXES = ("catalog", "payments", "notifications")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = (
    {
        f"look-at-lane-{lane}": {
            "task": "sagas.run_lane",
            "schedule": LANE_POLL_SECONDS,
            "args": (lane,),
            "options": {"queue": f"lane.{lane}", "expires": LANE_POLL_SECONDS},
        }
        for lane in LANES
    }
    | {
        f"relay-outbox-{alias}": {
            "task": "sagas.relay_outbox",
            "schedule": RELAY_SECONDS,
            "args": (alias,),
            "options": {"expires": RELAY_SECONDS},
        }
        for alias in ALIASES
    }
    | {
        f"prune-outbox-{alias}": {"task": "sagas.prune_outbox", "schedule": 86_400.0, "args": (alias,)}
        for alias in ALIASES
    }
    | {
        f"forget-inbox-{alias}": {"task": "sagas.forget_inbox", "schedule": 86_400.0, "args": (alias,)}
        for alias in INBOXES
    }
    | {
        "count-slow-queries": {"task": "core.count_slow_queries", "schedule": 60.0, "options": {"expires": 60}},
        "learn-search-words": {"task": "catalog.learn_search_words", "schedule": 60.0, "options": {"expires": 60}},
        "refresh-search": {"task": "catalog.refresh_search", "schedule": 3600.0, "options": {"expires": 3600}},
        "delete-expired-answers": {"task": "catalog.delete_expired", "schedule": 3600.0, "options": {"expires": 3600}},
        "prune-price-changes": {"task": "catalog.prune_price_changes", "schedule": 86_400.0},
        # As late as this a kept page shows what began, or hides what ended.
        "publications": {"task": "catalog.announce_publications", "schedule": 10.0, "options": {"expires": 10}},
        "fetch-images": {"task": "catalog.fetch_images", "schedule": 60.0, "options": {"expires": 60}},
        "count-sales": {"task": "catalog.count_sales", "schedule": 300.0, "options": {"expires": 300}},
        "forget-old-sessions": {"task": "accounts.forget_old_sessions", "schedule": 86_400.0},
        "delete-expired-carts": {"task": "orders.delete_expired", "schedule": 3600.0, "options": {"expires": 3600}},
        "audit": {"task": "sagas.audit", "schedule": AUDIT_SECONDS, "options": {"expires": AUDIT_SECONDS}},
        "answer-saga-requests": {"task": "sagas.answer_requests", "schedule": 5.0, "options": {"expires": 5.0}},
        "archive-finished-sagas": {
            "task": "sagas.archive_finished",
            "schedule": ARCHIVE_SECONDS,
            "options": {"expires": ARCHIVE_SECONDS},
        },
        "ensure-saga-partitions": {"task": "sagas.ensure_partitions", "schedule": 86_400.0},
        "drop-old-saga-months": {"task": "sagas.drop_old_months", "schedule": 86_400.0},
    }
)
# Beat keeps one channel for ever. One whose broker went away is replaced only when a message is tried again: without
# this, beat would look alive and ring nobody (seen on RabbitMQ).
for entry in CELERY_BEAT_SCHEDULE.values():
    entry["options"] = {"retry": True} | entry.get("options", {})

# How many due sagas one claim takes at most. A batch costs the same commits as a single saga.
SAGA_BATCH = env.int("SAGA_BATCH", default=100)
# How long a lane on whose other side nobody answers waits at most before it tries one saga.
SAGA_PROBE_SECONDS = env.float("SAGA_PROBE_SECONDS", default=5.0)
