"""A shop: shelves of products, a cart with quantities, a checkout whose order cannot be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, Final, NamedTuple, cast

from verienv.families.gui_session.pages import Control, Dialog, Page, Row
from verienv.families.gui_session.programs import BACK, App, AppState, Frame, Goal, Move, Quote, counted

Items = tuple[tuple[int, int], ...]  # product and how many of it, by product, none zero

DELIVERIES: Final = ("Standard", "Express", "Pick up")
WRAPS: Final = ("no", "yes")
MOST: Final = 9
"""Of one product in the cart."""


@dataclass(frozen=True, slots=True)
class Product:
    """Something to buy. The price is in cents."""

    shelf: str
    name: str
    price: int


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered, and how it is sent."""

    items: Items
    delivery: str
    wrap: str


@dataclass(frozen=True, slots=True)
class Store:
    """The products, the cart, and what was ordered. `asks`: whether an order has to be confirmed."""

    products: tuple[Product, ...]
    cart: Items = ()
    orders: tuple[Order, ...] = ()
    asks: bool = True

    def put(self, product: int, count: int) -> Store:
        """The store with so many of a product in the cart."""
        cart = {**dict(self.cart), product: min(count, MOST)}
        items = tuple(sorted([(each, many) for each, many in cart.items() if many > 0]))
        return Store(self.products, items, self.orders, self.asks)


class Work(NamedTuple):
    """The counts by which the cart is wrong, the order to be placed then (None: it shall stay), and what it holds."""

    needs: dict[int, int]
    order: Order | None
    held: dict[int, int]


