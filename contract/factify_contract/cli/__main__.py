"""`python -m factify_contract.cli` is the command `factify-contract`."""

from factify_contract.cli import main

main()
