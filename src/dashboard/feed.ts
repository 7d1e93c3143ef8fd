/** A stream of events to a page, of which a slow one misses some and none is kept waiting. */

/** The updates for one page: what is new since its last request, or nothing. */
export type News = () => string | undefined;

/** Pages that are open. A message is made when a page can take it, so that none waits anywhere for one that doesn't read. */
export class Feed {
  readonly #most: number;
  readonly #pages = new Set<Page>();

  /** @param most Pages at a time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Pages that are open. */
  get size(): number {
    return this.#pages.size;
  }

  /** Whether some page has taken all that was sent to it. */
  get awaited(): boolean {
    return this.#pages.values().some(({ ready }) => ready);
  }

  /** Opens a stream; nothing if there are too many. */
  open(news: News): ReadableStream<Uint8Array> | undefined {
    if (this.#pages.size >= this.#most) return undefined;
    const page = new Page(news, () => this.#pages.delete(page));
    this.#pages.add(page);
    return page.stream;
  }

  /** Tells all pages that can take it what is new to them. */
  tell(): void {
    for (const page of this.#pages) page.tell();
  }

  /** Tells what is new, and closes the streams. */
  end(): void {
    for (const page of this.#pages) page.end();
    this.#pages.clear();
  }
}

class Page {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #news: News;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  constructor(news: News, left: () => void) {
    this.#news = news;
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.tell(),
      cancel: left,
    }, { highWaterMark: 1 });
  }

  /** Whether nothing waits to be sent. */
  get ready(): boolean {
    return (this.#controller.desiredSize ?? 0) > 0;
  }

  tell(): void {
    if (!this.ready) return;
    const text = this.#news();
    if (text === undefined) return;
    const event = `data: ${text}\n\n`;
    this.#controller.enqueue(new TextEncoder().encode(event));
  }

  end(): void {
    this.tell();
    this.#controller.close();
  }
}
