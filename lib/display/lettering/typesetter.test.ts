import assert from "node:assert/strict";
import { test } from "node:test";
import { type Typesetter, typesetterFor } from "./typesetter";

/** A word or two in each script, with characters that no other of them has. */
const samples: Record<string, string> = {
  Latin: "Łódź, Ångström, được",
  Greek: "Προσοχή",
  Cyrillic: "Внимание",
  Arabic: "انتباه",
  Hebrew: "תשומת לב",
  Armenian: "ուշադրություն",
  Georgian: "ყურადღება",
  Ethiopic: "ትኩረት",
  Devanagari: "ध्यान",
  Bengali: "মনোযোগ",
  Gurmukhi: "ਧਿਆਨ",
  Gujarati: "ધ્યાન",
  Oriya: "ଧ୍ୟାନ",
  Tamil: "கவனம்",
  Telugu: "శ్రద్ధ",
  Kannada: "ಗಮನ",
  Malayalam: "ശ്രദ്ധ",
  Sinhala: "අවධානය",
  Thai: "ความสนใจ",
  Lao: "ຄວາມສົນໃຈ",
  Khmer: "ការយកចិត្តទុកដាក់",
  Myanmar: "အာရုံစူးစိုက်မှု",
  Chinese: "注意力，說明、龜",
  Japanese: "注意、コアラの木",
  Korean: "주의 메커니즘",
  emoji: "🐨👩‍🔬1️⃣🇩🇪❤️",
  symbols: "☎✓✗★①⌘█",
  mathematics: "∀∈∂∇⊗ℝ⟨⟩⇒↦𝑥𝛼√±×≤≥≈½²³₁",
};

/** The outline of the box that stands for a character without a glyph, at the pen's place. */
async function box(typesetter: Typesetter): Promise<string> {
  return typesetter.outline("\u{10ffff}", 0, 0, { size: 100 });
}

for (const [script, text] of Object.entries(samples)) {
  test(`${script}: every character has a glyph of its own`, async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on("warning", listen);
    const typesetter = await typesetterFor(text);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    assert.deepEqual(warnings.map(String), []);
    const missing = await box(typesetter);
    const letters = [...text].filter((character) =>
      /[^\s\p{M}\p{Default_Ignorable_Code_Point}]/u.test(character),
    );
    for (const letter of letters) {
      const drawn = typesetter.outline(letter, 0, 0, { size: 100 });
      assert.notEqual(drawn, missing, letter);
      assert.ok(drawn.length > 0, letter);
    }
    assert.ok(typesetter.width(text, { size: 20, bold: true }) > 0);
  });
}

test("letters have the widths of Arial, in every cut", async () => {
  const typesetter = await typesetterFor();
  // Advance widths of Arial in units of 1/2048 of the size: A 1366, i 455, 0 1139, space 569; bold A 1479.
  assert.equal(typesetter.width("i0 ", { size: 2048 }), 455 + 1139 + 569);
  assert.equal(typesetter.width("A", { size: 2048, bold: true }), 1479);
  assert.equal(typesetter.width("A", { size: 2048, italic: true }), 1366);
  assert.equal(typesetter.width("", { size: 20 }), 0);
});

test("outlines are valid path data", async () => {
  const typesetter = await typesetterFor();
  const outline = typesetter.outline("0.8", 38.4, 4.55, { size: 13 });
  for (const command of outline.match(/[MLQCZ][^MLQCZ]*/g) ?? []) {
    const count = { M: 2, L: 2, Q: 4, C: 6, Z: 0 }[command[0] as "M"];
    const numbers = command.slice(1).split(" ").filter(Boolean).map(Number);
    assert.equal(numbers.length, count, command);
    assert.ok(numbers.every(Number.isFinite), command);
  }
});

test("Arabic letters are joined, and stand from right to left", async () => {
  const style = { size: 20 };
  const typesetter = await typesetterFor("سلام الف");
  const apart = [..."سلام"].reduce((sum, letter) => sum + typesetter.width(letter, style), 0);
  assert.ok(typesetter.width("سلام", style) < 0.8 * apart);
  // The first word stands at the right: drawn from the width of the rest on, it is the end of the drawing.
  const rest = typesetter.width("الف ", style);
  const whole = typesetter.outline("سلام الف", 0, 0, style);
  assert.ok(whole.startsWith(typesetter.outline("الف", 0, 0, style)));
  assert.ok(whole.endsWith(typesetter.outline("سلام", rest, 0, style)));
});

test("digits and Latin words inside a line of Hebrew keep their own direction", async () => {
  const style = { size: 20 };
  const typesetter = await typesetterFor("א koala ב");
  const [first, word, last] = ["ב ", "koala", "א"].map((part) => typesetter.width(part, style)) as [
    number,
    number,
    number,
  ];
  const whole = typesetter.outline("א koala ב", 0, 0, style);
  assert.ok(whole.includes(typesetter.outline("koala", first, 0, style)));
  const space = typesetter.width(" ", style);
  assert.ok(Math.abs(typesetter.width("א koala ב", style) - (first + word + space + last)) < 1e-9);
});

test("marks are placed on their letters, and a line knows how far it reaches", async () => {
  const style = { size: 100 };
  const typesetter = await typesetterFor("กี่ ก");
  assert.equal(typesetter.width("กี่", style), typesetter.width("ก", style));
  const plain = typesetter.reach("no", style);
  assert.deepEqual(plain, { above: 90.5, below: 21.2 });
  assert.ok(typesetter.reach("กี่", style).above > plain.above);
});

test("Chinese characters take the forms of the language around them", async () => {
  const style = { size: 100 };
  const [chinese, japanese] = await Promise.all([typesetterFor("直"), typesetterFor("直す")]);
  assert.notEqual(chinese.outline("直", 0, 0, style), japanese.outline("直", 0, 0, style));
});

test("a character that no font has is named once, with its code and a remedy", async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on("warning", listen);
  await typesetterFor("x \u{1e900} and \ue000");
  await typesetterFor("again \u{1e900}");
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", listen);
  assert.equal(warnings.length, 1);
  assert.equal(warnings[0]!.name, "MissingCharacterWarning");
  assert.match(warnings[0]!.message, /U\+1E900.*U\+E000.*npm install @fontsource\/noto-sans-adlam\.$/);
});
