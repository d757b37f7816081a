"""The running service: the only package that touches the world and knows what time it is."""
