"""The payment gateway: which one, where, and how long to wait for it."""
