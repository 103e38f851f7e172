"""
Protections taken away one by one: each mutant of the source must be noticed by some layer of the tests.

`python -m ecommerce.tests.mutants` (`make mutants`) applies each to a scratch copy of the checkout, which has servers
of its own, and climbs the layers from the cheapest on until one fails. A mutant that survives them all, or whose text
is no longer in the source, makes the run fail.
"""
