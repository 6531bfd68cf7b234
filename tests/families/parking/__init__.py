"""parking: its geometry, its search, its views."""
