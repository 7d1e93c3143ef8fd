"""What PyTorch, scikit-learn and NumPy say on the rows of docs/compare.md, as JSON, for the tests of this folder:

    python3 tests/compare/reference.py > tests/compare/reference.json

Keras isn't run: its figures are computed here from the formulas of its documentation and source (keras_... below).
"""
import inspect
import json
import sys
import warnings

import numpy as np
import sklearn
import torch
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error, r2_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.neural_network._base import binary_log_loss, squared_loss
from sklearn.preprocessing import LabelBinarizer, StandardScaler
from sklearn.utils import gen_batches
from sklearn.utils.class_weight import compute_class_weight
from torch import nn
from torch.nn import functional as F
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader

warnings.simplefilter("ignore")
torch.set_default_dtype(torch.float64)
result = {"versions": {"torch": torch.__version__, "sklearn": sklearn.__version__, "numpy": np.__version__}}

# Activations.
z = [-20.0, -3.0, -1.0, -0.25, 0.0, 0.25, 1.0, 3.0, 20.0]
t = torch.tensor(z)
result["activations"] = {
    "z": z,
    "gelu": nn.GELU()(t).tolist(),
    "geluTanh": nn.GELU(approximate="tanh")(t).tolist(),
    "elu": nn.ELU()(t).tolist(),
    "leakyRelu": nn.LeakyReLU()(t).tolist(),
    "swish": nn.SiLU()(t).tolist(),
}

# Initial weights of 400 inputs and 300 outputs: the largest ones show the bound of a uniform distribution.
torch.manual_seed(1)
linear = nn.Linear(400, 300)
random = np.random.RandomState(1)
tiny = dict(solver="sgd", learning_rate_init=1e-300, max_iter=1, alpha=0.0, random_state=1)
relu = MLPRegressor(hidden_layer_sizes=(300,), activation="relu", **tiny).fit(random.randn(4, 400), random.randn(4))
logistic = MLPRegressor(hidden_layer_sizes=(300,), activation="logistic", **tiny).fit(random.randn(4, 400), random.randn(4))
weight = torch.empty(300, 400)
most = lambda values: float(np.abs(np.asarray(values)).max())
result["initializers"] = {
    "torchLinear": [most(linear.weight.detach()), most(linear.bias.detach())],
    "glorot": most(nn.init.xavier_uniform_(weight)),
    "he": most(nn.init.kaiming_uniform_(weight, nonlinearity="relu")),
    "lecun": most(nn.init.kaiming_uniform_(weight, nonlinearity="linear")),
    "sklearnRelu": [most(relu.coefs_[0]), most(relu.intercepts_[0])],
    "sklearnLogistic": [most(logistic.coefs_[0]), most(logistic.intercepts_[0])],
}

# Five steps of each optimizer on four samples at once; the loss is half the squared error, as a mean.
x = np.array([[0.5, -1.0], [2.0, 0.25], [-1.5, 1.0], [1.0, 3.0]])
y = np.array([[1.0], [-2.0], [0.5], [4.0]])
start = np.array([0.5, 1.0, -2.0])  # The bias, then the weights.


def with_torch(make, penalty=0.0, clip=0.0, rates=None):
    model = nn.Linear(2, 1)
    with torch.no_grad():
        model.bias[:] = torch.tensor(start[:1])
        model.weight[0] = torch.tensor(start[1:])
    optimizer = make(model)
    for step in range(5):
        if rates is not None:
            optimizer.param_groups[0]["lr"] = rates[step]
        optimizer.zero_grad()
        loss = 0.5 * nn.MSELoss()(model(torch.tensor(x)), torch.tensor(y))
        loss = loss + 0.5 * penalty * (model.weight ** 2).sum()
        loss.backward()
        if clip:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
    return model.bias.tolist() + model.weight[0].tolist()


