/** What files that are often taken for readable images begin with: where, the bytes as latin-1 text, what it is. */
const beginnings: readonly [at: number, text: string, kind: string][] = [
  ...["heic", "heix", "heim", "heis", "hevc", "hevx"].map((brand): [number, string, string] => [
    4,
    `ftyp${brand}`,
    "a HEIC photograph",
  ]),
  ...["qt  ", "isom", "mp41", "mp42", "M4V "].map((brand): [number, string, string] => [
    4,
    `ftyp${brand}`,
    "a film",
  ]),
  [0, "BM", "a BMP image"],
  [0, "8BPS", "a Photoshop document"],
  [4, "JXL \r\n", "a JPEG XL image"],
  [0, "\u00ff\n", "a JPEG XL image"],
  [4, "jP  \r\n", "a JPEG 2000 image"],
  [0, "\u00ffO\u00ffQ", "a JPEG 2000 image"],
  [0, "%PDF-", "a PDF document"],
  [0, "v/1\u0001", "an OpenEXR image"],
  [128, "DICM", "a DICOM image"],
  [0, "<!doctype html", "a page of HTML"],
  [0, "<html", "a page of HTML"],
  [0, "PK\u0003\u0004", "a zip archive"],
];

/** What a file is by its first bytes, for those kinds that are mistaken for readable images; else undefined. */
export function kindByFirstBytes(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 160)).toLowerCase();
  return beginnings.find(([at, text]) => start.startsWith(text.toLowerCase(), at))?.[2];
}
