import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import refused, repeatable

from utils.nn import Value, numerical_gradient

# what works on Values, and on plain numbers as it stands
OPERATORS = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b,
    "a + 3": lambda a, b: a + 3,
    "3 + a": lambda a, b: 3 + a,
    "a - 3": lambda a, b: a - 3,
    "3 - a": lambda a, b: 3 - a,
    "a * 3": lambda a, b: a * 3,
    "3 * a": lambda a, b: 3 * a,
    "a / 4": lambda a, b: a / 4,
    "3 / a": lambda a, b: 3 / a,
    "-a": lambda a, b: -a,
    "a ** 2": lambda a, b: a**2,
    "a ** -1.5": lambda a, b: a**-1.5,
    "sum": lambda a, b: sum([a, b, a]),
}
# methods of Value, and the same functions of plain numbers
FUNCTIONS = {
    "exp": math.exp,
    "log": math.log,
    "tanh": math.tanh,
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
}
numbers = st.floats(0.2, 3)


def gradients(f, *numbers):
    """f's value and slopes, by backward."""
    leaves = [Value(number) for number in numbers]
    result = f(*leaves)
    result.backward()
    return result.data, [leaf.grad for leaf in leaves]


def slopes(f, *numbers):
    """f's slopes, by central differences."""
    x = np.array(numbers)
    return numerical_gradient(lambda: f(*x.tolist()), x)


# facts


def test_a_product_passes_to_each_factor_the_other_one():
    assert gradients(lambda a, b: a * b, 3, 4) == (12, [4, 3])


def test_slope_of_a_power_a_root_an_inverse_and_a_line():
    assert gradients(lambda a: a**3, 2) == (8, [12])
    assert gradients(lambda a: a**0.5, 4) == (2, [1 / 4])
    assert gradients(lambda a: 1 / a, 4) == (1 / 4, [-1 / 16])
    assert gradients(lambda a: a**1, 0) == (0, [1])


def test_slopes_at_0_are_1_for_exp_and_tanh_a_quarter_for_sigmoid_and_0_for_relu():
    found = [gradients(f, 0) for f in (Value.exp, Value.tanh, Value.sigmoid, Value.relu)]
    assert found == [(1, [1]), (0, [1]), (1 / 2, [1 / 4]), (0, [0])]


def test_relu_lets_the_gradient_of_positive_numbers_pass_only():
    assert gradients(Value.relu, 2) == (2, [1])
    assert gradients(Value.relu, -2) == (0, [0])


def test_log_undoes_exp_and_their_slopes_cancel():
    assert gradients(lambda a: a.exp().log(), 1.5) == (pytest.approx(1.5), [pytest.approx(1)])


def test_sigmoid_far_out_is_0_or_1():
    assert [Value(x).sigmoid().data for x in (-1e4, 1e4)] == [0, 1]


def test_a_node_used_twice_is_blamed_twice():
    assert gradients(lambda a: a + a, 3) == (6, [2])
    assert gradients(lambda a: a * a, 3) == (9, [6])
    assert gradients(lambda a: (a + 1) * (a + 1) + a, 3) == (19, [9])


def test_a_node_waits_for_all_its_children_before_it_passes_blame_on():
    a = Value(2)
    b = a * 3                       # 6
    early = b * 5                   # 30: a child of b that is made before the other branch
    late = (b + early) * b          # (b + 5b) b = 6 b^2
    late.backward()
    assert (b.grad, a.grad) == (12 * 6, 3 * 12 * 6)


# central differences


