"""What only the page on this machine may ask: state, deeds, time, the stream of happenings."""
