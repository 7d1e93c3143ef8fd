/** A message as one line: text of a file in it may have several. */
export function oneLine(message: string): string {
  return message.replaceAll(/\s*\n\s*/g, " ");
}
