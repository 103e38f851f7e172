"""What every test of the project uses."""
