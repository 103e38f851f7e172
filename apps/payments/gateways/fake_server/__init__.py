"""
A payment gateway of our own, for development and tests: `python -m apps.payments.gateways.fake_server`.

It is a process apart with a durable store, so it survives whatever the shop's processes go through, and can be asked
afterwards what really happened to the money. Cards, faults and addresses are described in docs/payments.md. It imports
no Django, to start at once.
"""
