"""One run from plan to verdict. Knows no Qt."""
