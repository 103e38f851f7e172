"""Payment gateways: the port in `base`, its adapters beside it, the configured one in `current`."""
