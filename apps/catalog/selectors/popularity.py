"""
How popular a product is: what was sold of it, each piece worth half of what one sold HALF_LIFE later is worth.

`popularity_score` is the logarithm (base 2) of that sum, on a scale that never has to be moved: a piece sold at a
moment adds 2 to the power of the half-lives from 1970 to then. So time alone changes no row and no order, and what
was never sold has 0, which is the same as nothing.

Source: Cormode, Shkapenyuk, Srivastava and Xu (2009), Forward Decay, section 3.
"""

from datetime import datetime, timedelta

HALF_LIFE = timedelta(days=30)
HALF_LIFE_SECONDS = HALF_LIFE.total_seconds()


def weight_at(moment: datetime) -> float:
    """Return the score of a product of which one piece was sold at a moment (aware), and nothing before."""
    return moment.timestamp() / HALF_LIFE_SECONDS
