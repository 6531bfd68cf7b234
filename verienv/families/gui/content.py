"""What made-up programs hold: people, goods, files, messages, settings."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

FIRST: Final = (
    *("Ada", "Bilal", "Chloe", "David", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Liam", "Mara"),
    *("Nils", "Olga", "Pablo", "Quinn", "Rosa", "Samir", "Tessa", "Umar", "Vera", "Wanda", "Xenia", "Yusuf", "Zoe"),
)
LAST: Final = (
    *(
        "Abbott",
        "Berg",
        "Costa",
        "Dahl",
        "Evans",
        "Frost",
        "Gupta",
        "Hansen",
        "Ito",
        "Jensen",
        "Khan",
        "Lopez",
        "Moreau",
    ),
    *("Novak", "Osei", "Park", "Quist", "Rossi", "Silva", "Tanaka", "Usman", "Vogel", "Weber", "Yilmaz", "Zhang"),
)
CITIES: Final = (
    *(
        "Athens",
        "Bergen",
        "Cairo",
        "Dublin",
        "Essen",
        "Florence",
        "Geneva",
        "Hanoi",
        "Izmir",
        "Jakarta",
        "Kyoto",
        "Lisbon",
    ),
    *("Madrid", "Nairobi", "Oslo", "Porto", "Quito", "Riga", "Seoul", "Tunis", "Utrecht", "Vienna", "Warsaw", "Zagreb"),
)
GOODS: Final = (
    *(
        "Oak stool",
        "Wool scarf",
        "Desk lamp",
        "Tea pot",
        "Rain jacket",
        "Linen shirt",
        "Clay vase",
        "Wall clock",
        "Beach towel",
    ),
    *("Soup bowl", "Reading chair", "Field notes", "Travel mug", "Bread knife", "Bath mat", "Garden hose", "Wine rack"),
    *("Paper lamp", "Cork board", "Steel bottle", "Picnic rug", "Bike light", "Storage box", "Door mat", "Salad bowl"),
)
SONGS: Final = (
    *("Paper Moons", "Northern Line", "Slow Tide", "Glass Garden", "Seven Rivers", "Velvet Hour", "Long Way Down"),
    *("Copper Sky", "Old Letters", "Night Ferry", "First Snow", "Quiet Engine", "Blue Hallway", "Summer Static"),
    *("Distant Shores", "Falling Upward", "Ghost Orchard", "Kite Weather", "Open Windows", "Silver Thread"),
)
FILES: Final = (
    *("budget", "minutes", "roadmap", "invoice", "contract", "notes", "draft", "summary", "photo", "poster", "survey"),
    *("schedule", "report", "letter", "thesis", "recipe", "receipt", "agenda", "manual", "sketch", "backup", "slides"),
)
FOLDERS: Final = (
    *("Archive", "Clients", "Designs", "Exports", "Finance", "Garden", "Holiday", "Insurance", "Journal", "Kitchen"),
    *("Lectures", "Music", "Newsletter", "Orders", "Projects", "Research", "School", "Taxes", "Videos", "Work"),
)
ENDINGS: Final = ("pdf", "txt", "csv", "png", "doc")
TODOS: Final = (
    *("Buy stamps", "Call the bank", "Water plants", "Book a dentist", "Fix the bike", "Pay rent", "Return books"),
    *("Clean windows", "Order coffee", "Wash the car", "Plan the trip", "Renew passport", "Bake bread", "Sort mail"),
    *("Write to Ada", "Feed the cat", "Print tickets", "Change bulbs", "Charge camera", "Visit library"),
)
APPS: Final = (  # names that no real program has
    *(
        "Verdi",
        "Marlo",
        "Tively",
        "Quista",
        "Bramble",
        "Nordo",
        "Pelago",
        "Zunder",
        "Lumiq",
        "Carroo",
        "Fentra",
        "Ostrel",
    ),
    *("Hippla", "Juvano", "Kestri", "Wolpo", "Ambrio", "Sabeto", "Drofty", "Ginkop"),
)
TILES: Final = (  # what a home screen shows, by icon
    *(
        ("Camera", "camera"),
        ("Mail", "mail"),
        ("Maps", "map"),
        ("Clock", "clock"),
        ("Music", "music"),
        ("Photos", "image"),
    ),
    *(("Notes", "edit"), ("Phone", "phone"), ("Shop", "cart"), ("Calendar", "calendar"), ("Weather", "cloud")),
    *(("Books", "book"), ("Wallet", "card"), ("Fitness", "fitness"), ("Files", "folder"), ("Chat", "chat")),
    *(("Settings", "settings"), ("Browser", "globe"), ("Trains", "train"), ("Games", "trophy")),
)
SUBJECTS: Final = (
    *("Lunch on Thursday?", "The keys are in the drawer", "Photos from the lake", "Your book is due", "New timetable"),
    *("Minutes of the meeting", "Tickets for Saturday", "A question about rent", "Invitation", "Parcel on its way"),
    *("Change of plans", "Happy birthday!", "Reminder: dentist", "Offer for two nights", "Draft for review"),
)
SETTINGS: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (  # section → (setting, icon)
    (
        "Network",
        (
            ("Wi-Fi", "wifi"),
            ("Bluetooth", "bluetooth"),
            ("Airplane mode", "flight"),
            ("Mobile data", "signal"),
            ("Hotspot", "link"),
        ),
    ),
    (
        "Sound",
        (
            ("Vibration", "phone"),
            ("Key tones", "music"),
            ("Silent nights", "moon"),
            ("Alarm sound", "alarm"),
            ("Microphone", "mic"),
        ),
    ),
    (
        "Display",
        (
            ("Dark theme", "moon"),
            ("Auto brightness", "sun"),
            ("Auto rotate", "rotate"),
            ("Large text", "text"),
            ("Screen saver", "image"),
        ),
    ),
    (
        "Privacy",
        (
            ("Location", "pin"),
            ("Camera access", "camera"),
            ("Usage reports", "chart"),
            ("Screen lock", "lock"),
            ("Hidden files", "hide"),
        ),
    ),
    (
        "Messages",
        (
            ("Previews", "eye"),
            ("Read receipts", "check"),
            ("Group chats", "people"),
            ("Attachments", "attach"),
            ("Reminders", "bell"),
        ),
    ),
    (
        "Battery",
        (
            ("Power saver", "battery"),
            ("Background sync", "refresh"),
            ("Fast charging", "bulb"),
            ("Usage alerts", "warning"),
        ),
    ),
)
MENUS: Final[
    tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
] = (  # menu → (entry, icon, letter of its shortcut)
    (
        "File",
        (
            ("New", "file", "N"),
            ("Open", "folder", "O"),
            ("Save", "save", "S"),
            ("Print", "print", "P"),
            ("Share", "share", "H"),
            ("Export", "download", "E"),
            ("Close", "close", "W"),
        ),
    ),
    (
        "Edit",
        (
            ("Undo", "undo", "Z"),
            ("Redo", "redo", "Y"),
            ("Cut", "cut", "X"),
            ("Copy", "copy", "C"),
            ("Paste", "paste", "V"),
            ("Find", "search", "F"),
            ("Replace", "refresh", "H"),
        ),
    ),
    (
        "View",
        (
            ("Zoom in", "zoom_in", "I"),
            ("Zoom out", "zoom_out", "U"),
            ("Full screen", "expand", "F"),
            ("Grid", "grid", "G"),
            ("Outline", "list", "L"),
            ("Ruler", "minus", "R"),
        ),
    ),
    (
        "Insert",
        (
            ("Image", "image", "M"),
            ("Table", "grid", "T"),
            ("Link", "link", "K"),
            ("Chart", "chart", "D"),
            ("Comment", "chat", "J"),
            ("Bookmark", "bookmark", "B"),
        ),
    ),
    (
        "Tools",
        (
            ("Spelling", "check", "Q"),
            ("Word count", "list", "B"),
            ("Translate", "globe", "T"),
            ("Options", "settings", "P"),
            ("Macros", "code", "A"),
        ),
    ),
)
MODIFIERS: Final = ("Ctrl+", "Ctrl+Shift+", "Alt+", "Ctrl+Alt+", "Alt+Shift+")
FIELDS: Final[tuple[tuple[str, str], ...]] = (  # label, icon
    *(
        ("First name", "person"),
        ("Last name", "person"),
        ("Email", "mail"),
        ("Phone", "phone"),
        ("Street", "home"),
        ("City", "pin"),
    ),
    *(
        ("Postcode", "map"),
        ("Company", "bag"),
        ("Voucher", "tag"),
        ("Reference", "key"),
        ("Card number", "card"),
        ("Nickname", "star"),
    ),
)
STATUSES: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (  # column → (value, role of its badge)
    ("Status", (("Paid", "good"), ("Open", "warn"), ("Overdue", "error"), ("Draft", "soft"))),
    ("State", (("Delivered", "good"), ("Shipped", ""), ("Delayed", "warn"), ("Cancelled", "error"))),
    ("Stage", (("Approved", "good"), ("In review", "warn"), ("Rejected", "error"), ("New", ""))),
)
NOTICES: Final = (  # title, text, buttons that agree, buttons that do not
    ("Rate this app", "Do you enjoy it? A few stars would help us.", "Rate now", "Not now"),
    ("Stay up to date", "Turn on notifications and never miss a message.", "Allow", "No, thanks"),
    ("Update available", "Version 4.2 brings new themes and fixes.", "Update", "Later"),
    ("Try Premium", "One month for free, then 4.99 each month.", "Start trial", "Dismiss"),
    ("Use your location?", "The app would like to know where you are.", "Allow once", "Don't allow"),
    ("Join our survey", "It takes two minutes and there is a prize to win.", "Take part", "Skip"),
    ("Import your data?", "We found an account on this device.", "Import", "Cancel"),
)
DIALOGS: Final = (  # title, text, the action, the other
    ("Delete this item?", "This cannot be undone.", "Delete", "Keep"),
    ("Discard changes?", "What you have written will be lost.", "Discard", "Go on editing"),
    ("Sign out?", "You will need your password to come back.", "Sign out", "Stay"),
    ("Send without a subject?", "The subject line is empty.", "Send", "Edit"),
    ("Empty the bin?", "Twelve files will be removed for good.", "Empty", "Cancel"),
    ("Replace the file?", "A file of that name exists already.", "Replace", "Keep both"),
)


class Deck:
    """Draws from the lists above without repeating."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.count = 0

    def id(self, name: str = "w") -> str:
        """A new id."""
        self.count += 1
        return f"{name}{self.count}"

    def some(self, pool: Sequence[str], count: int) -> list[str]:
        """Different entries of a list, at most all."""
        return self.rng.sample(pool, min(count, len(pool)))

    def people(self, count: int) -> list[str]:
        """Different full names, no first and no last name twice while there are others."""
        firsts, lasts = self.some(FIRST, count), self.some(LAST, count)
        return [f"{firsts[at % len(firsts)]} {lasts[at % len(lasts)]}" for at in range(min(count, len(FIRST)))]

    def files(self, count: int) -> list[str]:
        """Different file names with endings."""
        names = [self.rng.choice(FILES) for _ in range(count - len(FILES))] + self.some(FILES, count)
        numbers = self.rng.sample(range(1, 100), count)
        return [f"{name}-{number}.{self.rng.choice(ENDINGS)}" for name, number in zip(names, numbers, strict=True)]

    def date(self, year: int = 2025) -> str:
        """A day, as 2025-03-14."""
        return f"{year}-{self.rng.randint(1, 12):02d}-{self.rng.randint(1, 28):02d}"

    def clock(self) -> str:
        """A time of day."""
        return f"{self.rng.randint(0, 23)}:{self.rng.randint(0, 59):02d}"

    def code(self) -> str:
        """A short code that nobody could guess."""
        letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
        return "".join(self.rng.choices(letters, k=3)) + "-" + str(self.rng.randint(1000, 9999))

    def price(self, low: int = 5, high: int = 400) -> str:
        """An amount with cents."""
        return f"{self.rng.randint(low, high)}.{self.rng.choice(('00', '50', '90', '95', '20'))}"

    def yes(self, share: float = 0.5) -> bool:
        """True so often."""
        return self.rng.random() < share
