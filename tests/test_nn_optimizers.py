import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import dtypes, generators, refused, repeatable, sizes

from utils.nn import SGD, Adam, Dense, Optimizer, RMSprop, optimizers

RULES = {
    "SGD": lambda rate=0.01: SGD(rate),
    "momentum": lambda rate=0.01: SGD(rate, momentum=0.9),
    "Nesterov": lambda rate=0.01: SGD(rate, momentum=0.9, nesterov=True),
    "RMSprop": lambda rate=0.001: RMSprop(rate),
    "Adam": lambda rate=0.001: Adam(rate),
}
each_rule = pytest.mark.parametrize("rule", RULES)
each_rule_with_state = pytest.mark.parametrize("rule", list(RULES)[1:])
learning_rates = st.floats(1e-4, 1)
shares = st.floats(0.1, 0.9)                        # of these, 200 steps leave less than 1e-9


def walk(optimizer, gradients, start=0.0):
    """Positions of one float64 weight: at the start, and after each of `gradients`."""
    w, path = {"w": np.array([start])}, [start]
    for gradient in gradients:
        optimizer.step(w, {"w": np.array([float(gradient)])})
        path.append(float(w["w"][0]))
    return path


def steps(optimizer, gradients):
    return np.diff(walk(optimizer, gradients))


def descend(optimizer, curvature, n_steps, start=1.0):
    """Positions on the parabola curvature/2 * w^2, whose gradient is curvature * w."""
    path = [start]
    w = {"w": np.array([start])}
    for _ in range(n_steps):
        optimizer.step(w, {"w": curvature * w["w"]})
        path.append(float(w["w"][0]))
    return np.array(path)


# SGD: facts


@repeatable
@given(learning_rates, st.floats(0.1, 2))
def test_sgd_on_a_parabola_shrinks_by_the_same_factor_in_every_step(rate, curvature):
    assert descend(SGD(rate), curvature, 10) == pytest.approx((1 - rate * curvature) ** np.arange(11), abs=1e-12)


def test_sgd_at_2_over_the_curvature_swings_for_ever():
    assert descend(SGD(2 / 4), 4, 4).tolist() == [1, -1, 1, -1, 1]


def test_default_learning_rates_are_a_hundredth_for_sgd_and_a_thousandth_for_the_others():
    assert [rule().learning_rate for rule in (SGD, RMSprop, Adam)] == [0.01, 0.001, 0.001]


@repeatable
@given(learning_rates, shares)
def test_momentum_starts_like_sgd_and_ends_at_terminal_velocity(rate, momentum):
    found = steps(SGD(rate, momentum=momentum), [3] * 200)
    assert found[0] == pytest.approx(-3 * rate)
    assert found[-1] == pytest.approx(-3 * rate / (1 - momentum), rel=1e-6)


@repeatable
@given(learning_rates, shares)
def test_momentum_rolls_on_when_the_slope_ends(rate, momentum):
    found = steps(SGD(rate, momentum=momentum), [1, 0, 0, 0])
    assert found == pytest.approx(-rate * momentum ** np.arange(4))


@repeatable
@given(learning_rates, shares)
def test_nesterov_looks_one_step_of_momentum_ahead(rate, momentum):
    ahead = steps(SGD(rate, momentum=momentum, nesterov=True), [1, 0, 0, 0])
    assert ahead[0] == pytest.approx(-rate * (1 + momentum))
    assert ahead[1:] == pytest.approx(-rate * momentum ** np.arange(2, 5))
    terminal = steps(SGD(rate, momentum=momentum, nesterov=True), [3] * 200)[-1]
    assert terminal == pytest.approx(-3 * rate / (1 - momentum), rel=1e-6)


def test_momentum_on_a_parabola_follows_the_heavy_ball():
    rate, momentum, curvature = 0.1, 0.5, 2
    w = descend(SGD(rate, momentum=momentum), curvature, 20)
    assert np.diff(w)[1:] == pytest.approx(momentum * np.diff(w)[:-1] - rate * curvature * w[1:-1], abs=1e-15)


# RMSprop: facts


@repeatable
@given(st.floats(1e-2, 1e3), shares)
def test_rmsprop_under_a_steady_slope_ends_at_the_learning_rate_whatever_the_slope(slope, rho):
    found = steps(RMSprop(0.01, rho=rho), [slope] * 200)
    assert found[0] == pytest.approx(-0.01 / np.sqrt(1 - rho), rel=0.06)    # epsilon brakes the smallest slopes
    assert found[-1] == pytest.approx(-0.01, rel=1e-3)


