"""The frames that the samplers of other projects take, and the programs that compute them."""
