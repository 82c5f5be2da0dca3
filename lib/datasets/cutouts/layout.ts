/** The columns of `objects.csv`, one row an object. */
export const objectColumns = [
  "file",
  "class",
  "name",
  "group",
  "author",
  "licence",
  "source",
  "changes",
] as const;

/** The columns of `backgrounds.csv`, one row a photograph. */
export const backgroundColumns = [
  "file",
  "name",
  "group",
  "author",
  "licence",
  "origin",
  "source",
  "changes",
] as const;

/**
 * Every stored object's longer side, in pixels. The smallest originals (apples, a tomato) are 49 px long, and all
 * are reduced to the same size so that sharpness says nothing about the class.
 */
export const objectSide = 48;

/**
 * The side, in pixels, of the square on which a scene is composed; it is then enlarged to `sceneSide`, background
 * and object alike, so that an object is no blurrier than what is around it.
 */
export const canvasSide = 112;

/** The side of a finished scene, in pixels: what the backbones take. */
export const sceneSide = 224;

/** The shortest that an object's longer side may become on the canvas, in pixels; the longest is `objectSide`. */
export const shortestObjectSide = 36;
