"""What the Python peers share: arguments, data, batches and output lines.

Nothing here imports NumPy at the top: the number of its threads is set in the
environment, which has to happen first.
"""

import argparse
import json
import os
import sys
import time

THREAD_VARIABLES = (
    "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def parser(description):
    """Returns the parser of the arguments that every peer has."""
    result = argparse.ArgumentParser(
        description=description.splitlines()[0])
    add = result.add_argument
    add("--data", required=True, metavar="FOLDER",
        help="folder of the four uncompressed IDX files")
    add("--hidden", default="70,30", type=_sizes,
        help="nodes of the hidden layers (default 70,30)")
    add("--epochs", default=35, type=_positive)
    add("--batch-size", default=500, type=_positive)
    add("--learning-rate", default=0.001, type=float)
    add("--momentum", default=0.00005, type=float)
    add("--lr-decay", default=1e-6, type=float)
    add("--l2", default=0.001, type=float)
    add("--threads", default=os.cpu_count(), type=_positive)
    add("--seed", default=1, type=int)
    add("--samples", type=_positive,
        help="train on the first N samples only")
    return result


def _positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _sizes(text):
    return [_positive(part) for part in text.split(",")]


def set_threads(threads):
    """Sets the threads of every BLAS; call it before NumPy is imported."""
    assert "numpy" not in sys.modules
    for name in THREAD_VARIABLES:
        os.environ[name] = str(threads)


def missing(error, command):
    """Ends the program: a package is missing, COMMAND installs it."""
    print(f"{error}; install it: {command}", file=sys.stderr)
    sys.exit(3)


def fail(message):
    """Ends the program with a line on stderr."""
    print(message, file=sys.stderr)
    sys.exit(1)


def emit(event, **values):
    """Writes one line of JSON."""
    print(json.dumps({"event": event, **values}), flush=True)


def load(folder, samples=None):
    """Returns training and test images (N x 784, [0, 1]) and labels."""
    import numpy as np

    def idx(name, header):
        path = os.path.join(folder, name)
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError as error:
            fail(f"{path}: {error.strerror}")
        if content[:4] != bytes((0, 0, 8, header // 4 - 1)):
            fail(f"{path}: not an uncompressed IDX file of bytes")
        shape = np.frombuffer(content[4:header], ">i4")
        data = np.frombuffer(content, np.uint8, offset=header)
        if data.size != np.prod(shape):
            fail(f"{path}: its length differs from its header")
        return data.reshape(shape)

    def images(name):
        raw = idx(name, 16)
        return raw.reshape(len(raw), -1) / np.float32(255)

    train = slice(samples)
    return (images("train-images-idx3-ubyte")[train],
            idx("train-labels-idx1-ubyte", 8)[train],
            images("t10k-images-idx3-ubyte"),
            idx("t10k-labels-idx1-ubyte", 8))


def one_hot(labels):
    """Returns N x 10 float32 targets."""
    import numpy as np
    return np.eye(10, dtype=np.float32)[labels]


def batches(count, size):
    """Returns slices, split as np.array_split does."""
    parts = max(1, -(-count // size))
    base, longer = divmod(count, parts)
    ends = [base * (i + 1) + min(i + 1, longer) for i in range(parts)]
    return [slice(a, b) for a, b in zip([0] + ends, ends)]


def run(options, epoch, accuracies):
    """Times EPOCH(learning rate) once per epoch, then ends with accuracies.

    EPOCH returns the cost and the mean error (or None) of its last batch.
    """
    rate = options.learning_rate
    total = 0.0
    for number in range(options.epochs):
        rate /= 1 + options.lr_decay * number
        start = time.perf_counter()
        cost, error = epoch(rate)
        seconds = time.perf_counter() - start
        total += seconds
        values = {"cost": float(cost)}
        if error is not None:
            values["meanError"] = float(error)
        emit("epoch", epoch=number + 1, seconds=round(seconds, 6), **values)
    train, test = accuracies()
    emit("end", trainAccuracy=train, testAccuracy=test,
         seconds=round(total, 6))
