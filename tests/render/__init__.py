"""Tests of verienv.render."""
