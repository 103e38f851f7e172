"""What can go wrong with a server, in a sentence the person at the keyboard can act on."""

from apps.core.exceptions import DomainError


class ServersUnusable(DomainError):
    """A server cannot be started, reached or stopped; the message says why and what to do."""

    code = "servers_unusable"
    status = 503
