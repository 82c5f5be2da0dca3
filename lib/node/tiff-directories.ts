/** What one page of a TIFF file says of its pixels; the names are those of the tags. */
export interface TiffDirectory {
  /** Bit 0: a smaller copy of another page; bit 2: a mask of one. */
  newSubfileType: number;
  bitsPerSample: number[];
  /** 0: white is zero; 1: black is zero; 2: RGB; 3: palette; 5: inks; 6: YCbCr; 8: CIELAB; and others. */
  photometricInterpretation: number;
  samplesPerPixel: number;
  /** What each sample beyond the colours means: 0 unspecified, 1 opacity (colours multiplied by it), 2 opacity. */
  extraSamples: number[];
  /** 1: unsigned, 2: signed, 3: floating-point, 4: undefined, 5: complex whole numbers, 6: complex. */
  sampleFormat: number[];
  /** 1: cyan, magenta, yellow, black; 2: others. */
  inkSet: number;
}

/** Tag number and what it is when it is left out (TIFF 6.0, sections 8 to 16). */
const tags = {
  newSubfileType: [254, [0]],
  bitsPerSample: [258, [1]],
  photometricInterpretation: [262, [1]],
  samplesPerPixel: [277, [1]],
  extraSamples: [338, []],
  sampleFormat: [339, [1]],
  inkSet: [332, [1]],
} as const;

const maximalPages = 10_000;

/** Bytes of one value, by type: only the whole numbers that the tags above come as (BYTE, SHORT, LONG, LONG8). */
const bytesOfType: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 };

/**
 * Reads what the pages of a TIFF or BigTIFF file say of their pixels: what the library that decodes them does not tell.
 * @returns the pages in order, or undefined when the bytes are no TIFF
 * @throws RangeError when the file ends before its pages' descriptions do
 */
export function readTiffDirectories(bytes: Uint8Array): TiffDirectory[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) return undefined;
  const order = view.getUint16(0);
  const little = order === 0x4949;
  const version = view.getUint16(2, little);
  if ((order !== 0x4949 && order !== 0x4d4d) || (version !== 42 && version !== 43)) return undefined;
  return new TiffReader(view, little, version === 43).pages();
}

class TiffReader {
  constructor(
    private readonly view: DataView,
    private readonly little: boolean,
    private readonly big: boolean,
  ) {}

  pages(): TiffDirectory[] {
    const pages: TiffDirectory[] = [];
    let place = this.whole(this.big ? 8 : 4, this.big ? 8 : 4);
    while (place !== 0 && pages.length < maximalPages) {
      const count = this.whole(place, this.big ? 8 : 2);
      const first = place + (this.big ? 8 : 2);
      const entrySize = this.big ? 20 : 12;
      pages.push(this.directory(first, count, entrySize));
      place = this.whole(first + count * entrySize, this.big ? 8 : 4);
    }
    return pages;
  }

  private directory(first: number, count: number, entrySize: number): TiffDirectory {
    const found = new Map<number, number[]>();
    for (let entry = first; entry < first + count * entrySize; entry += entrySize) {
      const tag = this.whole(entry, 2);
      if (Object.values(tags).some(([number]) => number === tag)) found.set(tag, this.values(entry));
    }
    const of = (name: keyof typeof tags) => found.get(tags[name][0]) ?? [...tags[name][1]];
    const one = (name: keyof typeof tags) => of(name)[0] ?? 0;
    return {
      newSubfileType: one("newSubfileType"),
      bitsPerSample: of("bitsPerSample"),
      photometricInterpretation: one("photometricInterpretation"),
      samplesPerPixel: one("samplesPerPixel"),
      extraSamples: of("extraSamples"),
      sampleFormat: of("sampleFormat"),
      inkSet: one("inkSet"),
    };
  }

  private values(entry: number): number[] {
    const size = bytesOfType[this.whole(entry + 2, 2)];
    const count = this.whole(entry + 4, this.big ? 8 : 4);
    if (size === undefined || count > this.view.byteLength) throw new RangeError("a tag is damaged");
    const inline = entry + (this.big ? 12 : 8);
    const fits = size * count <= (this.big ? 8 : 4);
    const start = fits ? inline : this.whole(inline, this.big ? 8 : 4);
    return Array.from({ length: count }, (_, i) => this.whole(start + i * size, size));
  }

  /** An unsigned whole number of 1, 2, 4 or 8 bytes. */
  private whole(at: number, size: number): number {
    if (size === 1) return this.view.getUint8(at);
    if (size === 2) return this.view.getUint16(at, this.little);
    if (size === 4) return this.view.getUint32(at, this.little);
    return Number(this.view.getBigUint64(at, this.little));
  }
}
