"""The code of the release that knows both versions, and the way from the first to the second."""
