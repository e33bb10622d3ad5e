"""The window: renders snapshots of the bench, owns no truth, opens no database."""
