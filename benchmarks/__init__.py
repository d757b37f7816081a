"""What the product claims about speed, measured side by side in one run. `make bench` runs everything here."""
