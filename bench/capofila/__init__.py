"""What the receiving service is measured with."""
