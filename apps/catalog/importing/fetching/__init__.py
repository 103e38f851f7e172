"""Images of merchants, from wherever a product file says they are: nothing on the other side is trusted."""
