/** Requests as no `fetch()` sends them: with any host, or without ever reading the answer. */

/** Sends lines, and returns the answer to its end, or to the first `enough` characters. */
export async function rawRequest(
  port: number,
  path: string,
  headers: readonly string[],
): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = [`GET ${path} HTTP/1.1`, ...headers, "connection: close"];
  await connection.write(
    new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`),
  );
  return await new Response(connection.readable).text();
}
