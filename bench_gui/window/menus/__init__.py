"""What stands in each menu: one module a menu, one row a command. Knows no Qt."""
