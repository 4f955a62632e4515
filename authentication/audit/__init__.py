"""The audit log: one enum of events, one function that records them."""
