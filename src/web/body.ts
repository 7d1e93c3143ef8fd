import { Refusal } from "./responses.ts";

/**
 * Reads what comes with a request, up to a limit.
 *
 * @param most Bytes.
 * @param signal Ends the reading of a body that doesn't come.
 *
 * @throws {Refusal} With 413 if there is more, 408 if it takes too long, 400 if it breaks off.
 */
export async function readBody(
  request: Request,
  most: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => {
    const wanted = `${most} bytes or less`;
    return new Refusal(413, `Cannot read the body as it must be ${wanted}`);
  };
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > most) throw tooLarge();
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const end = () =>
    ended.reject(
      new Refusal(408, "Cannot read the body as it takes too long to come"),
    );
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  // The runtime holds a body to what it announces, and reads it faster as a whole.
  if (announced !== null) {
    try {
      return await Promise.race([request.bytes(), ended.promise]);
    } catch (error) {
      throw error instanceof Refusal ? error : brokenOff();
    } finally {
      signal.removeEventListener("abort", end);
    }
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  try {
    while (true) {
      const { value, done } = await Promise.race([
        reader.read(),
        ended.promise,
      ]);
      if (done) break;
      length += value.length;
      if (length > most) throw tooLarge();
      parts.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    if (error instanceof Refusal) throw error;
    throw brokenOff();
  } finally {
    signal.removeEventListener("abort", end);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function brokenOff(): Refusal {
  return new Refusal(400, "Cannot read the body as it broke off");
}
