"""How platforms are spoken to: envelopes, decoding, rendering, and the API client."""
