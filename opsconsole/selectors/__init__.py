"""Reading queries: each bounded, each cheap on a long history."""
