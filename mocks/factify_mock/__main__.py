"""`python -m factify_mock` is the command `factify-mock`."""

from factify_mock.cli import main

main()
