"""Moves a clock from the command line: the only word is the address to send an empty PUT to."""

import http.client
import sys
from urllib.parse import urlsplit

address = urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
connection.request("PUT", f"{address.path}?{address.query}")
sys.exit(connection.getresponse().status != 200)
