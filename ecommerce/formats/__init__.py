"""How pages for people write dates and numbers, by language."""
