"""Reading a case: the vocabulary, the file, and what is known."""
