/** Text made safe for HTML content and for attribute values in double quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A picture with its alt text, as it stands in a page: its bytes are in the page itself. */
export function pictureHtml(type: "image/jpeg" | "image/png", bytes: Buffer, alt: string): string {
  return `<img alt="${escapeHtml(alt)}" src="data:${type};base64,${bytes.toString("base64")}">`;
}
