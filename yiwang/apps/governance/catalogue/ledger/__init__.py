"""The component ledger 部件台账: what stands where, by 16-digit code."""
