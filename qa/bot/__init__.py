"""The Telegram bot: a face of the library for a clerk, a worker, a group of colleagues.

It stands on python-telegram-bot, which only this package imports. `running.run` runs it.
"""