@pytest.mark.parametrize("name", OPERATORS)
@repeatable
@given(numbers, numbers)
def test_operators_agree_with_plain_numbers_and_central_differences(name, a, b):
    f = OPERATORS[name]
    value, grads = gradients(f, a, b)
    assert value == pytest.approx(f(a, b))
    assert grads == pytest.approx(slopes(f, a, b), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", FUNCTIONS)
@repeatable
@given(numbers)
def test_functions_agree_with_math_and_central_differences(name, a):
    for x in (a, -a) if name != "log" else (a,):
        value, grads = gradients(getattr(Value, name), x)
        assert value == pytest.approx(FUNCTIONS[name](x))
        assert grads == pytest.approx(slopes(FUNCTIONS[name], x), rel=1e-6, abs=1e-8)


@repeatable
@given(numbers, numbers, numbers)
def test_a_whole_graph_agrees_with_central_differences(a, b, c):
    def f(a, b, c):
        shared = (a * b - c) / (a + 1)
        return shared * shared + 2 ** -1 * shared - (c - shared) ** 3 / b

    assert gradients(f, a, b, c)[1] == pytest.approx(slopes(f, a, b, c), rel=1e-6, abs=1e-6)


def test_the_check_rejects_a_product_that_forgets_one_factor():
    def wrong(a, b):
        return Value(a.data * b.data, (a, b), (b.data, 1.0))

    assert gradients(wrong, 3, 4)[1] != pytest.approx(slopes(lambda a, b: a * b, 3.0, 4.0))


# the graph


def test_backward_twice_gives_the_same_gradients_and_the_result_1():
    a = Value(3)
    result = a * a + a
    for _ in range(2):
        result.backward()
        assert (a.grad, result.grad) == (7, 1)


def test_backward_leaves_alone_what_the_result_was_not_made_of():
    a, b = Value(2), Value(5)
    (a * b).backward()
    (a * 3).backward()
    assert (a.grad, b.grad) == (3, 2)


def test_a_leaf_is_its_own_result():
    a = Value(3)
    a.backward()
    assert a.grad == 1


def test_a_chain_of_10000_nodes_needs_no_recursion():
    assert gradients(lambda a: sum([a] * 10_000), 1) == (10_000, [10_000])


def test_a_node_knows_parents_slopes_and_operation():
    a, b = Value(3, label="a"), Value(4)
    product = a * b
    assert (product.parents, product.slopes, product.operation) == ((a, b), (4, 3), "*")
    assert (a.parents, a.slopes, a.operation, a.label, a.grad) == ((), (), "", "a", 0)
    made = [a + b, a**2, a.exp(), a.log(), a.relu(), a.tanh(), a.sigmoid()]
    assert [node.operation for node in made] == ["+", "**2", "exp", "log", "relu", "tanh", "sigmoid"]
    assert {type(slope) for node in made for slope in node.slopes} == {float}


def test_a_value_shows_label_number_and_gradient_at_4_decimals():
    assert repr(Value(1 / 3)) == "Value(0.3333, grad=0.0000)"
    assert repr(Value(2, label="w")) == "Value(w=2.0000, grad=0.0000)"


@pytest.mark.parametrize("number", [3, True, np.float32(3), np.int64(3), np.array(3.0)])
def test_any_single_number_becomes_a_float(number):
    assert type(Value(number).data) is float
    assert (Value(1) + number).data == 1 + number


# refusals


@pytest.mark.parametrize("data, quotes", [
    ("many", ["one number", "'many'"]),
    (None, ["one number", "None"]),
    ([1.0, 2.0], ["one number", "[1.0, 2.0]"]),
    (1j, ["one number", "1j"]),
    (math.nan, ["finite", "nan", "the start"]),
    (-math.inf, ["finite", "-inf"]),
])
def test_what_is_not_one_finite_number_is_refused(data, quotes):
    with refused(*quotes):
        Value(data)


def test_a_product_that_overflows_is_refused_by_name():
    with refused("finite", "inf", "*"):
        Value(1e200) * 1e200


@pytest.mark.parametrize("x", [0.0, -1.0])
def test_log_of_what_is_not_positive_is_refused(x):
    with refused("positive", str(x)):
        Value(x).log()


@pytest.mark.parametrize("x, n", [(0, -1), (0, 0.5), (0, 0), (-1, 0.5)])
def test_a_power_without_a_value_or_a_slope_is_refused(x, n):
    with refused(f"{float(x)} to the {n}"):
        Value(x) ** n


def test_division_by_0_is_refused():
    with refused("0.0 to the -1"):
        Value(1) / 0


@pytest.mark.parametrize("x, n, value, slope", [
    (0, 1.5, 0, 0), (0, 2, 0, 0), (-2, 2.0, 4, -4), (-2, -1, -1 / 2, -1 / 4),
])
def test_powers_at_the_edge_of_the_refused_ones_work(x, n, value, slope):
    assert gradients(lambda a: a**n, x) == (value, [slope])


def test_an_exponent_is_a_plain_number():
    with refused("plain number", "Value(2.0000"):
        Value(3) ** Value(2)
