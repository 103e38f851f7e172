"""The code of a release in which the first version is no more."""
