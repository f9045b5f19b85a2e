"""The chat at the terminal: questions that follow one another, and commands about the answers."""
