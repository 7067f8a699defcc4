"""Run `python -m bot`, which is `sanad`."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
