"""
The processes that `manage.py run` keeps: the whole shop on one machine.

In a command, and in the value of a variable, {python} is this interpreter, {port} the shop's port, {state} a folder for
what a process keeps, and each name of RUN_PORTS a port.
"""

import os

from apps.payments.gateways.fake_server.address import HOST, default_port

from .celery import LANES
from .payments import PAYMENT_GATEWAY

# Further ports, by the number they usually have; where another program listens there, a free one is taken.
RUN_PORTS: dict[str, int] = {}
RUN_PROCESSES = {
    "web": "{python} -m granian --interface wsgi --host 127.0.0.1 --port {port} --blocking-threads 8 --no-ws"
    " --log-level error ecommerce.wsgi:application",
    "worker": "{python} -m celery -q -A ecommerce worker"
    " --pool threads --concurrency 8 --loglevel WARNING --without-mingle --without-gossip"
    f" --queues default,{','.join(f'lane.{lane}' for lane in LANES)}",
    "beat": "{python} -m celery -q -A ecommerce beat --loglevel WARNING --schedule {state}/beat --pidfile=",
}
RUN_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    # A worker run by root says so in ten lines.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}
if PAYMENT_GATEWAY == "fake" and not os.environ.get("PAYMENT_GATEWAY_URL"):
    RUN_PORTS["gateway_port"] = default_port()
    RUN_PROCESSES["gateway"] = "{python} -m apps.payments.gateways.fake_server --port {gateway_port}"
    RUN_ENVIRONMENT["PAYMENT_GATEWAY_URL"] = f"http://{HOST}:{{gateway_port}}"
# Loads the demo shop, where no product exists yet.
RUN_FIRST = "load_demo_shop"
RUN_FIRST_UNLESS = "catalog.Product"
# The command that makes the accounts to look around with, and tells their passwords; None where nobody gets one.
RUN_LOGINS: str | None = None
# What a newcomer wants to see.
RUN_ADDRESSES = {
    "Shop": "/",
    "API docs": "/api/docs/",
    "Admin": "/admin/",
    "Metrics": "/metrics",
    "Health": "/health/ready",
}
