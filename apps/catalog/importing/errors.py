"""What stops a whole file, before anything of it is written."""

from apps.core.exceptions import DomainError


class UnreadableFile(DomainError):
    """The file cannot be read as a product file; the message says why and what to do."""

    code = "unreadable_file"
    status = 422
