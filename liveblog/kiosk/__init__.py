"""The kiosk: public pages as ready bytes, without the framework's tax (docs/delivery.md, “Pages”).

A Django view costs milliseconds whatever it answers; a public page is the same for everyone until its blog changes. So each is rendered
once a change and a process, by Django itself, and its bytes are handed out until the hub hears of the next number.
"""
