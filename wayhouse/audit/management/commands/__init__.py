"""For the operator and the auditor: sign the log, export the log."""
