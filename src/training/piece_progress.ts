/** Where a training in pieces stands: each piece is a training of one epoch, which knows of that piece alone. */
export class PieceProgress {
  /** Number of the epoch in progress, from 1. */
  epoch = 1;
  /** Batches of the epoch before; 0 of the first. */
  batches = 0;
  /** The loss of each batch of this epoch's pieces that are done. */
  losses: number[] = [];
  /** Whether workers noted what they do at the end of the last piece. */
  noting = true;

  /** Adds the batches of a piece. */
  pieceDone(losses: readonly number[], noting: boolean): void {
    for (const loss of losses) this.losses.push(loss);
    this.noting = noting;
  }

  /** Goes on to the next epoch. */
  next(): void {
    this.epoch++;
    this.batches = this.losses.length;
    this.losses = [];
  }
}
