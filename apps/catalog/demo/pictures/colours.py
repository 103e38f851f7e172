"""The paints of the demo shop. The values of an option named Colour are among them."""

PAINTS = {
    "foam": "#f1ece1",
    "fog": "#b7c7cb",
    "slate": "#5d7480",
    "ink": "#2b3a4a",
    "kelp": "#5f7f63",
    "pine": "#2f5a4c",
    "sand": "#dcc09a",
    "oat": "#e6d7bd",
    "honey": "#e3a93f",
    "mustard": "#d6982e",
    "rust": "#b85a38",
    "coral": "#e2806a",
    "plum": "#7b4a63",
    "wood": "#b98a5e",
    "copper": "#c47a4e",
    "paper": "#faf6ec",
}
WALLS = ("fog", "sand", "oat", "kelp", "coral", "honey", "slate", "plum")


def mix(one: str, other: str, share: float) -> str:
    """Return the colour between two, as #rrggbb; `share` is the other's part, from 0 to 1."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def lighter(colour: str, share: float) -> str:
    return mix(colour, "#ffffff", share)


def darker(colour: str, share: float) -> str:
    return mix(colour, "#1c2733", share)


def distance(one: str, other: str) -> int:
    """Return how different two colours are, as the sum over their channels."""
    return sum(abs(a - b) for a, b in zip(channels(one), channels(other), strict=True))
