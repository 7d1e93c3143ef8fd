"""scikit-learn on tables: its defaults behind a StandardScaler.

    --write FOLDER       writes scikit-learn's own tables as CSV
    TASK TRAIN TEST SEED fits three models, and prints a line of JSON for each

  - mlp: MLPClassifier or MLPRegressor; text columns one-hot.
  - mlp, scaled: of numbers, the same behind a scaler of the targets, without
    which the defaults don't get far.
  - boosting: HistGradientBoosting, for orientation.

    sudo apt-get install python3-sklearn libopenblas0-pthread
"""

import sys

sys.dont_write_bytecode = True

import csv  # noqa: E402
import json  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402

import common  # noqa: E402

try:
    import numpy as np
    from sklearn import datasets
    from sklearn.compose import (TransformedTargetRegressor,
                                 make_column_transformer)
    from sklearn.ensemble import (HistGradientBoostingClassifier,
                                  HistGradientBoostingRegressor)
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
except ImportError as import_error:
    common.missing(import_error, "sudo apt-get install "
                   "python3-sklearn libopenblas0-pthread")

OWN = ["iris", "wine", "breast_cancer", "digits", "diabetes"]


def write(folder):
    """Writes scikit-learn's tables, the column to learn last."""
    for name in OWN:
        numbers = name == "diabetes"
        load = getattr(datasets, f"load_{name}")
        found = load(scaled=False) if numbers else load()
        # Digits have numbers as names of classes.
        names = [f"is {name}" for name in getattr(found, "target_names", [])]
        y = found.target if numbers else [names[at] for at in found.target]
        with open(f"{folder}/{name}.csv", "w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow([*found.feature_names, "target"])
            out.writerows([*row, target] for row, target
                          in zip(found.data.tolist(), y))


def read(path, numbers):
    """Reads inputs as objects, and targets."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    y = [row[-1] for row in rows]
    return (np.array([row[:-1] for row in rows], dtype=object),
            np.array(y, dtype=float if numbers else str))


def is_number(column):
    """Whether a column can be taken as numbers."""
    try:
        column.astype(float)
        return True
    except ValueError:
        return False


def models(numbers, seed):
    """The models by name."""
    if not numbers:
        return {"mlp": MLPClassifier(random_state=seed),
                "boosting": HistGradientBoostingClassifier(random_state=seed)}
    mlp = MLPRegressor(random_state=seed)
    scaled = TransformedTargetRegressor(mlp, transformer=StandardScaler())
    return {"mlp": mlp, "mlp, scaled": scaled,
            "boosting": HistGradientBoostingRegressor(random_state=seed)}


def main(task, train_path, test_path, seed):
    """Fits and scores each model."""
    warnings.filterwarnings("ignore")
    numbers = task == "numbers"
    x, y = read(train_path, numbers)
    x_test, y_test = read(test_path, numbers)
    columns = range(x.shape[1])
    texts = [at for at in columns
             if not is_number(np.concatenate([x[:, at], x_test[:, at]]))]
    for name, model in models(numbers, int(seed)).items():
        one_hot = OneHotEncoder(handle_unknown="ignore", sparse=False)
        pipeline = make_pipeline(
            make_column_transformer((one_hot, texts), remainder="passthrough"),
            StandardScaler(), model)
        before = time.perf_counter()
        pipeline.fit(x, y)
        seconds = time.perf_counter() - before
        print(json.dumps({"model": name, "seconds": seconds,
                          "score": pipeline.score(x_test, y_test)}))


if sys.argv[1] == "--write":
    write(sys.argv[2])
else:
    main(*sys.argv[1:])
