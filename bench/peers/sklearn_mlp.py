"""scikit-learn peer: MLPClassifier, one partial_fit per epoch.

What differs from the others:
  - Its targets are ten labels at once (one-hot), as only then has it sigmoid
    outputs with log loss; for plain classes it uses softmax.
  - It averages over the batch: the learning rate is multiplied by the batch
    size. A last batch that is smaller takes a larger step for that.
  - Its momentum accumulates; at 0.00005 this makes no difference.
  - It computes the cost of every batch, but not the mean error; "cost" is the
    mean over the batches of an epoch.
  - Its initial weights are uniform in +-sqrt(2 / (in + out)).

    sudo apt-get install python3-sklearn libopenblas0-pthread
    /usr/bin/python3 bench/peers/sklearn_mlp.py --data FOLDER --threads 4
"""

import sys

sys.dont_write_bytecode = True

import common  # noqa: E402

options = common.parser(__doc__).parse_args()
common.set_threads(options.threads)

try:
    import numpy as np
    import sklearn
    from sklearn.neural_network import MLPClassifier
except ImportError as import_error:
    common.missing(import_error, "sudo apt-get install "
                   "python3-sklearn libopenblas0-pthread")


def main():
    """Trains, and writes the lines that the driver reads."""
    x_train, labels, x_test, test_labels = common.load(
        options.data, options.samples)
    order = np.random.default_rng(options.seed).permutation(len(labels))
    x_train, labels = x_train[order], labels[order]
    y = np.eye(10, dtype=np.int64)[labels]
    size = min(options.batch_size, len(labels))
    classifier = MLPClassifier(
        options.hidden, activation="logistic", solver="sgd",
        alpha=options.l2, batch_size=size, momentum=options.momentum,
        nesterovs_momentum=False, learning_rate="constant", shuffle=False,
        learning_rate_init=options.learning_rate * size,
        random_state=options.seed)

    common.emit("start", peer="sklearn", version=sklearn.__version__,
                threads=options.threads, samples=len(labels))

    def epoch(rate):
        if hasattr(classifier, "_optimizer"):
            classifier._optimizer.learning_rate = rate * size
        classifier.partial_fit(x_train, y, range(10))
        # Its loss is the mean over the samples.
        return classifier.loss_ * size, None

    def accuracy(x, labels):
        outputs = classifier.predict_proba(x)
        return np.count_nonzero(outputs.argmax(1) == labels) / len(labels)

    common.run(options, epoch, lambda: (
        accuracy(x_train, labels), accuracy(x_test, test_labels)))


main()
