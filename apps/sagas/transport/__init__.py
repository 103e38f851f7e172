"""How calls reach their participant, and outcomes come back: in this process, or as messages over RabbitMQ."""
