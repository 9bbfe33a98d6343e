"""Ad platforms that speak their real wire protocol, to test against and to start by hand."""
