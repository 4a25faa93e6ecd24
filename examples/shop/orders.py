"""Orders as the shop keeps them: prices in øre, phone numbers as the customer has typed them."""

from dataclasses import dataclass, field


@dataclass
class Order:
    id: str
    phone: str
    lines: list = field(default_factory=list)
    shipped: bool = False

    @property
    def total(self):
        return sum(line.price for line in self.lines)

    @property
    def total_in_stock(self):
        return sum(line.price for line in self.lines if line.in_stock)
