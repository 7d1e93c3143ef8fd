"""NumPy peer: the article's final program, as fast as NumPy can make it.

Layers are nodes x batch, float32 throughout. The forward pass caches A with
its bias row, which is written once per buffer and never again; the backward
pass takes the derivative from A and slices the bias column off W. All weights
lie in one flat array, so an update is a handful of calls. The large results
have buffers that are allocated once.

The sigmoid is 1 / (1 + exp(-z)), as np.exp has vector code for float32 and
takes half the time of scipy.special.expit, which the article uses (--expit).

    sudo apt-get install python3-numpy python3-scipy libopenblas0-pthread
    /usr/bin/python3 bench/peers/numpy_mlp.py --data FOLDER --threads 4
"""

import ctypes
import re
import sys

sys.dont_write_bytecode = True

import common  # noqa: E402

INSTALL = ("sudo apt-get install "
           "python3-numpy python3-scipy libopenblas0-pthread")

arguments = common.parser(__doc__)
arguments.add_argument("--standardize", action="store_true",
                       help="mean 0 and deviation 1 for every input")
arguments.add_argument("--expit", action="store_true",
                       help="scipy.special.expit as the sigmoid")
options = arguments.parse_args()
common.set_threads(options.threads)

try:
    import numpy as np
    if options.expit:
        from scipy.special import expit
except ImportError as import_error:
    common.missing(import_error, INSTALL)