def test_rmsprop_forgets_squares_at_the_rate_rho():
    found = steps(RMSprop(0.01, rho=0.5), [1, 0, 1])            # mean squares 1/2, 1/4, 1/8 + 1/2
    assert found == pytest.approx([-0.01 / np.sqrt(1 / 2), 0, -0.01 / np.sqrt(5 / 8)], rel=1e-6)


def test_epsilon_of_rmsprop_stands_inside_the_root():
    assert steps(RMSprop(1.0, rho=0.5, epsilon=1 / 4), [1e-9])[0] == pytest.approx(-1e-9 / np.sqrt(1 / 4))
    root = np.sqrt(1 - 0.9)
    default = steps(RMSprop(1.0), [np.sqrt(1e-7) / root])[0]    # the mean square equals the default epsilon of 1e-7
    assert default == pytest.approx(-1 / root / np.sqrt(2))


# Adam: facts


@repeatable
@given(st.floats(1e-2, 1e3), shares, shares)
def test_every_step_of_adam_under_a_steady_slope_is_the_learning_rate(slope, beta_1, beta_2):
    found = steps(Adam(0.01, beta_1=beta_1, beta_2=beta_2), [slope] * 20)
    assert found == pytest.approx(-0.01, rel=1e-3)


@repeatable
@given(learning_rates, shares, shares)
def test_adam_after_a_turn_or_a_rest(rate, beta_1, beta_2):
    turned = steps(Adam(rate, beta_1=beta_1, beta_2=beta_2), [1, -1])[1]
    assert turned == pytest.approx(rate * (1 - beta_1) / (1 + beta_1), rel=1e-4)
    rested = steps(Adam(rate, beta_1=beta_1, beta_2=beta_2), [1, 0])[1]
    assert rested == pytest.approx(-rate * beta_1 / (1 + beta_1) * np.sqrt((1 + beta_2) / beta_2), rel=1e-4)


def test_epsilon_of_adam_stands_outside_the_root_and_is_not_corrected_for_bias():
    half_speed = 1e-7 / np.sqrt(1 - 0.999)
    assert steps(Adam(1.0), [half_speed])[0] == pytest.approx(-1 / 2)
    assert steps(Adam(1.0, beta_2=0.75, epsilon=1.0), [2.0])[0] == pytest.approx(-1 / 2)


def test_defaults_of_adam_and_rmsprop_are_those_of_their_papers():
    assert (Adam().beta_1, Adam().beta_2, Adam().epsilon) == (0.9, 0.999, 1e-7)
    assert (RMSprop().rho, RMSprop().epsilon) == (0.9, 1e-7)
    assert (SGD().momentum, SGD().nesterov) == (0, False)


# all rules


@each_rule
@repeatable
@given(generators, dtypes, sizes, sizes)
def test_arrays_change_in_place_and_keep_their_dtype_state_included(rule, rng, dtype, n, m):
    optimizer = RULES[rule](np.float64(0.01))
    params = {"W": rng.normal(size=(n, m)).astype(dtype), "b": rng.normal(size=m).astype(dtype)}
    arrays, before = dict(params), {key: array.copy() for key, array in params.items()}
    grads = {key: np.sign(array) for key, array in params.items()}
    same_grads = {key: array.copy() for key, array in grads.items()}
    for _ in range(3):
        optimizer.step(params, grads)
    for key, array in params.items():
        assert array is arrays[key] and array.dtype == dtype and (np.abs(array - before[key]) > 1e-3).all()
        assert (grads[key] == same_grads[key]).all()
        assert all(moment.dtype == dtype and moment.shape == array.shape for moment in optimizer._state[key])


@each_rule
def test_weights_do_not_influence_each_other(rule):
    together, alone = RULES[rule](), {key: RULES[rule]() for key in "ab"}
    weights, apart = {"a": np.ones(2), "b": np.ones(3)}, {"a": np.ones(2), "b": np.ones(3)}
    for t in range(5):
        grads = {"b": np.full(3, 1.0 + t), "a": np.full(2, -3.0)}
        together.step(weights, grads)
        for key in "ab":
            alone[key].step({key: apart[key]}, {key: grads[key]})
    assert all((weights[key] == apart[key]).all() for key in "ab")


@each_rule
def test_a_step_is_counted_once_however_many_arrays_it_moves(rule):
    optimizer = RULES[rule]()
    assert optimizer.iterations == 0
    for t in (1, 2):
        optimizer.step({"a": np.ones(1), "b": np.ones(1)}, {"a": np.ones(1), "b": np.ones(1)})
        assert optimizer.iterations == t


