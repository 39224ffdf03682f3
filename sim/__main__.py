"""`python -m sim` and the command `tare` are the same."""

from sim.cli.main import main

if __name__ == "__main__":
    main()
