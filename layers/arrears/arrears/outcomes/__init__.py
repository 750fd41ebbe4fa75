"""Did it work? What is counted of a month, how sure a rate is, and what is hidden because it would show a person."""
