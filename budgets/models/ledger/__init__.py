"""What the ledger remembers beside its entries: where they come from, and what is known."""