@each_rule
def test_a_step_scales_with_the_learning_rate_which_may_change_on_the_way(rule):
    optimizer, faster = RULES[rule](0.01), RULES[rule](0.02)
    assert steps(faster, [1])[0] == pytest.approx(2 * steps(optimizer, [1])[0])
    optimizer.learning_rate = np.float64(0.5)
    assert type(optimizer.learning_rate) is float and optimizer.learning_rate == 0.5


def test_a_layer_lends_its_own_dictionaries():
    layer = Dense(2, 1, rng=np.random.default_rng(0))
    layer.grads["b"][...] = 1
    SGD(0.5).step(layer.params, layer.grads)
    assert layer.params["b"].tolist() == [-0.5]


def test_plain_sgd_keeps_no_state_and_the_others_an_array_for_each_mean():
    assert [RULES[rule]().n_moments for rule in RULES] == [0, 1, 1, 1, 2]
    for rule in RULES:
        optimizer = RULES[rule]()
        optimizer.step({"w": np.ones(3)}, {"w": np.ones(3)})
        assert len(optimizer._state["w"]) == optimizer.n_moments


def test_a_rule_of_ones_own_is_one_method():
    class Signs(Optimizer):
        def _update(self, param, grad):
            param -= self.learning_rate * np.sign(grad)

    assert walk(Signs(0.5), [3, -8, 0]) == [0, -0.5, 0, 0]


def test_a_rule_must_be_given():
    class Standstill(Optimizer):
        pass

    with pytest.raises(NotImplementedError, match="Standstill has no rule"):
        Standstill(0.1).step({"w": np.ones(1)}, {"w": np.ones(1)})


# denormal numbers: the trap of chapter 06

FORGETFUL = {                           # their means would be denormal after 900 steps without a gradient
    "momentum": lambda: SGD(0.01, momentum=0.9),
    "Nesterov": lambda: SGD(0.01, momentum=0.9, nesterov=True),
    "RMSprop": lambda: RMSprop(rho=0.9),
    "Adam": lambda: Adam(beta_1=0.9, beta_2=0.9),
}


def is_denormal(array):
    return ((array != 0) & (np.abs(array) < np.finfo(array.dtype).tiny)).any()


def state_after_rest(optimizer, n_steps=900):
    """State of four float32 weights: one never has a gradient, the others have one, of either sign or small, once."""
    params, grads = {"w": np.ones(4, np.float32)}, {"w": np.array([0, 1, -1, 1e-3], np.float32)}
    for _ in range(n_steps):
        optimizer.step(params, grads)
        grads["w"][...] = 0
    return optimizer._state["w"]


@pytest.mark.parametrize("make", [Adam, *FORGETFUL.values()])
def test_no_state_is_denormal_after_900_steps_without_a_gradient(make):
    assert not any(is_denormal(moment) for moment in state_after_rest(make()))


@pytest.mark.parametrize("rule", FORGETFUL)
def test_without_the_guard_there_would_be_denormal_state(rule, monkeypatch):
    monkeypatch.setattr(optimizers, "SMALLEST", {"float32": 0.0})
    assert any(is_denormal(moment) for moment in state_after_rest(FORGETFUL[rule]()))


@each_rule_with_state
def test_the_guard_moves_no_weight_that_has_no_gradient(rule):
    optimizer, params = RULES[rule](), {"w": np.array([0.05, -0.05, 1], np.float32)}
    for _ in range(200):
        optimizer.step(params, {"w": np.zeros(3, np.float32)})
    assert params["w"].tolist() == np.array([0.05, -0.05, 1], np.float32).tolist()


def trajectory(optimizer, guard, monkeypatch):
    """200 steps of float64 weights down a bowl; one of them never has a gradient."""
    monkeypatch.setattr(optimizers, "SMALLEST", guard)
    w, bowl = {"w": np.array([1.0, -2.0, 3.0])}, np.array([1.0, 0.1, 0.0])
    return [(optimizer.step(w, {"w": bowl * w["w"]}), w["w"].copy())[1] for _ in range(200)]


@each_rule_with_state
def test_the_guard_changes_no_bit_of_a_float64_trajectory(rule, monkeypatch):
    guarded = trajectory(RULES[rule](), optimizers.SMALLEST, monkeypatch)
    assert np.array_equal(guarded, trajectory(RULES[rule](), {"float64": 0.0}, monkeypatch))


