"""What happened: one enum of events, one function that records them."""
