"""Official records beside ours: a platform's export is read, compared with the ledger both ways, and decided by HR."""
