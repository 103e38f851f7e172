"""The code of the release that knows the first version alone."""
