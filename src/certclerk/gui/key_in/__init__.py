"""录入窗口: certificates keyed in at the counter with the program's help, and what is taken along for that."""
