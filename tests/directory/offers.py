"""Services of a synthetic area, as an agency sends them."""

from typing import Any

from tests.directory.house import House

BRIDGE: dict[str, Any] = {
    "organisation": "bridge",
    "kind": "one-stop-shop",
    "name": "Bridge one-stop shop",
    "details": "Drop in for advice about domestic abuse. Several agencies under one roof.",
    "criteria": "Anybody who lives in the county.",
    "referral": [
        {"by": "self", "how": "Come to the desk."},
        {"by": "professional", "how": "Send the form."},
    ],
    "contra_indications": "Not for people who use abuse.",
    "contact": {
        "title": "Front desk",
        "email": "desk@bridge.example",
        "phone": "01632 960500",
        "url": "https://bridge.example/help",
    },
    "forms": [{"name": "Referral form", "url": "https://bridge.example/form"}],
    "cost": "Free",
    "needs": ["domestic-abuse-advice", "housing-advice"],
    "who": ["adults-harmed", "parents"],
    "minimum_age": 16,
    "places": ["E06000999"],
    "hours": [
        {"days": ["MO", "TH"], "opens": "10:00", "closes": "16:00"},
        {"days": ["1SA"], "freq": "monthly", "opens": "09:30", "closes": "12:00"},
    ],
    "location": {
        "name": "The Bridge",
        "line": "1 Synthetic Street",
        "town": "Northtown",
        "county": "Northshire",
        "postcode": "ZZ99 1AA",
        "latitude": 54.5,
        "longitude": -1.5,
        "access": "Step-free. There is a second door at the side.",
    },
    "publish": True,
    "private": {
        "contact_name": "Bea Test",
        "phone": "01632 960501",
        "email": "bea.test@bridge.example",
        "notes": "Ring twice.",
    },
}

SHELTER: dict[str, Any] = {
    "organisation": "bridge",
    "name": "Safe accommodation",
    "details": "A safe place to stay.",
    "needs": ["safe-accommodation"],
    "who": ["women", "adults-harmed"],
    "minimum_age": 16,
    "places": ["E06000999", "E06000998"],
    "confidential_location": True,
    "publish": True,
    "private": {
        "contact_name": "Cleo Test",
        "phone": "07700 900123",
        "address": {
            "name": "Larkspur House",
            "line": "12 Hidden Lane",
            "town": "Northtown",
            "postcode": "ZZ99 7QQ",
        },
    },
}


async def open_bridge(house: House) -> str:
    """The charity that offers them, and its key."""
    body = {"kind": "idva", "name": "Bridge charity"}
    await house.good("PUT", "/organisations/bridge", json=body)
    return await house.key("bridge", "publisher", "recipient")
