"""The sagas that orders conducts."""