def by_formula(update, l1=0.0, l2=0.0, rates=None):
    """Steps in NumPy: `update(w, gradient, t, rate)` returns the new weights; penalties have the slopes l1·sign(w), l2·w."""
    w = start.copy()
    for t in range(1, 6):
        error = w[0] + x @ w[1:] - y[:, 0]
        gradient = np.concatenate([[error.mean()], x.T @ error / 4])
        gradient[1:] += l2 * w[1:] + l1 * np.sign(w[1:])
        w = update(w, gradient, t, 0.1 if rates is None else rates[t - 1])
    return w.tolist()


def keras_sgd(momentum, nesterov=False):
    velocity = np.zeros(3)

    def update(w, gradient, t, rate):
        nonlocal velocity
        velocity = momentum * velocity - rate * gradient
        return w + (momentum * velocity - rate * gradient if nesterov else velocity)
    return update


def keras_rmsprop(rho, epsilon):
    square = np.zeros(3)

    def update(w, gradient, t, rate):
        nonlocal square
        square = rho * square + (1 - rho) * gradient ** 2
        return w - rate * gradient / np.sqrt(square + epsilon)
    return update


def keras_adam(epsilon):
    mean, square = np.zeros(3), np.zeros(3)

    def update(w, gradient, t, rate):
        nonlocal mean, square
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient ** 2
        step = rate * np.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
        return w - step * mean / (np.sqrt(square) + epsilon)
    return update


def with_sklearn(solver, alpha=0.0, epsilon=1e-8, **options):
    """partial_fit makes one step with all samples; first one of no size, then weights and optimizer are set back."""
    model = MLPRegressor(hidden_layer_sizes=(), solver=solver, alpha=alpha, learning_rate_init=0.1, batch_size=4,
                         epsilon=epsilon, shuffle=False, **options)
    model.partial_fit(x, y[:, 0])
    model.coefs_[0][:, 0] = start[1:]
    model.intercepts_[0][:] = start[:1]
    optimizer = model._optimizer
    for name in ("velocities", "ms", "vs"):
        for values in getattr(optimizer, name, []):
            values[:] = 0
    optimizer.t = 0
    for _ in range(5):
        model.partial_fit(x, y[:, 0])
    return model.intercepts_[0].tolist() + model.coefs_[0][:, 0].tolist()


def sgd(**options):
    return lambda model: torch.optim.SGD(model.parameters(), lr=0.1, **options)


def decayed(model):
    return torch.optim.SGD([{"params": [model.weight], "weight_decay": 0.25}, {"params": [model.bias]}], lr=0.1)


# A rate that changes from step to step tells apart where it is multiplied.
rates = [0.1, 0.05, 0.025, 0.1, 0.0125]
result["steps"] = {
    **{"x": x.tolist(), "y": y.tolist(), "start": start.tolist(), "rates": rates},
    "sgd": with_torch(sgd()),
    "momentum": with_torch(sgd(momentum=0.5)),
    "momentumRates": with_torch(sgd(momentum=0.5), rates=rates),
    "momentumKeras": by_formula(keras_sgd(0.5)),
    "momentumRatesKeras": by_formula(keras_sgd(0.5), rates=rates),
    "momentumSklearn": with_sklearn("sgd", momentum=0.5, nesterovs_momentum=False),
    "nesterov": with_torch(sgd(momentum=0.5, nesterov=True)),
    "nesterovKeras": by_formula(keras_sgd(0.5, nesterov=True)),
    "nesterovSklearn": with_sklearn("sgd", momentum=0.5, nesterovs_momentum=True),
    "rmsprop": with_torch(lambda model: torch.optim.RMSprop(model.parameters(), lr=0.1, alpha=0.9, eps=0.1)),
    "rmspropKeras": by_formula(keras_rmsprop(0.9, 0.1)),
    "adam": with_torch(lambda model: torch.optim.Adam(model.parameters(), lr=0.1, eps=0.1)),
    "adamKeras": by_formula(keras_adam(0.1)),
    "adamSklearn": with_sklearn("adam", epsilon=0.1),
    "adamw": with_torch(lambda model: torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.25)),
    "l2": with_torch(decayed),
    "l2Everywhere": with_torch(sgd(weight_decay=0.25)),
    "l2Keras": by_formula(keras_sgd(0.0), l2=2 * 0.25),
    "l2Sklearn": with_sklearn("sgd", alpha=0.25, momentum=0.0),
    "l1Keras": by_formula(keras_sgd(0.0), l1=0.25),
    "clipped": with_torch(sgd(), penalty=0.25, clip=0.5),
    "clippedDecay": with_torch(decayed, clip=0.5),
}

