"""
The demonstration: a customer's journey through the running shop, told step by step.

`callers` speaks the REST API, `stories` are what happens, `last_piece` is the one with rivals, `evidence` is what the
databases say afterwards, `telling` prints it all, and `standalone` starts a shop where none runs.
"""
