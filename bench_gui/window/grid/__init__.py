"""Tables to read, sort, select and copy: what stands in them, and the widget that shows it."""
