"""Matches, a table of a league, and rounds to be played."""

from __future__ import annotations

from random import Random

from verienv.families.patch.subjects import Subject

MATCHES = '''"""Matches: who played whom, and how it ended."""


class Match:
    """Two teams and their goals."""

    def __init__(self, home, away, scored, conceded):
        self.home = home
        self.away = away
        self.scored = scored
        self.conceded = conceded

    def points(self, team):
        """3 for a win, 1 for a draw, 0 for a defeat or for a team that did not play."""
        if team not in (self.home, self.away):
            return 0
        if self.scored == self.conceded:
            return 1
        winner = self.home if self.scored > self.conceded else self.away
        return 3 if team == winner else 0

    def goals(self, team):
        """Goals scored and conceded by a team."""
        if team == self.home:
            return self.scored, self.conceded
        if team == self.away:
            return self.conceded, self.scored
        return 0, 0


def read_match(line):
    """A match from a line such as "Owls 2:1 Bears"."""
    words = line.split()
    for at, word in enumerate(words):
        if ":" in word:
            scored, conceded = word.split(":")
            home = " ".join(words[:at])
            away = " ".join(words[at + 1:])
            return Match(home, away, int(scored), int(conceded))
    raise ValueError("no result in the line")
'''

STANDINGS = '''"""The table of a league."""

from league.matches import Match, read_match


class Row:
    """What a team has reached so far."""

    def __init__(self, team):
        self.team = team
        self.played = 0
        self.points = 0
        self.scored = 0
        self.conceded = 0

    def add(self, match):
        """Count a match of this team."""
        scored, conceded = match.goals(self.team)
        self.played += 1
        self.points += match.points(self.team)
        self.scored += scored
        self.conceded += conceded

    def rank(self):
        """What decides: points, then the difference of goals, then goals scored, then the name."""
        return (-self.points, self.conceded - self.scored, -self.scored, self.team)


def table(lines):
    """The rows of all teams in these matches, the best first."""
    rows = {}
    for line in lines:
        match = read_match(line)
        for team in (match.home, match.away):
            if team not in rows:
                rows[team] = Row(team)
            rows[team].add(match)
    return sorted(rows.values(), key=Row.rank)


def written(rows):
    """The table as lines of text; teams with the same points share a place."""
    lines = []
    place = 0
    for at, row in enumerate(rows, 1):
        if at == 1 or row.points < rows[at - 2].points:
            place = at
        lines.append(f"{place}. {row.team.ljust(8)} {row.points:3} {row.scored}:{row.conceded}")
    return lines


def unbeaten(lines):
    """Teams that have lost no match, in order of the alphabet."""
    teams, beaten = set(), set()
    for line in lines:
        match = read_match(line)
        teams.update((match.home, match.away))
        if match.scored < match.conceded:
            beaten.add(match.home)
        elif match.scored > match.conceded:
            beaten.add(match.away)
    return sorted(teams - beaten)


def streak(lines, team):
    """The longest run of matches that a team has won one after another."""
    best = run = 0
    for line in lines:
        match = read_match(line)
        if team not in (match.home, match.away):
            continue
        run = run + 1 if match.points(team) == 3 else 0
        best = max(best, run)
    return best


def friendly(home, away):
    """A match that has not been played yet."""
    return Match(home, away, 0, 0)
'''

ROUNDS = '''"""Who plays whom, and when."""


def pairings(teams):
    """Rounds in which everybody plays everybody once; with an odd number, one team rests in each round."""
    turning = list(teams)
    if len(turning) % 2 == 1:
        turning.append(None)
    rounds = []
    half = len(turning) // 2
    for _ in range(len(turning) - 1):
        pairs = []
        for at in range(half):
            home, away = turning[at], turning[-1 - at]
            if home is not None and away is not None:
                pairs.append((home, away))
        rounds.append(pairs)
        turning.insert(1, turning.pop())
    return rounds


def return_leg(rounds):
    """The same rounds with home and away exchanged."""
    return [[(away, home) for home, away in pairs] for pairs in rounds]


def resting(pairs, teams):
    """The teams that do not play in a round."""
    playing = {team for pair in pairs for team in pair}
    return [team for team in teams if team not in playing]
'''

TEAMS = ("Owls", "Bears", "Red Foxes", "Hawks", "Lynx")


