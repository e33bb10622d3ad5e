"""What happened to every event: the running count, the final count, the recount, the verdict.

Reads the files of lanes and writes none.
"""
