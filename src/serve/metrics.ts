/** What a server counts, in the [text format](https://prometheus.io/docs/instrumenting/exposition_formats/) of Prometheus. */

/** Bounds of the times of requests, in seconds. */
const BOUNDS = [
  ...[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05],
  ...[0.1, 0.25, 0.5, 1, 2.5, 5, 10],
];

/** Counts of a server since it began. */
export class Metrics {
  readonly #began = Date.now() / 1000;
  readonly #statuses = new Map<number, number>();
  readonly #times = new Array<number>(BOUNDS.length + 1).fill(0);
  #seconds = 0;
  #rows = 0;
  #active = 0;
  #idle = Promise.withResolvers<void>();

  /** A request for predictions has come. */
  begun(): void {
    this.#active++;
  }

  /** Waits until all requests that have come were answered. */
  async idle(): Promise<void> {
    while (this.#active > 0) await this.#idle.promise;
  }

  /** A request for predictions was answered. */
  answered(status: number, seconds: number, rows: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    const at = BOUNDS.findIndex((bound) => seconds <= bound);
    this.#times[at < 0 ? BOUNDS.length : at]++;
    this.#seconds += seconds;
    this.#rows += rows;
    this.#active--;
    if (this.#active > 0) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
  }

  /** The text. */
  text(calls: number, waiting: number): string {
    let sum = 0;
    const buckets = this.#times.map((count, at) => {
      sum += count;
      return `lockstep_request_seconds_bucket{le="${
        BOUNDS[at] ?? "+Inf"
      }"} ${sum}`;
    });
    const statuses = [...this.#statuses].sort(([one], [other]) => one - other)
      .map(([status, count]) =>
        `lockstep_requests_total{status="${status}"} ${count}`
      );
    const one = (name: string, type: string, help: string, value: number) =>
      `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}`;
    return [
      "# HELP lockstep_requests_total Requests for predictions.",
      "# TYPE lockstep_requests_total counter",
      ...statuses,
      "# HELP lockstep_request_seconds Time of a request for predictions.",
      "# TYPE lockstep_request_seconds histogram",
      ...buckets,
      `lockstep_request_seconds_sum ${this.#seconds}`,
      `lockstep_request_seconds_count ${sum}`,
      one("lockstep_rows_total", "counter", "Rows predicted.", this.#rows),
      one("lockstep_calls_total", "counter", "Calls of the network.", calls),
      one("lockstep_rows_waiting", "gauge", "Rows not yet told.", waiting),
      one(
        "lockstep_requests_active",
        "gauge",
        "Requests under way.",
        this.#active,
      ),
      one(
        "process_start_time_seconds",
        "gauge",
        "When the server began.",
        this.#began,
      ),
      "",
    ].join("\n");
  }
}
