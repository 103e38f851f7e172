"""
Merchants' product files, read into the catalogue and written from it. The rules stand in docs/importing.md.

Pure: `encoding`, `layout`, `rows`, `values`, `drafts`, `rules`, `skus`, `shelves`. On disk: `scratch`. In the database:
`staging`, `writing`. `run` puts them in order and `report` says what came of it.
"""
