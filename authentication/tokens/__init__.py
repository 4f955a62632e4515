"""What a client carries: the key ring, access tokens and refresh tokens."""
