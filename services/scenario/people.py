"""Who is meant by a ref? Everybody whom the story's events and area have described."""

from typing import Any

Json = dict[str, Any]
_WHOLE_PERSONS = ("client", "person", "child", "harmed")
_LISTS_OF_PERSONS = ("people", "children", "other")


class People:
    """Within one story a ref names the same person throughout."""

    def __init__(self) -> None:
        self._by_ref: dict[str, Json] = {}

    def learn(self, data: Any) -> None:
        if not isinstance(data, dict):
            return
        found = [data.get(key) for key in _WHOLE_PERSONS]
        for key in _LISTS_OF_PERSONS:
            items = data.get(key)
            found += items if isinstance(items, list) else []
        for person in found:
            if isinstance(person, dict) and "ref" in person and "given_name" in person:
                self._by_ref[str(person["ref"])] = person

    def __getitem__(self, ref: str) -> Json:
        """Raises KeyError when nothing in the story has described the person."""
        return self._by_ref[ref]
