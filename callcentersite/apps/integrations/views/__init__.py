"""What the API answers, one module per thing that it is about."""
