// Display: figures, pictures, tables and progress in the cells of a notebook.

export { type CaseChoice, chooseCases } from "./choose-cases";
export { type CaptionedMap, type CompareMapsOptions, compareMaps } from "./compare-maps";
export { type ContactSheet, type ContactSheetOptions, contactSheet, type ScoredCase } from "./contact-sheet";
export { type ComparedCurve, type DeletionOptions, deletionFigure } from "./deletion-figure";
export { type EpochsOptions, epochsFigure, type WatchedImage } from "./epochs-figure";
export { type ExploredImage, type ExplorerOptions, explorerFigure } from "./explorer-figure";
export type { Figure } from "./figure";
export { palette } from "./house-template";
export type { ImageMap } from "./image-map";
export { type IntervalFigureOptions, intervalFigure } from "./interval-figure";
export { type OverlayOptions, overlayWeights } from "./overlay";
export { notebookProgress } from "./progress";
export { saveImages } from "./save-images";
export { showFigure } from "./show-figure";
export { showImages } from "./show-images";
export { figureToPng, figureToSvg } from "./static-figure";
export { showTable, type TableRow, type TableSource } from "./table";
export { weightScale } from "./weight-scale";
