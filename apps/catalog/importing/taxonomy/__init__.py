"""
A published taxonomy, such as Shopify's or Google's, into the shop's tree of categories; also a newer edition of it.

`reading` knows the files, `planning` decides (pure), `writing` does it in a handful of statements.
"""
