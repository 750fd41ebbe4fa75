"""What speed, memory and money the house takes: measured beside the usual ways, in interleaved rounds."""