class Shop(App):
    """The shop."""

    @property
    def name(self) -> str:
        """As on the home screen."""
        return "Shop"

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return "cart"

    # -- what is seen ------------------------------------------------------------------------------------------

    def page(self, state: AppState) -> Page:
        """Shelves, a shelf, a product, the cart, the checkout."""
        top, store = state.frames[-1], cast(Store, state.data)
        count = sum(many for _, many in store.cart)
        cart = (Control("icon", "cart", f"Cart ({count})" if count else "Cart", icon="cart"),)
        if top.page == "list":
            return Page(self.name, self._shelves(store), top.start, False, cart)
        if top.page == "shelf":
            name = _shelves(store)[top.uid]
            rows = tuple(
                [
                    Row("item", f"open:{at}", each.name, _price(each.price), icon=_image(each))
                    for at, each in enumerate(store.products)
                    if each.shelf == name
                ]
            )
            return Page(name, rows, top.start, bar=cart)
        if top.page == "product":
            return self._product(store, top, cart)
        if top.page == "cart":
            return self._cart(store, top)
        page = self._checkout(store, top)
        if state.dialog:
            buttons = (Control("plain", "close", "Cancel"), Control("button", "sure", "Order"))
            page = page._replace(dialog=Dialog("Place this order?", (), buttons))
        return page

    def _shelves(self, store: Store) -> tuple[Row, ...]:
        rows = []
        for at, name in enumerate(_shelves(store)):
            count = sum(each.shelf == name for each in store.products)
            rows.append(Row("item", f"shelf:{at}", name, f"{count} products", icon="tag"))
        return tuple(rows)

    def _product(self, store: Store, top: Frame, cart: tuple[Control, ...]) -> Page:
        each, count = store.products[top.uid], int(top.draft[0])
        steps = (
            Control("minus", "minus", "One less", icon="minus", enabled=count > 1),
            Control("plus", "plus", "One more", icon="add", enabled=count < MOST),
        )
        rows = (
            Row("text", label="Price", detail=_price(each.price), icon=_image(each)),
            Row("stepper", "", "Quantity", str(count), icon="cart", controls=steps),
        )
        return Page(each.name, rows, bar=cart, foot=(Control("button", "put", "Add to cart"),))

    def _cart(self, store: Store, top: Frame) -> Page:
        rows = []
        for product, count in store.cart:
            controls = (
                Control("minus", f"less:{product}", f"One {store.products[product].name} less", icon="minus"),
                Control(
                    "plus",
                    f"more:{product}",
                    f"One {store.products[product].name} more",
                    icon="add",
                    enabled=count < MOST,
                ),
            )
            each = store.products[product]
            rows.append(Row("stepper", "", each.name, str(count), icon=_image(each), controls=controls))
        total = sum(store.products[product].price * count for product, count in store.cart)
        rows.append(
            Row("text", label="Total", detail=_price(total)) if rows else Row("heading", label="The cart is empty")
        )
        out = Control("button", "checkout", "Check out", enabled=bool(store.cart))
        return Page("Cart", tuple(rows), min(top.start, len(rows) - 1), foot=(out,))

    def _checkout(self, store: Store, top: Frame) -> Page:
        delivery, wrap = top.draft
        rows = (
            Row("heading", label="Delivery"),
            *[Row("radio", f"deliver:{name}", name, on=name == delivery) for name in DELIVERIES],
            Row("switch", "wrap", "Gift wrap", on=wrap == "yes"),
        )
        return Page("Checkout", rows, foot=(Control("button", "order", "Place order", enabled=bool(store.cart)),))

    # -- what presses do -----------------------------------------------------------------------------------------

    def press(self, state: AppState, id: str) -> AppState:
        """Look, put in the cart, order."""
        top, store = state.frames[-1], cast(Store, state.data)
        kind, _, rest = id.partition(":")
        if kind == "up":
            return AppState(store, state.frames[:-1])
        if kind == "close":
            return AppState(store, state.frames)
        if kind == "shelf":
            return self.pushed(state, Frame("shelf", int(rest)))
        if kind == "open":
            return self.pushed(state, Frame("product", int(rest), draft=("1",)))
        if kind == "cart":
            return self.pushed(state, Frame("cart"))
        if kind == "checkout":
            return self.pushed(state, Frame("checkout", draft=(DELIVERIES[0], "no")))
        if kind in ("minus", "plus"):
            count = int(top.draft[0]) + (1 if kind == "plus" else -1)
            return self.with_top(state, Frame("product", top.uid, draft=(str(count),)))
        if kind == "put":
            held = dict(store.cart).get(top.uid, 0)
            return AppState(store.put(top.uid, held + int(top.draft[0])), state.frames[:-1])
        if kind in ("less", "more"):
            product = int(rest)
            return AppState(store.put(product, dict(store.cart)[product] + (1 if kind == "more" else -1)), state.frames)
        if kind == "deliver":
            return self.with_top(state, Frame("checkout", draft=(rest, top.draft[1])))
        if kind == "wrap":
            return self.with_top(state, Frame("checkout", draft=(top.draft[0], WRAPS[top.draft[1] == "no"])))
        if kind == "order" and store.asks:
            return AppState(store, state.frames, "order")
        order = Order(store.cart, top.draft[0], top.draft[1])  # order, or sure
        return AppState(Store(store.products, (), (*store.orders, order), store.asks), state.frames[:1])

    # -- goals -----------------------------------------------------------------------------------------------------

    def facts(self, data: Store) -> frozenset[Any]:
        """The orders, and each single piece in the cart."""
        pieces = [product for product, many in data.cart for _ in range(many)]
        return counted([*data.orders, *pieces])

    def intend(self, data: Store, goal: Goal) -> Store:
        """The store with other counts in the cart, or with an order of what the goal names."""
        if goal.what == "cart":
            return data.put(goal.uid, int(goal.values[0]))
        delivery, wrap, *counts = goal.values
        items = tuple([(int(each), int(many)) for each, many in zip(counts[::2], counts[1::2], strict=True)])
        return Store(data.products, data.cart, (*data.orders, Order(items, delivery, wrap)), data.asks)

    def work(self, data: Store, wanted: Store) -> list[Work] | None:
        """For each order that is lacking, or else for the cart, the counts to be changed; None after a wrong order."""
        lacking = list(wanted.orders)
        for each in data.orders:
            if each not in lacking:
                return None
            lacking.remove(each)
        held, choices = dict(data.cart), []
        orders: list[Order | None] = [*lacking] or [None]
        for order in orders:
            target = dict(wanted.cart if order is None else order.items)
            needs = {each: target.get(each, 0) - held.get(each, 0) for each in target.keys() | held.keys()}
            choices.append(Work({each: need for each, need in sorted(needs.items()) if need}, order, held))
        return choices

    def steps(self, state: AppState, page: Page, todo: list[Work], uids: Collection[int]) -> Iterable[Move]:
        """Count what is in front; fetch what the cart lacks; order when the cart is right."""
        return [move for each in todo for move in self._steps_to(state, each)]

    def _steps_to(self, state: AppState, todo: Work) -> list[Move]:
        def press(id: str) -> Move:
            return Move("press", id)

        top, store, (needs, order, held) = state.frames[-1], cast(Store, state.data), todo
        if top.page == "checkout":
            if needs or order is None:
                return [BACK]
            if state.dialog:
                return [press("sure")] if (order.delivery, order.wrap) == top.draft else [BACK]
            if order.delivery != top.draft[0]:
                return [press(f"deliver:{order.delivery}")]
            return [press("wrap" if order.wrap != top.draft[1] else "order")]
        if top.page == "cart":
            here = [each for each in needs if each in held]
            if here:
                return [press(f"{'more' if needs[here[0]] > 0 else 'less'}:{here[0]}")]
            return [press("checkout")] if not needs and order is not None else [BACK]
        found = [press("cart")]
        names = _shelves(store)
        for product, need in needs.items():
            if need <= 0:
                continue
            shelf = names.index(store.products[product].shelf)
            if top.page == "list":
                found.append(press(f"shelf:{shelf}"))
            elif top.page == "shelf" and top.uid == shelf:
                found.append(press(f"open:{product}"))
            elif top.page == "product" and top.uid == product:
                count = int(top.draft[0])
                return [press("put" if count == need else "plus" if count < need else "minus"), press("cart")]
        return [*found, Move("scroll", "down"), Move("scroll", "up"), BACK]

    def least(self, state: AppState, todo: list[Work], uids: Collection[int]) -> int:
        """A press for each piece, one to open a product that is not in the cart, and those of an order."""
        return min([self._least_of(state, each) for each in todo])

    def _least_of(self, state: AppState, todo: Work) -> int:
        store, (needs, order, held), top = cast(Store, state.data), todo, state.frames[-1]
        total = 0
        for product, need in needs.items():
            pieces = abs(need)
            if top.page == "product" and top.uid == product and need > 0:
                pieces = min(pieces, abs(need - int(top.draft[0])) + 1)
            elif need > 0 and product not in held:
                pieces += 1
            total += pieces
        if order is None:
            return total
        if top.page != "checkout":
            draft: tuple[str, ...] = (DELIVERIES[0], WRAPS[0])
            total += 1 + (top.page != "cart")
        else:
            draft = top.draft if not needs else (order.delivery, order.wrap)
        total += (order.delivery != draft[0]) + (order.wrap != draft[1])
        return total + 1 + (store.asks and not state.dialog)

    def draw(self, rng: Random, size: int, asks: bool, twins: int) -> Store:
        """Some shelves with some products; `size` bounds how many."""
        products = []
        for shelf in rng.sample(sorted(_STOCK), min(len(_STOCK), 2 + size)):
            for name in rng.sample(_STOCK[shelf], min(len(_STOCK[shelf]), 3 + 2 * size)):
                products.append(Product(shelf, name, rng.randrange(1, 60) * 100 + rng.choice((0, 50, 90, 99))))
        return Store(tuple(products), asks=asks)

    def propose(self, rng: Random, data: Store, taken: frozenset[int], hard: bool) -> Goal | None:
        """An order of one to three products, or so many of one left in the cart."""
        if taken:
            return None  # a second order would find the cart of the first
        if not hard:
            return Goal(self.name, "cart", rng.randrange(len(data.products)), (str(rng.randint(1, 4)),))
        kinds = sorted(rng.sample(range(len(data.products)), rng.choice((1, 1, 2, 2, 3))))
        counts = [str(each) for product in kinds for each in (product, rng.randint(1, 4))]
        return Goal(self.name, "order", 0, (rng.choice(DELIVERIES), rng.choice(WRAPS), *counts))

    def tell(self, data: Store, goal: Goal, way: int, quote: Quote) -> str:
        """The goal in words."""
        if goal.what == "cart":
            count = goal.values[0]
            return f"put {count} x {data.products[goal.uid].name} in the cart of the shop, without ordering"
        delivery, wrap, *counts = goal.values
        items = [
            f"{many} x {data.products[int(each)].name}" for each, many in zip(counts[::2], counts[1::2], strict=True)
        ]
        listed = items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]
        verb = ("order", "buy")[way % 2]
        return f"{verb} {listed} in the shop, with {delivery} delivery and {'' if wrap == 'yes' else 'no '}gift wrap"


