"""A second implementation of the API: keeps what is documented, and chooses differently where nothing is.

It shares no code with the mock or the judge. One process serves any number of variants, each below its
own first path segment: the name of a mode from `choices`, with faults after plus signs, such as
`/north/v1beta/me` or `/south+late-accept/v1beta/me`.
"""
