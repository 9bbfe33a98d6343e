"""Who may see and do what: once for the admin, the API and exports."""
