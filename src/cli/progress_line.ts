import cliProgress from "cli-progress";

/** Shows on a terminal how much is done; elsewhere nothing. */
export function progressLine(
  what: string,
  shown: boolean,
): Disposable & {
  /** Shows how many of all are done, and something about them. */
  show(done: number, all: number, text: string): void;
} {
  const bar = shown && Deno.stderr.isTerminal()
    ? new cliProgress.SingleBar({
      format: `{value}/{total} ${what} {bar} {text}  {eta_formatted} left`,
      barsize: 24,
      hideCursor: true,
      etaBuffer: 10,
    }, cliProgress.Presets.shades_classic)
    : undefined;
  bar?.start(0, 0, { text: "" });
  return {
    show(done, all, text) {
      bar?.setTotal(all);
      bar?.update(done, { text });
    },
    [Symbol.dispose]: () => bar?.stop(),
  };
}
