"""A small stack whose functions only say what they were called with, to test the embedded cloud itself."""
