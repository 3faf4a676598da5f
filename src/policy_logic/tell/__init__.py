"""Telling: proofs, refusals and decisions in words, in Chinese or in English."""
