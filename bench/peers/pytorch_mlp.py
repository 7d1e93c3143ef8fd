"""PyTorch peer: the same steps with torch, on the CPU.

Layers are batch x nodes. The backward pass is written out under no_grad;
autograd gives the same gradients and takes longer (--autograd).

Debian's build has an OpenMP pool of its own beside the threads of OpenBLAS.
With more than one thread in each they fight for the cores: on a machine with 4
an epoch takes seconds instead of a quarter of one. So all threads go to
OpenBLAS there, and one to the pool, unless --intra-op says otherwise.

    sudo apt-get install python3-torch
    /usr/bin/python3 bench/peers/pytorch_mlp.py --data FOLDER --threads 4
"""

import sys

sys.dont_write_bytecode = True

import common  # noqa: E402

arguments = common.parser(__doc__)
arguments.add_argument("--autograd", action="store_true",
                       help="let autograd do the backward pass")
arguments.add_argument("--intra-op", type=int, metavar="N",
                       help="threads of PyTorch's own pool")
options = arguments.parse_args()
common.set_threads(options.threads)

try:
    import torch
except ImportError as import_error:
    common.missing(import_error, "sudo apt-get install python3-torch")


class Network:
    """Weights, and the momentum of one network."""

    def __init__(self, sizes, l2):
        self.l2 = l2
        self.weights, self.biases = [], []
        for inputs, out in zip(sizes, sizes[1:]):
            limit = inputs ** -0.5
            self.weights.append(
                torch.empty(out, inputs).uniform_(-limit, limit))
            self.biases.append(torch.empty(out).uniform_(-limit, limit))
        self.parameters = self.weights + self.biases
        self.previous = [torch.zeros_like(p) for p in self.parameters]
        if options.autograd:
            for parameter in self.parameters:
                parameter.requires_grad_()

    def forward(self, x):
        """Returns X and the output of every layer."""
        cached = [x]
        for w, b in zip(self.weights, self.biases):
            z = torch.addmm(b, cached[-1], w.t())
            cached.append(torch.sigmoid(z))
        return cached

    def penalty(self):
        """Returns the cost of regularization."""
        return 0.5 * self.l2 * sum(w.square().sum() for w in self.weights)

    def train_batch(self, x, y, rate, momentum):
        """Makes one step; returns the cost and the mean error before it."""
        cached = self.forward(x)
        cost = self.penalty() + torch.nn.functional.binary_cross_entropy(
            cached[-1], y, reduction="sum")
        if options.autograd:
            grads = torch.autograd.grad(cost, self.parameters)
            with torch.no_grad():
                self._update(grads, rate, momentum)
                return cost, (cached[-1] - y).abs().mean()
        delta = cached[-1] - y
        error = delta.abs().mean()
        grads = [None] * len(self.parameters)
        for n in range(len(self.weights) - 1, -1, -1):
            w, a = self.weights[n], cached[n]
            grads[n] = torch.addmm(w, delta.t(), a, beta=self.l2)
            grads[n + len(self.weights)] = delta.sum(0)
            if n > 0:
                delta = torch.ops.aten.sigmoid_backward(delta @ w, a)
        self._update(grads, rate, momentum)
        return cost, error

    def _update(self, grads, rate, momentum):
        for p, grad, previous in zip(self.parameters, grads, self.previous):
            p.sub_(previous, alpha=momentum).sub_(grad, alpha=rate)
            torch.mul(grad, rate, out=previous)

    def accuracy(self, x, labels):
        """Returns the share of right answers."""
        with torch.no_grad():
            right = sum(
                (self.forward(x[part])[-1].argmax(1) == labels[part]).sum()
                for part in common.batches(len(labels), 5000))
        return int(right) / len(labels)


def main():
    """Trains, and writes the lines that the driver reads."""
    build = torch.__config__.show()
    blas = build.split("BLAS_INFO=")[-1].split(",")[0]
    intra_op = options.intra_op or (
        1 if blas == "generic" else options.threads)
    torch.set_num_threads(intra_op)
    torch.manual_seed(options.seed)
    x_train, labels, x_test, test_labels = common.load(
        options.data, options.samples)
    order = torch.randperm(len(labels))
    y = torch.from_numpy(common.one_hot(labels))[order]
    x_train = torch.from_numpy(x_train)[order]
    labels = torch.from_numpy(labels.astype("int64"))[order]
    x_test = torch.from_numpy(x_test)
    test_labels = torch.from_numpy(test_labels.astype("int64"))
    parts = [(x_train[part], y[part])
             for part in common.batches(len(labels), options.batch_size)]
    network = Network([x_train.shape[1], *options.hidden, 10], options.l2)

    common.emit("start", peer="pytorch", version=torch.__version__,
                blas=blas, threads=options.threads, intraOpThreads=intra_op,
                samples=len(labels),
                backward="autograd" if options.autograd else "manual")

    def epoch(rate):
        last = None
        for x, y in parts:
            last = network.train_batch(x, y, rate, options.momentum)
        return last

    with torch.set_grad_enabled(options.autograd):
        common.run(options, epoch, lambda: (
            network.accuracy(x_train, labels),
            network.accuracy(x_test, test_labels)))


main()