# One step of scikit-learn with two targets, from the same weights for both: its gradient is not that of its loss.
both = np.hstack([y, -y])
model = MLPRegressor(hidden_layer_sizes=(), solver="sgd", alpha=0.0, learning_rate_init=0.1, batch_size=4, momentum=0.0)
model.partial_fit(x, both)
model.coefs_[0][:] = start[1:, None]
model.intercepts_[0][:] = start[0]
model.partial_fit(x, both)
result["steps"]["twoTargetsSklearn"] = np.vstack([model.intercepts_[0], model.coefs_[0]]).ravel().tolist()

# Losses of three samples with two outputs.
logits = torch.tensor([[17.0, -2.0], [0.5, 1.0], [-3.0, 0.25]])
targets = torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
labels = targets.argmax(1)
result["losses"] = {
    **{"z": logits.tolist(), "y": targets.tolist(), "classes": labels.tolist()},
    "halfSquaredError": nn.MSELoss()(logits, targets).item(),
    "huber": nn.HuberLoss()(logits, targets).item(),
    "mseSklearn": squared_loss(targets.numpy(), logits.numpy()),
    "bceSklearn": binary_log_loss(targets.numpy(), torch.sigmoid(logits).numpy()),
    "bce": nn.BCEWithLogitsLoss()(logits, targets).item(),
    "bceOfFloats": nn.BCELoss()(torch.sigmoid(logits.float()), targets.float()).item(),
    "crossEntropy": nn.CrossEntropyLoss()(logits, labels).item(),
    "crossentropyWeighted": nn.CrossEntropyLoss(weight=torch.tensor([1.0, 3.0]))(logits, labels).item(),
    "crossentropyEach": nn.CrossEntropyLoss(reduction="none")(logits, labels).tolist(),
    "balanced": compute_class_weight("balanced", classes=[0, 1], y=labels.numpy()).tolist(),
    "dropout": sorted(set(F.dropout(torch.ones(1000), 0.25).tolist())),
}

# Rates of six epochs.
def torch_rates(make, values=None):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.8)
    schedule = make(optimizer)
    found = []
    for epoch in range(6 if values is None else len(values)):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step() if values is None else schedule.step(values[epoch])
    return found


def keras_plateau(values, patience, min_delta):
    rate, best, wait, found = 0.8, np.inf, 0, []
    for value in values:
        found.append(rate)
        if value < best - min_delta:
            best, wait = value, 0
        else:
            wait += 1
            if wait >= patience:
                rate, wait = rate * 0.5, 0
    return found


flat = [1.0, 0.9, 0.9, 0.95, 0.9, 0.9, 0.9, 0.9, 0.9]
slow = [1.0 - 1e-5 * epoch for epoch in range(9)]
plateau = lambda patience, **options: lambda optimizer: lr_scheduler.ReduceLROnPlateau(
    optimizer, factor=0.5, patience=patience, **options)
result["rates"] = {
    **{"flat": flat, "slow": slow},
    "step": torch_rates(lambda optimizer: lr_scheduler.StepLR(optimizer, 2, 0.5)),
    "exponential": torch_rates(lambda optimizer: lr_scheduler.ExponentialLR(optimizer, 0.5)),
    "cosine": torch_rates(lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, 6, 0.1)),
    "plateau2": torch_rates(plateau(2, threshold=0), flat),
    "plateauKeras3": keras_plateau(flat, 3, 0),
    "plateauSlow": torch_rates(plateau(2), slow),
    "plateauSlowKeras": keras_plateau(slow, 3, 1e-4),
}

