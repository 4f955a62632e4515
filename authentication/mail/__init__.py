"""What is written to whom, and the queue that it waits in."""
