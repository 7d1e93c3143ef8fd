"""scikit-learn peer: MLPClassifier, one partial_fit per batch.

What differs from the others:
  - Targets are ten labels at once (one-hot), as only then has MLPClassifier
    sigmoid outputs with log loss; for plain classes it uses softmax.
  - It averages over the batch, so the learning rate is multiplied by the batch
    size; its alpha is divided by the batch size by itself.
  - Its momentum accumulates; at 0.00005 this makes no difference.
  - Its cost is computed per batch; the mean error is not, as it keeps the
    outputs to itself.
  - The initial weights are its own for "logistic": uniform in
    +-sqrt(2 / (in + out)).
  - It shuffles each batch within itself, which changes nothing but time.

    sudo apt-get install python3-sklearn libopenblas0-pthread
    /usr/bin/python3 bench/peers/sklearn_mlp.py --data FOLDER --threads 4
"""
