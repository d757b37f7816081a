"""One conversation per module, pure: a Turn in, an Outcome out. `routes` is the table of them."""
