"""Modules and functions that have nothing to do with the mistake: they make a package longer to read."""

from __future__ import annotations

from typing import Final

MODULES: Final = {
    "colours": '''"""Colours by name and by number."""

NAMES = {"black": 0, "red": 0xFF0000, "green": 0x00FF00, "blue": 0x0000FF, "white": 0xFFFFFF}


def channels(colour):
    """Red, green and blue of a colour, each from 0 to 255."""
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255


def mixed(one, other):
    """The colour halfway between two."""
    pairs = zip(channels(one), channels(other))
    red, green, blue = [(left + right) // 2 for left, right in pairs]
    return red << 16 | green << 8 | blue


def nearest_name(colour):
    """The name whose colour differs least."""
    def distance(name):
        pairs = zip(channels(NAMES[name]), channels(colour))
        return sum((left - right) ** 2 for left, right in pairs)

    return min(sorted(NAMES), key=distance)
''',
    "settings": '''"""Settings from lines of text."""

DEFAULTS = {"language": "en", "columns": 80, "quiet": False}


def read_settings(lines):
    """Settings from lines such as "columns = 100"; what is not said keeps its default."""
    found = dict(DEFAULTS)
    for line in lines:
        name, sign, text = line.partition("=")
        name, text = name.strip(), text.strip()
        if not sign or name not in found:
            continue
        kind = type(DEFAULTS[name])
        if kind is bool:
            found[name] = text in ("yes", "true", "on")
        elif kind is int:
            found[name] = int(text)
        else:
            found[name] = text
    return found


def changed(settings):
    """The settings that differ from their defaults."""
    return {name: value for name, value in settings.items() if value != DEFAULTS[name]}
''',
    "history": '''"""Steps that can be taken back."""


class History:
    """States, one after another, and where one is among them."""

    def __init__(self, first):
        self.states = [first]
        self.at = 0

    def push(self, state):
        """Go on to a new state; what was taken back is forgotten."""
        self.states = self.states[:self.at + 1] + [state]
        self.at += 1

    def undo(self):
        """Go back, if there is something to go back to, and give the state."""
        self.at = max(0, self.at - 1)
        return self.states[self.at]

    def redo(self):
        """Go forward again, if something was taken back, and give the state."""
        self.at = min(len(self.states) - 1, self.at + 1)
        return self.states[self.at]
''',
    "messages": '''"""Texts that are shown to people."""

WORDS = {"en": {"hello": "Hello", "bye": "Goodbye"}, "de": {"hello": "Guten Tag", "bye": "Auf Wiedersehen"}}


def greeting(language, person=""):
    """A greeting in a language, or in English where there is none."""
    words = WORDS.get(language, WORDS["en"])
    return f"{words['hello']}, {person}!" if person else f"{words['hello']}!"


def plural(count, one, many=None):
    """A count with its noun: 1 box, 2 boxes."""
    if count == 1:
        return f"1 {one}"
    return f"{count} {many or one + 's'}"


def listed(names):
    """Names as a person would list them: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]
''',
    "limits": '''"""Counting how often something was done."""


class Limiter:
    """At most so many calls within a number of seconds."""

    def __init__(self, most, seconds):
        self.most = most
        self.seconds = seconds
        self.calls = []

    def allow(self, now):
        """Whether a call at that second is within the limit; if so, it is counted."""
        self.calls = [call for call in self.calls if call > now - self.seconds]
        if len(self.calls) >= self.most:
            return False
        self.calls.append(now)
        return True

    def wait(self, now):
        """Seconds until the next call is allowed."""
        recent = [call for call in self.calls if call > now - self.seconds]
        if len(recent) < self.most:
            return 0
        return recent[0] + self.seconds - now
''',
    "versions": '''"""Numbers of versions, such as 1.4.2."""


def read_version(text):
    """A version as a tuple of numbers; a leading v does not count."""
    return tuple(int(part) for part in text.lstrip("v").split("."))


def compatible(wanted, given):
    """Whether a version is at least the wanted one and has the same first number."""
    return given[:1] == wanted[:1] and given >= wanted


def bumped(version, part):
    """The next version: part 0, 1 or 2 goes up, and those behind it start again."""
    raised = list(version)
    raised[part] += 1
    return tuple(raised[:part + 1] + [0] * (len(raised) - part - 1))
''',
}
"""Modules by name; each stands alone."""

FUNCTIONS: Final = {
    "chunked": '''def chunked(items, size):
    """Items in lists of a size; the last one may be shorter."""
    return [items[start:start + size] for start in range(0, len(items), size)]
''',
    "flattened": '''def flattened(lists):
    """One list of what stands in several."""
    return [item for items in lists for item in items]
''',
    "clamped": '''def clamped(value, low, high):
    """The value, but no less than low and no more than high."""
    return max(low, min(high, value))
''',
    "median_of": '''def median_of(numbers):
    """The number in the middle, the lower of two."""
    return sorted(numbers)[(len(numbers) - 1) // 2]
''',
    "counted_by": '''def counted_by(items, key):
    """How many items there are for each key."""
    counts = {}
    for item in items:
        counts[key(item)] = counts.get(key(item), 0) + 1
    return counts
''',
    "shortened": '''def shortened(text, width):
    """The text, cut with three dots where it is too long."""
    if len(text) <= width:
        return text
    return text[:max(0, width - 3)] + "..."
''',
    "is_sorted": '''def is_sorted(items):
    """Whether no item is smaller than the one before it."""
    return all(one <= other for one, other in zip(items, items[1:]))
''',
    "common_prefix": '''def common_prefix(one, other):
    """What two texts begin with."""
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length]
''',
    "rounded_up": '''def rounded_up(value, step):
    """The next multiple of a step."""
    return (value + step - 1) // step * step
''',
    "inverted": '''def inverted(mapping):
    """Keys by their values; of several keys the last counts."""
    return {value: key for key, value in mapping.items()}
''',
    "runs_of": '''def runs_of(items):
    """Pairs of an item and how often it stands there in a row."""
    found = []
    for item in items:
        if found and found[-1][0] == item:
            found[-1] = (item, found[-1][1] + 1)
        else:
            found.append((item, 1))
    return found
''',
    "digits_of": '''def digits_of(number, base=10):
    """The digits of a number, the highest first."""
    digits = []
    while number:
        number, digit = divmod(number, base)
        digits.append(digit)
    return digits[::-1] or [0]
''',
}
"""Functions by name; each stands alone."""
