"""
The demo shop, Lantern Quay: goods that are told in TOML (`goods`), drawn by code (`pictures`) and put into the
catalogue once (`loading`).
"""
