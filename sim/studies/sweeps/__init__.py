"""Many runs of one question: designs of points, their runs on whatever workers, and answers."""
