"""First contact to first meeting: notes without a name, answers by a clock, the welcome, the waiting room."""
