"""The tests. They share code by `from tests.profile import …`."""
