"""PyTorch's DistributedDataParallel with gloo: a process for each part of a batch.

Each process has its part of every batch, and one thread. DDP averages the
gradients of the processes, so that each process's loss is multiplied by their
number: their mean is then the sum over the batch, as the other peers have it.

    sudo apt-get install python3-torch
    /usr/bin/python3 bench/peers/pytorch_ddp.py --data FOLDER --ranks 2
"""

import sys
import time

sys.dont_write_bytecode = True

import common  # noqa: E402

arguments = common.parser(__doc__)
arguments.add_argument("--ranks", default=2, type=int)
options = arguments.parse_args()
common.set_threads(1)

try:
    import torch
    import torch.distributed as dist
    import torch.multiprocessing as processes
    from torch.nn.parallel import DistributedDataParallel
except ImportError as import_error:
    common.missing(import_error, "sudo apt-get install python3-torch")


def model(sizes):
    """Returns the network, with sigmoids after every layer."""
    layers = []
    for inputs, out in zip(sizes, sizes[1:]):
        layer = torch.nn.Linear(inputs, out)
        torch.nn.init.uniform_(layer.weight, -inputs ** -0.5, inputs ** -0.5)
        torch.nn.init.uniform_(layer.bias, -inputs ** -0.5, inputs ** -0.5)
        layers += [layer, torch.nn.Sigmoid()]
    return torch.nn.Sequential(*layers)


def parts(count, size, rank, ranks):
    """Yields this rank's part of every batch."""
    for batch in common.batches(count, size):
        length = batch.stop - batch.start
        base, longer = divmod(length, ranks)
        start = batch.start + base * rank + min(rank, longer)
        yield slice(start, start + base + (rank < longer))


def work(rank, port):
    """Trains as one of the processes; the first one writes the lines."""
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo", init_method=f"tcp://127.0.0.1:{port}",
        rank=rank, world_size=options.ranks)
    torch.manual_seed(options.seed)
    x, labels, x_test, test_labels = common.load(options.data, options.samples)
    order = torch.randperm(len(labels))
    y = torch.from_numpy(common.one_hot(labels))[order]
    x = torch.from_numpy(x)[order]
    own = [(x[part], y[part]) for part in parts(
        len(labels), options.batch_size, rank, options.ranks)]
    network = model([x.shape[1], *options.hidden, 10])
    together = DistributedDataParallel(network)
    weights = [p for p in network.parameters() if p.dim() == 2]
    rest = [p for p in network.parameters() if p.dim() == 1]
    optimizer = torch.optim.SGD(
        [{"params": weights, "weight_decay": options.l2}, {"params": rest}],
        lr=options.learning_rate, momentum=options.momentum)
    if rank == 0:
        common.emit("start", peer="pytorch-ddp", version=torch.__version__,
                    ranks=options.ranks, samples=len(labels))
    total = 0.0
    for number in range(options.epochs):
        dist.barrier()
        start = time.perf_counter()
        for inputs, targets in own:
            optimizer.zero_grad()
            loss = options.ranks * torch.nn.functional.binary_cross_entropy(
                together(inputs), targets, reduction="sum")
            loss.backward()
            optimizer.step()
        dist.barrier()
        seconds = time.perf_counter() - start
        total += seconds
        if rank == 0:
            common.emit("epoch", epoch=number + 1, seconds=round(seconds, 6),
                        cost=float(loss))
    if rank == 0:
        with torch.no_grad():
            found = network(torch.from_numpy(x_test)).argmax(1).numpy()
        common.emit("end", testAccuracy=float((found == test_labels).mean()),
                    seconds=round(total, 6))
    dist.destroy_process_group()


if __name__ == "__main__":
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    processes.spawn(work, args=(free,), nprocs=options.ranks)
