"""Every remote call: its request built from plain values, its reply read into plain values.

Nothing here touches a channel; `Client` and `AsyncClient` only send what these functions return.
"""
