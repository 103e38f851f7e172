"""Structured logs with request, order and saga ids."""
