"""Families with one planted fault each, and the sound one that they spoil."""
