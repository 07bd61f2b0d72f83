"""The world a mock remembers: pure rules and records; no HTTP, clock, randomness or files of its own."""
