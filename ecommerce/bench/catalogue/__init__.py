"""Generated catalogues of any size, and how fast the shop answers with them."""
