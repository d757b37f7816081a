"""Speaking first: when a reminder is due, what it says, and which way is open. Pure; the clock is an argument."""
