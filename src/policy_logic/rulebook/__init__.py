"""The policies as data: text, numbers, readings, sentences and rules, loaded and checked."""
