"""
Files of other shops, each laid out as its own software writes it.

A form says which column means what, and settles the rows of one product so that the rules can read them; the rules, the
report and the writing are the same for all.
"""
