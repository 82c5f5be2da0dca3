import { sceneSide } from "../cutouts/layout";

/** The side of the canvas and of the finished scene, in pixels: what the backbones take. */
export const canvasSide = sceneSide;

/**
 * The sizes of targets and distractors: the longer side, in pixels. Originals are stored at the longest, so that none is
 * ever enlarged and the sharpness of a thing says nothing about its class.
 */
export const shortestSize = 32;
export const longestSize = 96;

/** The most distractors that a scene holds. */
export const mostDistractors = 6;

/** The boxes of two things are at least so many pixels apart. */
export const leastGap = 4;

/** The range from which the quality of a scene's JPEG is drawn. */
export const lowestQuality = 70;
export const highestQuality = 95;

/** Into how many groups a repeat deals things and backgrounds. */
export const groupCount = 5;
