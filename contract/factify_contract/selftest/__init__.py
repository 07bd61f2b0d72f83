"""Tests the judge itself: an implementation is broken on purpose, and the judge must say in what."""
