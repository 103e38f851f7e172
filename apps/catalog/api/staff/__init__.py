"""What the shop's people read and do, each by a permission."""
