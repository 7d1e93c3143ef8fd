/** Answers of the servers, with the headers that keep a page to itself. */

/** Nothing from elsewhere, no code in the page, and nobody's frame. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** An answer of any type. */
export function answer(
  body: BodyInit | null,
  type: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    status,
    headers: { ...HEADERS, "content-type": type, ...headers },
  });
}

/** Headers of what is no page. */
const JSON_HEADERS = {
  "content-type": "application/json",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** An answer in JSON. */
export function jsonAnswer(value: unknown, status = 200): Response {
  const body = `${JSON.stringify(value)}\n`;
  return new Response(body, { status, headers: JSON_HEADERS });
}

/** A request that can't be answered as it is, and the status that says why. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.headers = headers;
  }

  /** `{ "error": … }` with its status. */
  toResponse(): Response {
    const body = `${JSON.stringify({ error: this.message })}\n`;
    return answer(body, "application/json", this.status, this.headers);
  }
}