def tests(rng: Random) -> list[tuple[str, str]]:
    """Scripts about matches, the table and rounds."""
    found = []
    one = "from league.matches import Match, read_match\n"
    use = "from league.standings import friendly, streak, table, unbeaten, written\n"
    plan = "from league.rounds import pairings, resting, return_leg\n"
    rows = "[(r.team, r.played, r.points, r.scored, r.conceded) for r in table({})]"
    for _ in range(3):
        lines = []
        for at, home in enumerate(TEAMS):
            for away in rng.sample([team for team in TEAMS[at:] if team != home], min(2, len(TEAMS[at:]) - 1)):
                lines.append(f"{home} {rng.randint(0, 3)}:{rng.randint(0, 3)} {away}")
        rng.shuffle(lines)
        found.append(("the table", use + rows.format(lines)))
        found.append(("writing the table", f"{use}written(table({lines}))"))
        found.append(("the unbeaten teams", f"{use}unbeaten({lines[:4]})"))
        team = rng.choice(TEAMS)
        wins = [f"{team} {rng.randint(1, 4)}:{each} Elks" for each in rng.choices((0, 0, 9), k=6)]
        found.append(("the longest run of wins", f"{use}streak({[*wins, lines[0], f'Elks 0:1 {team}']}, {team!r})"))
        a, b = rng.randint(0, 4), rng.randint(0, 4)
        found.append(
            ("points", f"{one}m = Match('Owls', 'Lynx', {a}, {b})\n[m.points(t) for t in ('Owls', 'Lynx', 'Elks')]")
        )
        found.append(
            ("goals", f"{one}m = Match('Owls', 'Lynx', {a}, {b + 1})\n[m.goals(t) for t in ('Owls', 'Lynx', 'Elks')]")
        )
        line = f"  Red Foxes {a}:1{b}  Blue Bears II"
        found.append(("reading a match", f"{one}m = read_match({line!r})\n(m.home, m.away, m.scored, m.conceded)"))
        teams = list(TEAMS[: rng.randint(3, 5)])
        found.append(("the rounds", f"{plan}pairings({teams})"))
        found.append(("the return leg", f"{plan}return_leg(pairings({teams}))"))
    runs = ["Elks 1:0 Gulls", "Owls 1:0 Lynx", "Elks 0:0 Gulls", "Owls 2:0 Lynx", "Lynx 3:0 Owls", "Owls 1:0 Elks"]
    found.append(("the longest run of wins", f"{use}[streak({runs}, team) for team in ('Owls', 'Elks', 'Gulls')]"))
    found.append(("a draw", f"{one}m = Match('Owls', 'Lynx', 2, 2)\n[m.points(t) for t in ('Owls', 'Lynx', 'Elks')]"))
    found.append(("a line without a result", f"{one}read_match('Owls against Lynx')"))
    found.append(("the rounds of four", f"{plan}pairings(['a', 'b', 'c', 'd'])"))
    found.append(("who rests", f"{plan}[resting(pairs, 'abcde') for pairs in pairings('abcde')]"))
    found.append(("the rounds", f"{plan}given = ['a', 'b', 'c']\npairings(given)\ngiven"))
    even = ["Owls 1:0 Lynx", "Bears 3:2 Elks", "Lynx 2:0 Hawks", "Elks 1:0 Gulls", "Gulls 0:0 Swans"]
    found.append(("the table when points are equal", use + rows.format(even)))
    found.append(("writing the table when points are equal", f"{use}written(table({even}))"))
    found.append(("the unbeaten teams", f"{use}unbeaten({even})"))
    found.append(
        ("the table when only names differ", use + rows.format(["Owls 1:1 Lynx", "Elks 1:1 Bears", "Newts 0:0 Cats"]))
    )
    found.append(("a match to come", f"{use}m = friendly('a', 'b')\n(m.home, m.away, m.goals('b'))"))
    found.append(("a team that never won", f"{use}streak(['Owls 0:1 Lynx', 'Owls 1:1 Lynx'], 'Owls')"))
    runs = ["Elks 1:0 Gulls", "Owls 1:0 Lynx", "Elks 0:0 Gulls", "Owls 2:0 Lynx", "Lynx 3:0 Owls", "Owls 1:0 Elks"]
    found.append(("the longest run of wins", f"{use}[streak({runs}, team) for team in ('Owls', 'Elks', 'Gulls')]"))
    return found


SUBJECT = Subject(
    "league",
    {"league/matches.py": MATCHES, "league/standings.py": STANDINGS, "league/rounds.py": ROUNDS},
    {
        "league": ("league", "season", "cup"),
        "Match": ("Match", "Game", "Fixture"),
        "table": ("table", "standing", "ranking"),
        "Row": ("Row", "Record", "Line"),
        "unbeaten": ("unbeaten", "undefeated", "never_lost"),
        "streak": ("streak", "winning_run", "best_run"),
        "pairings": ("pairings", "round_robin", "schedule"),
        "read_match": ("read_match", "parse_match", "match_of"),
    },
    tests,
)
