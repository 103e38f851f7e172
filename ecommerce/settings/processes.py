"""
The processes that `manage.py run` keeps: the whole shop on one machine.

In a command, {python} is this interpreter, {port} the shop's port, {gateway_port} the fake payment gateway's, and
{state} a folder for what a process keeps.
"""

from .celery import LANES

RUN_PROCESSES = {
    "web": "{python} -m granian --interface wsgi --host 127.0.0.1 --port {port} --blocking-threads 8 --no-ws"
    " --log-level error ecommerce.wsgi:application",
    "worker": "{python} -m celery -q -A ecommerce worker"
    " --pool threads --concurrency 8 --loglevel WARNING --without-mingle --without-gossip"
    f" --queues default,{','.join(f'lane.{lane}' for lane in LANES)}",
    "beat": "{python} -m celery -q -A ecommerce beat --loglevel WARNING --schedule {state}/beat --pidfile=",
    "gateway": "{python} -m apps.payments.gateways.fake_server --port {gateway_port}",
}
RUN_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    # A worker run by root says so in ten lines.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}
# Loads the demo shop, where no product exists yet.
RUN_FIRST = "load_demo_shop"
RUN_FIRST_UNLESS = "catalog.Product"
# Makes the accounts to look around with, and tells their passwords.
RUN_LOGINS = "load_demo_accounts"
# What a newcomer wants to see.
RUN_ADDRESSES = {
    "Shop": "/",
    "API docs": "/api/docs/",
    "Admin": "/admin/",
    "Metrics": "/metrics",
    "Health": "/health/ready",
}
