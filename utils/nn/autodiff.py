"""Value: reverse-mode differentiation of scalars, in a page.

Every operation makes a new Value that knows its parents and the slope towards each. `backward` walks the graph from the
result to the leaves and multiplies along the way: the chain rule, and nothing else.

References: Karpathy (2020), micrograd; Griewank and Walther (2008), Evaluating Derivatives, chapter 3.
"""

import itertools
import math

_births = itertools.count()


class Value:
    """A number that remembers how it was made.

    Attributes
    ----------
    data : float            the number
    grad : float            d(result)/d(this), after result.backward()
    parents : tuple         the Values it was made of; empty for a leaf
    slopes : tuple          d(this)/d(parent), one for each parent
    operation, label : str  for drawings
    """

    def __init__(self, data, parents=(), slopes=(), operation="", label=""):
        try:
            self.data = float(data)
        except (TypeError, ValueError):
            raise ValueError(f"a Value holds one number: got {data!r}") from None
        if not math.isfinite(self.data):
            raise ValueError(f"a Value must be finite: got {self.data} from {operation or 'the start'}")
        self.parents, self.slopes, self.operation, self.label = parents, slopes, operation, label
        self.grad = 0.0
        self._birth = next(_births)

    def backward(self):
        """Fill `grad` of every Value that this one was made of: dL/dx = sum over x's children z of dL/dz * dz/dx."""
        family = self._ancestors()
        for node in family:
            node.grad = 0.0
        self.grad = 1.0
        for node in sorted(family, key=lambda node: node._birth, reverse=True):     # children were born after parents
            for parent, slope in zip(node.parents, node.slopes, strict=True):
                parent.grad += node.grad * slope

    def _ancestors(self):
        found, waiting = {self}, [self]
        while waiting:
            new = set(waiting.pop().parents) - found
            found |= new
            waiting += new
        return found

    def __add__(self, other):
        other = _value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other):
        other = _value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "*")

    def __pow__(self, n):
        if not isinstance(n, int | float):
            raise ValueError(f"the exponent must be a plain number: got {n!r}")
        if self.data == 0 and n < 1 or self.data < 0 and n != int(n):
            raise ValueError(f"no power, or no slope, of {self.data} to the {n}")
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),), f"**{n:g}")

    def exp(self):
        y = math.exp(self.data)
        return Value(y, (self,), (y,), "exp")

    def log(self):
        if self.data <= 0:
            raise ValueError(f"log needs a positive number: got {self.data}")
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def relu(self):
        return Value(max(self.data, 0.0), (self,), (float(self.data > 0),), "relu")

    def tanh(self):
        y = math.tanh(self.data)
        return Value(y, (self,), (1 - y * y,), "tanh")

    def sigmoid(self):
        y = (1 + math.tanh(self.data / 2)) / 2
        return Value(y, (self,), (y * (1 - y),), "sigmoid")

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -_value(other)

    def __rsub__(self, other):
        return _value(other) - self

    def __truediv__(self, other):
        return self * _value(other) ** -1

    def __rtruediv__(self, other):
        return _value(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __repr__(self):
        return f"Value({self.label + '=' if self.label else ''}{self.data:.4f}, grad={self.grad:.4f})"


def _value(number):
    return number if isinstance(number, Value) else Value(number)
