type PngEncoder = typeof import("fast-png", { with: { "resolution-mode": "import" }})["encode"];

/**
 * The few canvas calls by which Plotly paints the cells of a heat map: filled rectangles of one colour and
 * whole images. Rectangles replace what lies below them; Plotly never paints one cell over another.
 */
export class PixelCanvas {
  fillStyle = "rgba(0,0,0,1)";
  private readonly rgba: Uint8ClampedArray;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.rgba = new Uint8ClampedArray(width * height * 4);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (this.fillStyle.match(/[\d.]+/g) ?? []).map(Number);
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row++) {
      for (let column = Math.max(0, x); column < Math.min(this.width, x + width); column++) {
        this.rgba.set([red, green, blue, alpha * 255], (row * this.width + column) * 4);
      }
    }
  }

  createImageData(width: number, height: number): { data: Uint8ClampedArray } {
    return { data: new Uint8ClampedArray(width * height * 4) };
  }

  putImageData(image: { data: Uint8ClampedArray }): void {
    this.rgba.set(image.data);
  }

  /** @param png the encoder, which works without waiting, as a canvas must and sharp can't. */
  toDataUrl(png: PngEncoder): string {
    const bytes = png({ width: this.width, height: this.height, data: this.rgba, channels: 4 });
    return `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`;
  }
}
