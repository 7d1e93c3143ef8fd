/** Requests as no `fetch()` sends them: with any host, or without ever reading the answer. */

/** Sends lines and no body, and returns the answer as far as a text in it, or to its end. */
export async function rawRequest(
  port: number,
  path: string,
  headers: readonly string[],
  method = "GET",
  enough = "",
): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = [`${method} ${path} HTTP/1.1`, ...headers, "connection: close"];
  await connection.write(
    new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`),
  );
  let text = "";
  for await (
    const part of connection.readable.pipeThrough(new TextDecoderStream())
  ) {
    text += part;
    if (enough !== "" && text.includes(enough)) break;
  }
  return text;
}
