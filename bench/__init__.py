"""What the catalogue does in a second, and with how much memory: `make bench`."""