def _shelves(store: Store) -> list[str]:
    return list(dict.fromkeys([each.shelf for each in store.products]))


def _image(product: Product) -> str:
    """Its picture."""
    return f"image:{sum(map(ord, product.name))}"


def _price(cents: int) -> str:
    return f"${cents // 100}.{cents % 100:02}"


_STOCK: Final[dict[str, tuple[str, ...]]] = {
    "Fruit": ("Apples", "Bananas", "Cherries", "Figs", "Grapes", "Kiwis", "Lemons", "Mangoes", "Pears", "Plums"),
    "Bakery": ("Baguette", "Bagels", "Brioche", "Croissants", "Muffins", "Pretzels", "Rye bread", "Scones"),
    "Drinks": ("Apple juice", "Cocoa", "Coffee", "Green tea", "Lemonade", "Mint tea", "Orange juice", "Soda water"),
    "Kitchen": ("Bottle opener", "Bread knife", "Chopping board", "Frying pan", "Kettle", "Ladle", "Teapot", "Whisk"),
    "Garden": ("Bird feeder", "Flower pot", "Garden hose", "Rake", "Seeds", "Shears", "Spade", "Watering can"),
    "Office": ("Envelopes", "Folder", "Ink", "Notebook", "Paper clips", "Pencils", "Ruler", "Stapler", "Sticky notes"),
    "Toys": ("Blocks", "Chess set", "Dice", "Kite", "Marbles", "Puzzle", "Teddy bear", "Yo-yo"),
    "Sport": ("Basketball", "Jump rope", "Racket", "Skates", "Swim cap", "Tennis balls", "Towel", "Yoga mat"),
}  # fmt: skip
