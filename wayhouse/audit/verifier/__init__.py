"""The auditor's offline verifier: one file that needs nothing else from this package."""
