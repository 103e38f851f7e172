"""What the process and its databases tell Prometheus."""
