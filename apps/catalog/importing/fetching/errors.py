"""Why there is no image, and whether to ask again."""

from apps.core.exceptions import DomainError


class ImageRefused(DomainError):
    """What the address says, or what it leads to, is not taken; it is not asked again."""

    code = "image_refused"


class ImageUnavailable(DomainError):
    """Nobody answered, or not in time, or the server was in trouble; later it may be there."""

    code = "image_unavailable"