# refusals

NOT_POSITIVE = [0, -0.1, np.nan, np.inf, "0.1", None, True, np.array(0.1)]
NOT_A_SHARE = [1, 1.5, -0.1, np.nan, "0.9", None, False]


@each_rule
@pytest.mark.parametrize("rate", NOT_POSITIVE)
def test_a_learning_rate_is_a_positive_number(rule, rate):
    with refused("learning_rate must be a positive number", repr(rate)):
        RULES[rule](rate)
    optimizer = RULES[rule](0.25)
    with refused("learning_rate must be a positive number", repr(rate)):
        optimizer.learning_rate = rate
    assert optimizer.learning_rate == 0.25


@pytest.mark.parametrize("rule", [RMSprop, Adam])
@pytest.mark.parametrize("epsilon", NOT_POSITIVE)
def test_epsilon_is_a_positive_number(rule, epsilon):
    with refused("epsilon must be a positive number", repr(epsilon)):
        rule(epsilon=epsilon)


@pytest.mark.parametrize("rule, name", [(SGD, "momentum"), (RMSprop, "rho"), (Adam, "beta_1"), (Adam, "beta_2")])
@pytest.mark.parametrize("share", NOT_A_SHARE)
def test_a_share_is_at_least_0_and_below_1(rule, name, share):
    with refused(f"0 <= {name} < 1", repr(share)):
        rule(**{name: share})


@pytest.mark.parametrize("number", [np.float32(0.5), np.float64(0.5), np.int64(0), 0])
def test_numbers_of_numpy_become_plain_floats(number):
    kept = [SGD(momentum=number).momentum, RMSprop(rho=number).rho, Adam(beta_1=number).beta_1,
            Adam(beta_2=number).beta_2]
    assert kept == [number] * 4 and {type(value) for value in kept} == {float}
    assert {type(rule(epsilon=np.float32(1e-3)).epsilon) for rule in (RMSprop, Adam)} == {float}


def test_nesterov_needs_momentum():
    with refused("momentum above 0", "momentum=0"):
        SGD(nesterov=True)


W, B = np.ones((2, 3)), np.ones(3)


@each_rule
@pytest.mark.parametrize("params, grads, quotes", [
    ({"W": W, "b": B}, {"W": W}, ["same keys", "['W', 'b']", "['W']"]),
    ({"W": W}, {"W": W, "b": B}, ["same keys", "['W', 'b']", "['W']"]),
    ({"W": W, "b": B}, {"W": W, "b": np.ones(4)}, ["'b'", "float64 (3,)", "float64 (4,)"]),
    ({"W": W, "b": B}, {"W": W, "b": np.ones((1, 3))}, ["'b'", "float64 (3,)", "float64 (1, 3)"]),
    ({"W": W, "b": B}, {"W": W, "b": np.ones(3, np.float32)}, ["'b'", "float64 (3,)", "float32 (3,)"]),
    ({"W": W, "b": B}, {"W": W, "b": [1.0, 1.0, 1.0]}, ["'b'", "float64 (3,)", "list (3,)"]),
    ({"W": W, "b": np.ones(3, int)}, {"W": W, "b": np.ones(3, int)}, ["'b'", "float32 or float64", "int64"]),
    ({"W": W, "b": np.ones(3, np.float16)}, {"W": W, "b": np.ones(3, np.float16)}, ["'b'", "float16"]),
    ({"W": W, "b": [1.0]}, {"W": W, "b": [1.0]}, ["'b'", "float32 or float64", "list"]),
])
def test_a_refused_step_moves_and_counts_nothing(rule, params, grads, quotes):
    optimizer = RULES[rule]()
    optimizer.step({"W": np.ones((2, 3)), "b": np.ones(3)}, {"W": W, "b": B})
    before = pickle.dumps((optimizer, params, grads))
    with refused(*quotes):
        optimizer.step(params, grads)
    assert pickle.dumps((optimizer, params, grads)) == before


@each_rule_with_state
@pytest.mark.parametrize("other", [np.ones((3, 2)), np.ones((2, 3), np.float32)])
def test_state_of_another_model_is_refused(rule, other):
    optimizer = RULES[rule]()
    optimizer.step({"W": np.ones((2, 3))}, {"W": W})
    with refused("state of 'W'", f"{other.dtype} {other.shape}", "float64 (2, 3)"):
        optimizer.step({"W": other}, {"W": other})
    assert optimizer.iterations == 1
