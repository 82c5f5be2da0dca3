import * as fs from "node:fs";
import * as path from "node:path";
import type { ImageBox, ImagePart } from "../../datasets/published/labelled-images";

/** An image of the miniature, as its reader should tell it. */
export interface MiniatureImage {
  /** As `images.txt` has it. */
  name: string;
  label: number;
  training: boolean;
  box: ImageBox;
  parts: ImagePart[];
}

const perClass = 12;

/**
 * Writes a miniature of CUB-200-2011 in the exact layout of the published archive: three classes of twelve images, of which
 * ten train, and three parts.
 * @param jpeg the bytes of its images; where none are given they are empty files
 */
export function writeMiniatureCub(
  folder: string,
  jpeg: (label: number, number: number) => Uint8Array = () => new Uint8Array(0),
): { classes: string[]; images: MiniatureImage[] } {
  const species = ["Black_footed_Albatross", "Laysan_Albatross", "Sooty_Albatross"];
  const partNames = ["back", "left leg", "tail"];
  const images: MiniatureImage[] = [];
  const partLines: string[] = [];
  for (const [label, name] of species.entries())
    for (let number = 0; number < perClass; number++) {
      const id = images.length + 1;
      const parts: ImagePart[] = [];
      for (const [i, part] of partNames.entries()) {
        const visible = (id + i) % 3 > 0;
        const [x, y] = visible ? [10 + i, 20 + number] : [0, 0];
        if (visible) parts.push({ name: part, x: x!, y: y! });
        partLines.push(`${id} ${i + 1} ${x!.toFixed(1)} ${y!.toFixed(1)} ${visible ? 1 : 0}`);
      }
      images.push({
        name: `00${label + 1}.${name}/${name}_${String(number + 1).padStart(4, "0")}_${1000 + id}.jpg`,
        label,
        // The first and the last of each class are for the test.
        training: number > 0 && number < perClass - 1,
        box: { x: 60, y: 27 + number, width: 325, height: 304 },
        parts,
      });
    }
  const lines = (of: (image: MiniatureImage, id: number) => string) =>
    `${images.map((image, i) => `${i + 1} ${of(image, i + 1)}`).join("\n")}\n`;
  const files: Record<string, string> = {
    "classes.txt": `${species.map((name, i) => `${i + 1} 00${i + 1}.${name}`).join("\n")}\n`,
    "images.txt": lines(({ name }) => name),
    "image_class_labels.txt": lines(({ label }) => String(label + 1)),
    "train_test_split.txt": lines(({ training }) => (training ? "1" : "0")),
    "bounding_boxes.txt": lines(({ box }) =>
      [box.x, box.y, box.width, box.height].map((value) => value.toFixed(1)).join(" "),
    ),
    "parts/parts.txt": `${partNames.map((name, i) => `${i + 1} ${name}`).join("\n")}\n`,
    "parts/part_locs.txt": `${partLines.join("\n")}\n`,
  };
  fs.mkdirSync(path.join(folder, "parts"), { recursive: true });
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  for (const [i, { name, label }] of images.entries()) {
    const place = path.join(folder, "images", ...name.split("/"));
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, jpeg(label, i % perClass));
  }
  return { classes: species.map((name) => name.replaceAll("_", " ")), images };
}
