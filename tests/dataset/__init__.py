"""Datasets: what is drawn, what is written, what a crash leaves."""
