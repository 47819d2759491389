"""Articles come in: files and pages are read, each in a child process, into articles."""
