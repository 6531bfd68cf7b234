"""Accounts, transfers between them, and statements."""

from __future__ import annotations

from random import Random

from verienv.families.patch.subjects import Subject

ACCOUNTS = '''"""Accounts and what moves between them. All amounts are whole cents."""


class Account:
    """An account with a name, a balance and a limit below which it may not fall."""

    def __init__(self, name, balance=0, limit=0):
        self.name = name
        self.balance = balance
        self.limit = limit
        self.entries = []

    def deposit(self, amount):
        """Put money in; the amount must be positive."""
        if amount <= 0:
            raise ValueError("amount must be positive")
        self.balance += amount
        self.entries.append(amount)

    def withdraw(self, amount):
        """Take money out, unless the balance would fall below the limit."""
        if amount <= 0:
            raise ValueError("amount must be positive")
        if self.balance - amount < self.limit:
            return False
        self.balance -= amount
        self.entries.append(-amount)
        return True


def transfer(source, target, amount):
    """Move money from one account to another; say whether it was moved."""
    if source is target:
        return False
    if not source.withdraw(amount):
        return False
    target.deposit(amount)
    return True
'''

FEES = '''"""What a movement costs."""

STEPS = [(0, 50), (10000, 120), (50000, 300)]


def fee(amount):
    """The fee for an amount: that of the highest step it reaches."""
    charged = 0
    for least, price in STEPS:
        if amount >= least:
            charged = price
    return charged


def split(amount, parts):
    """Divide an amount into equal parts; what cannot be divided goes to the first ones, a cent each."""
    share = amount // parts
    rest = amount % parts
    return [share + 1 if at < rest else share for at in range(parts)]


def interest(balance, rate, days):
    """Interest in cents for some days at a rate in hundredths of a percent a year, rounded down."""
    if balance <= 0:
        return 0
    return balance * rate * days // (10000 * 365)
'''

STATEMENT = '''"""Statements: what happened on an account, in order."""

from ledger.accounts import Account, transfer
from ledger.fees import fee, split


def running(entries, start=0):
    """The balance after each entry."""
    balances = []
    balance = start
    for entry in entries:
        balance += entry
        balances.append(balance)
    return balances


def summary(account):
    """What came in, what went out, and the largest single entry."""
    paid_in = sum(entry for entry in account.entries if entry > 0)
    paid_out = -sum(entry for entry in account.entries if entry < 0)
    largest = max(account.entries, key=abs, default=0)
    return {"in": paid_in, "out": paid_out, "largest": largest}


def pay_with_fee(source, target, amount):
    """Transfer an amount and take the fee for it from the source; the total that left it, or 0."""
    total = amount + fee(amount)
    if source.balance - total < source.limit:
        return 0
    transfer(source, target, amount)
    source.withdraw(fee(amount))
    return total


def share_bill(payer, others, amount):
    """Each of the others pays an equal part of a bill to the payer, who bears the first part."""
    parts = split(amount, len(others) + 1)
    missing = []
    for other, part in zip(others, parts[1:]):
        if part and not transfer(other, payer, part):
            missing.append(other.name)
    return missing


def overdrawn(accounts):
    """The names of accounts below zero, the lowest first."""
    found = [account for account in accounts if account.balance < 0]
    return [account.name for account in sorted(found, key=lambda account: account.balance)]


def opened(names, balance=0):
    """New accounts with a first deposit each."""
    accounts = []
    for name in names:
        account = Account(name)
        if balance:
            account.deposit(balance)
        accounts.append(account)
    return accounts
'''


