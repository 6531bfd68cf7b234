"""A third party's families, found by their entry points."""
