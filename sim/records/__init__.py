"""What was measured: the recorder of a run, the tables it becomes, and the metrics over them."""
