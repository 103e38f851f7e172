"""The code of the next release: it knows a second version of the order's saga beside the first."""