def tests(rng: Random) -> list[tuple[str, str]]:
    """Scripts about accounts, fees and statements."""
    found = []
    use = "from ledger.accounts import Account, transfer\n"
    say = "from ledger.statement import overdrawn, opened, pay_with_fee, running, share_bill, summary\n"
    for _ in range(3):
        start, limit = rng.randint(0, 500), rng.choice((0, 0, -200, 50))
        exact = start - limit
        moved = [rng.choice((rng.randint(1, 400), exact, exact + 1, max(1, exact - 1))) for _ in range(2)]
        code = f"{use}a = Account('rent', {start}, {limit})\nb = Account('food')\n"
        code += f"moved = [transfer(a, b, {moved[0] or 1}), transfer(a, b, {moved[1] or 1})]\n"
        found.append(("a transfer", code + "(moved, a.balance, b.balance, a.entries, b.entries)"))
    amount = rng.randint(1, 900)
    found.append(
        ("a deposit", f"{use}a = Account('rent')\na.deposit({amount})\na.deposit(1)\n(a.balance, a.limit, a.entries)")
    )
    found.append(("a deposit of nothing", f"{use}Account('rent').deposit(0)"))
    found.append(("taking out nothing", f"{use}Account('rent', 5).withdraw(0)"))
    found.append(
        (
            "a withdrawal",
            f"{use}a = Account('rent', {amount})\n(a.withdraw(1), a.withdraw({amount}), a.balance, a.entries)",
        )
    )
    found.append(
        ("a transfer to the same account", f"{use}a = Account('rent', {amount})\n(transfer(a, a, 1), a.entries)")
    )
    for amount in (0, 1, 9999, 10000, rng.randint(10001, 49999), 50000, rng.randint(50001, 90000)):
        found.append(("the fee", f"from ledger.fees import fee\nfee({amount})"))
    for _ in range(3):
        amount, parts = rng.randint(20, 999), rng.randint(2, 7)
        found.append(("a divided amount", f"from ledger.fees import split\nsplit({amount}, {parts})"))
        balance, rate, days = rng.randint(100000, 900000), rng.randint(100, 900), rng.randint(20, 365)
        found.append(("the interest", f"from ledger.fees import interest\ninterest({balance}, {rate}, {days})"))
    found.append(
        (
            "the interest of little",
            f"from ledger.fees import interest\n[interest({-amount}, 500, 300), interest(1, 36500, 100)]",
        )
    )
    for _ in range(2):
        entries = [rng.choice((1, -1)) * rng.randint(1, 300) for _ in range(rng.randint(3, 6))]
        found.append(("the running balance", f"{say}running({entries}, {rng.randint(1, 90)})"))
        found.append(("the running balance", f"{say}running({entries})"))
        fill = "".join([f"a.{'deposit' if each > 0 else 'withdraw'}({abs(each)})\n" for each in entries])
        found.append(("the summary", f"{use}{say}a = Account('rent', 2000)\n{fill}summary(a)"))
    for start, amount in ((549, 500), (550, 500), (20000, 9999), (1, 500)):
        pay = f"{use}{say}a, b = Account('rent', {start}), Account('food', 0, -900)\n"
        found.append(
            ("a payment with its fee", pay + f"(pay_with_fee(a, b, {amount}), a.balance, b.balance, a.entries)")
        )
    found.append(("the summary of an empty account", f"{use}{say}summary(Account('rent'))"))
    for _ in range(3):
        amount = rng.choice((rng.randint(100, 9900), rng.randint(9960, 9999), rng.randint(10000, 20000)))
        cost = amount + (50 if amount < 10000 else 120)
        start = cost + rng.choice((-1, 0, 0, 30))
        code = f"{use}{say}a, b = Account('rent', {start}), Account('food', 0, -100)\n"
        found.append(
            ("a payment with its fee", code + f"(pay_with_fee(a, b, {amount}), a.balance, b.balance, a.entries)")
        )
    for _ in range(2):
        amount, have = rng.randint(50, 200), rng.choice((3, rng.randint(10, 80)))
        code = (
            f"{use}{say}payer = Account('ann')\n"
            f"others = [Account('bob', {have}), Account('cy', 500), Account('di', 500)]\n"
        )
        code += f"missing = share_bill(payer, others, {amount})\n"
        found.append(("a shared bill", code + "(missing, payer.balance, [each.balance for each in others])"))
    found.append(
        (
            "a shared bill of a few cents",
            (
                f"{use}{say}o = [Account('bob', 9), Account('cy', 9)]\n"
                f"(share_bill(Account('ann'), o, 2), [e.balance for e in o])"
            ),
        )
    )
    low = rng.sample(range(-90, 0), 3)
    code = (
        f"{use}{say}them = [Account('a', {low[0]}), Account('b', {low[1]}), Account('c', 0), Account('d', "
        f"9), Account('e', {low[2]})]\n"
    )
    found.append(("the list of overdrawn accounts", code + "overdrawn(them)"))
    found.append(
        ("accounts just opened", f"{say}[(a.name, a.balance, a.entries) for a in opened(['x', 'y'], {amount})]")
    )
    found.append(("accounts just opened", f"{say}[(a.name, a.balance, a.entries) for a in opened(['x'])]"))
    return found


SUBJECT = Subject(
    "ledger",
    {"ledger/accounts.py": ACCOUNTS, "ledger/fees.py": FEES, "ledger/statement.py": STATEMENT},
    {
        "ledger": ("ledger", "bank", "cashbook"),
        "Account": ("Account", "Purse", "Wallet"),
        "withdraw": ("withdraw", "draw_out", "debit"),
        "deposit": ("deposit", "put", "credit"),
        "transfer": ("transfer", "move", "send"),
        "summary": ("summary", "overview", "digest"),
        "split": ("split", "divide", "apportion"),
        "entries": ("entries", "movements", "records"),
    },
    tests,
)
