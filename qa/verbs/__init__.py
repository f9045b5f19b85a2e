"""The verbs of the command line: each parses, calls one method of the library, and renders."""
