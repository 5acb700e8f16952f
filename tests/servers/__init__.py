"""Real servers for the tests, each on a port and in a folder of its own."""
