"""Measurements of the mock side by side with a rival in one run, as ratios; never a timed test."""
