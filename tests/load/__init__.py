"""How an office on SQLite answers under load, alone and beside a levy and a long list."""
