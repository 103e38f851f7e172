"""Views of accounts: each reads the request, makes one call of the services or selectors, and renders the answer."""
