"""`/api/v1/`: the mini program's API over the same turns, rules and ledger as the chat (docs/api.md)."""
