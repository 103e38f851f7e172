"""
The demo shop's pictures: SVG drawn by code, the same bytes each time.

`colours` names the paints, `drawing` holds the pen, `kitchen`, `home`, `wear` and `paper` hold the motifs, and `scene`
puts a motif before its backdrop.
"""

from .scene import MOTIFS, draw

__all__ = ["MOTIFS", "draw"]
