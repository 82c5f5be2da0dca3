/** The remainders of all bytes, for {@link crc32}. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/**
 * The checksum of zip archives: CRC-32 as in ISO 3309, an unsigned whole number of 32 bits.
 * @param before the checksum of what stands before these bytes
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before >>> 0;
  for (let i = 0; i < bytes.length; i++) {
    value = (value >>> 8) ^ (remainders[(value ^ (bytes[i] as number)) & 0xff] as number);
  }
  return ~value >>> 0;
}