# After how many epochs a training of a loss that never changes stops, with a patience of 3.
def keras_stopping(patience):
    best, wait, epoch = np.inf, 0, 0
    while True:
        epoch += 1
        wait += 1
        if 1.0 < best:
            best, wait = 1.0, 0
        elif wait >= patience:
            return epoch


constant = MLPRegressor(hidden_layer_sizes=(), solver="sgd", learning_rate_init=1e-300, n_iter_no_change=3).fit(x, y[:, 0])
result["stopping"] = {"sklearn3": constant.n_iter_, "keras3": keras_stopping(3)}

# Batches of at most 5 of 23 samples.
result["batches"] = {
    "numpy": [len(part) for part in np.array_split(np.arange(23), 5)],
    "torch": [len(batch) for batch in DataLoader(torch.arange(23), batch_size=5)],
    "sklearn": [part.stop - part.start for part in gen_batches(23, 5)],
}

# Scaling: the last column never changes.
table = np.array([[1.0, 10.0, 7.0], [2.0, 30.0, 7.0], [4.0, 20.0, 7.0]])
scaler = StandardScaler().fit(table)
result["scaling"] = {
    "table": table.tolist(), "mean": scaler.mean_.tolist(), "deviation": scaler.scale_.tolist(),
    "scaled": scaler.transform(table).tolist(), "torchStd": torch.tensor(table).std(0).tolist(),
}

# Metrics.
truth = np.array([[3.0, 10.0], [-0.5, 12.0], [2.0, 20.0], [7.0, 11.0]])
found = np.array([[2.5, 11.0], [0.0, 12.5], [2.0, 16.0], [8.0, 12.0]])
many = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 0], [1, 1, 0]])
guess = np.array([[1, 0, 0], [0, 1, 1], [0, 1, 0], [1, 1, 0]])
result["metrics"] = {
    **{"y": truth.tolist(), "a": found.tolist(), "labels": many.tolist(), "labelsFound": guess.tolist()},
    "r2": r2_score(truth, found),
    "rmse": mean_squared_error(truth, found, squared=False),
    "r2Constant": [r2_score([5, 5, 5], [5, 5, 5]), r2_score([5, 5, 5], [5, 5, 6])],
    "r2OfOneSampleIsNaN": bool(np.isnan(r2_score([5], [6]))),
    "labelsAllRight": accuracy_score(many, guess),
    "labelsEachRight": float((many == guess).mean()),
    "classOfHalf": int(LabelBinarizer().fit([0, 1]).inverse_transform(np.array([[0.5]]))[0]),
    "logLossOfZero": log_loss([1], [[1.0, 0.0]], labels=[0, 1]),
    "logLossOfZeroFloat32": log_loss([1], np.array([[1.0, 0.0]], dtype=np.float32), labels=[0, 1]),
}

# Defaults.
def defaults(function, *names):
    parameters = inspect.signature(function).parameters
    return {name: parameters[name].default for name in names}


result["defaults"] = {
    "sgd": defaults(torch.optim.SGD.__init__, "momentum", "nesterov", "weight_decay"),
    "rmsprop": defaults(torch.optim.RMSprop.__init__, "lr", "alpha", "eps"),
    "adam": defaults(torch.optim.Adam.__init__, "lr", "betas", "eps"),
    "adamw": defaults(torch.optim.AdamW.__init__, "lr", "betas", "eps", "weight_decay"),
    "loader": defaults(DataLoader.__init__, "batch_size", "shuffle"),
    "sklearn": defaults(MLPClassifier.__init__, "learning_rate_init", "momentum", "nesterovs_momentum", "alpha",
                        "batch_size", "max_iter", "shuffle", "n_iter_no_change", "tol", "epsilon", "validation_fraction"),
}
json.dump(result, sys.stdout, indent=2)
print()
