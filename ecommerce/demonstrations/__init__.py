"""
The engine taken apart before your eyes: `python -m ecommerce.demonstrations` (`make chaos-demo`) tells as it goes.

`stage` starts a shop of its own: databases, a broker, a gateway, a mail server, web and workers, each a process.
`deaths`, `rings`, `money`, `releases` and `rows` are what is shown, `playing` plays it and judges it, `telling` prints
it. `next_release` is the code that one of them deploys.
"""
