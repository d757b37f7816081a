"""What a proof of continuing education says: from lines with positions to fields with a confidence each. Pure."""
