"""Kill -9 at every write point of the house, and look what is left (harness H4).

No production code knows of it: a child process does one act of the house, its database cursor and its file system are
watched from outside (`killing`), and at the n-th write the process kills itself. Another process then looks whether
everything holds together (`invariants`) and whether all or nothing happened (`trying`). What is done stands in `acts`.
"""