def blas():
    """Returns the name of the BLAS that NumPy has loaded."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            paths = sorted(set(re.findall(r"(/\S+\.so\S*)", maps.read())))
    except OSError:
        return "unknown"
    # Another library may have loaded OpenBLAS too: look for this one first.
    if any(re.search(r"/libblas\.so[^/]*$", path)
           and not re.search("openblas|mkl|blis|atlas", path)
           for path in paths):
        common.missing("NumPy uses the reference BLAS, which is slow",
                       "sudo apt-get install libopenblas0-pthread")
    for path in paths:
        if re.search(r"lib\w*openblas[^/]*$", path):
            library = ctypes.CDLL(path)
            for name in ("openblas_get_config", "openblas_get_config64_",
                         "scipy_openblas_get_config64_",
                         "scipy_openblas_get_config"):
                if hasattr(library, name):
                    get_config = getattr(library, name)
                    get_config.restype = ctypes.c_char_p
                    return get_config().decode().strip()
            return "OpenBLAS"
        found = re.search(r"lib(mkl_rt|blis|atlas)[^/]*$", path)
        if found:
            return found[1]
    return "unknown"


def sigmoid(z):
    """Overwrites Z with its sigmoid; exp may become infinite: 1/inf is 0."""
    if options.expit:
        expit(z, out=z)
        return
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    np.reciprocal(z, out=z)


class Network:
    """Weights, gradients and the cached passes of one network."""

    def __init__(self, sizes, l2, seed):
        rng = np.random.default_rng(seed)
        shapes = [(out, inputs + 1) for inputs, out in zip(sizes, sizes[1:])]
        self.sizes = sizes
        self.flat, self.weights = self._arrays(shapes)
        self.flat_grad, self.grads = self._arrays(shapes)
        self.flat_decay, decays = self._arrays(shapes)
        self.penalty = np.empty_like(self.flat)
        self.previous = np.zeros_like(self.flat)
        self.buffers = {}
        for w, decay in zip(self.weights, decays):
            limit = (w.shape[1] - 1) ** -0.5
            w[:] = rng.uniform(-limit, limit, w.shape)
            decay[:, 1:] = l2

    @staticmethod
    def _arrays(shapes):
        """Returns one flat array of zeros, and its matrices as views."""
        ends = np.cumsum([rows * columns for rows, columns in shapes])
        flat = np.zeros(ends[-1], np.float32)
        parts = np.split(flat, ends[:-1])
        return flat, [p.reshape(s) for p, s in zip(parts, shapes)]

    def _buffers(self, batch):
        """Returns A with a bias row of ones, and delta, for each layer."""
        if batch not in self.buffers:
            self.buffers[batch] = (
                [np.ones((n + 1, batch), np.float32)
                 for n in self.sizes[1:]],
                [np.empty((n, batch), np.float32) for n in self.sizes[1:]])
        return self.buffers[batch]

    def forward(self, x):
        """Returns X and every A; X is (inputs + 1) x batch."""
        cached = [x]
        for w, a in zip(self.weights, self._buffers(x.shape[1])[0]):
            z = a[1:]
            np.matmul(w, cached[-1], out=z)
            sigmoid(z)
            cached.append(a)
        return cached

    def train_batch(self, x, y, rate, momentum):
        """Makes one step; returns the cost and the mean error before it."""
        cached = self.forward(x)
        deltas = self._buffers(x.shape[1])[1]
        delta = deltas[-1]
        np.subtract(cached[-1][1:], y, out=delta)
        # Targets are 0 or 1: the probability of the right answer is
        # 1 - |a - y|, and one logarithm gives both terms of LogLoss.
        error = np.abs(delta)
        mean_error = error.mean()
        np.subtract(1, error, out=error)
        np.maximum(error, 1e-7, out=error)
        cost = -np.log(error, out=error).sum()

        for n in range(len(self.weights) - 1, -1, -1):
            np.matmul(deltas[n], cached[n].T, out=self.grads[n])
            if n > 0:
                below, a = deltas[n - 1], cached[n][1:]
                np.matmul(self.weights[n][:, 1:].T, deltas[n], out=below)
                below *= a
                np.subtract(1, a, out=a)  # the last use of this A
                below *= a

        np.multiply(self.flat_decay, self.flat, out=self.penalty)
        cost += 0.5 * np.dot(self.penalty, self.flat)
        self._update(rate, momentum)
        return cost, mean_error

    def _update(self, rate, momentum):
        step, previous = self.flat_grad, self.previous
        step += self.penalty
        step *= rate
        previous *= momentum
        previous += step
        self.flat -= previous
        previous[:] = step

    def accuracy(self, parts):
        """Returns the share of right answers in (X, Y) batches."""
        right = sum(
            np.count_nonzero(self.forward(x)[-1][1:].argmax(0) == y.argmax(0))
            for x, y in parts)
        return right / sum(y.shape[1] for _, y in parts)


def main():
    """Trains, and writes the lines that the driver reads."""
    x_train, labels, x_test, test_labels = common.load(
        options.data, options.samples)
    if options.standardize:
        mean = x_train.mean(0, dtype=np.float64)
        deviation = x_train.std(0, dtype=np.float64)
        deviation[deviation == 0] = np.inf
        x_train, x_test = (((x - mean) / deviation).astype(np.float32)
                           for x in (x_train, x_test))

    def split(x, labels):
        """Returns batches: X, (inputs + 1) x batch, and one-hot Y."""
        rows = np.ones((len(x), x.shape[1] + 1), np.float32)
        rows[:, 1:] = x
        y = common.one_hot(labels)
        return [(rows[part].T, np.ascontiguousarray(y[part].T))
                for part in common.batches(len(x), options.batch_size)]

    order = np.random.default_rng(options.seed).permutation(len(labels))
    train = split(x_train[order], labels[order])
    test = split(x_test, test_labels)
    network = Network([x_train.shape[1], *options.hidden, 10], options.l2,
                      options.seed)

    common.emit("start", peer="numpy", version=np.__version__, blas=blas(),
                threads=options.threads, samples=len(labels))

    def epoch(rate):
        last = None
        for x, y in train:
            last = network.train_batch(x, y, rate, options.momentum)
        return last

    with np.errstate(over="ignore"):
        common.run(options, epoch, lambda: (
            network.accuracy(train), network.accuracy(test)))


main()
