"""What the templates show: frozen values, ready to print."""
