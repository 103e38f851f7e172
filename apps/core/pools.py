"""The connection pools of a process: closed on purpose, and forgotten by the children it forks."""

import os
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

# Django keeps the pools of the process here, by alias.
_pools: dict[str, Any] = DatabaseWrapper._connection_pools  # type: ignore[attr-defined]
# What a child inherited, kept so that nothing closes it: the sockets are the parent's.
_inherited: list[Any] = []


def close_connections() -> None:
    """Close this thread's connections and the pools of the process; both open again when they are needed."""
    connections.close_all()
    while _pools:
        _pools.popitem()[1].close()


def forget_in_children() -> None:
    """Arrange for every child that this process forks to start without connections, and to open its own."""
    os.register_at_fork(after_in_child=_forget)


def _forget() -> None:
    for wrapper in connections.all(initialized_only=True):
        _inherited.append(wrapper)
        del connections[wrapper.alias]
    _inherited.append(dict(_pools))
    _pools.clear()
