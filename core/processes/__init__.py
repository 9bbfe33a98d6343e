"""Run the processes of an installation: broker, web, worker and beat."""
