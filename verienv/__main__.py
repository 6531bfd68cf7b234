"""`python -m verienv`: the command line."""

from verienv.cli import main

main()
