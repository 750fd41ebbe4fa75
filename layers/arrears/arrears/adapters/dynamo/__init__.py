"""The tables: snapshots, ledger and runs in DynamoDB, behind the ports of the same names."""
