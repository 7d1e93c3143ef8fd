"""What scikit-learn reaches on the tables of this folder, to be compared with: python3 data/reference.py

Every fifth row is to test. Inputs are standardized, and so is the target of the regression. Five seeds each.
"""
import csv
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.neural_network import MLPClassifier, MLPRegressor

# 200 epochs are what is compared, converged or not.
warnings.simplefilter("ignore", ConvergenceWarning)
FOLDER = pathlib.Path(__file__).parent
SETTINGS = dict(
    hidden_layer_sizes=(16,), activation="relu", solver="adam", alpha=0.0,
    learning_rate_init=0.01, max_iter=200, tol=0.0, n_iter_no_change=10**6,
)


def read(name):
    rows = list(csv.reader(open(FOLDER / name)))[1:]
    x = np.array([row[:-1] for row in rows], dtype=np.float64)
    y = np.array([row[-1] for row in rows])
    test = np.arange(len(rows)) % 5 == 0
    mean, deviation = x[~test].mean(axis=0), x[~test].std(axis=0)
    x = (x - mean) / deviation
    return x[~test], y[~test], x[test], y[test]


def show(name, values):
    print(f"{name}: mean {np.mean(values):.4f}, least {min(values):.4f}, most {max(values):.4f}")


print(f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}")
x, y, xt, yt = read("iris.csv")
models = [MLPClassifier(batch_size=16, random_state=seed, **SETTINGS).fit(x, y) for seed in range(5)]
show("iris.csv, test accuracy", [model.score(xt, yt) for model in models])

x, y, xt, yt = read("diabetes.csv")
y, yt = y.astype(np.float64), yt.astype(np.float64)
mean, deviation = y.mean(), y.std()
outputs = [
    MLPRegressor(batch_size=32, random_state=seed, **{**SETTINGS, "max_iter": 20})
    .fit(x, (y - mean) / deviation).predict(xt) * deviation + mean
    for seed in range(5)
]
show("diabetes.csv after 20 epochs, test R2", [r2_score(yt, output) for output in outputs])
show("diabetes.csv after 20 epochs, test MAE", [mean_absolute_error(yt, output) for output in outputs])
