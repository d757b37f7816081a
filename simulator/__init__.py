"""A stand-in for WeChat with a page of phones. Imports nothing of ours and enforces what the platform enforces."""
