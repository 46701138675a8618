"""`python -m armoire` is the `armoire` command."""

from armoire.command.main import run

if __name__ == "__main__":
    run()
