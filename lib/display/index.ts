/**
 * Figures, pictures, tables and progress, in the cells of a notebook or in files.
 *
 * @module display
 */

export { notebookProgress } from "./cells/progress";
export { showTable, type TableRow, type TableSource } from "./cells/table";
export { type ConfusionFigureOptions, confusionFigure } from "./figures/confusion-figure";
export {
  type ComparedCurve,
  type DeletionOptions,
  deletionFigure,
  type PicturedCurve,
} from "./figures/deletion-figure";
export { type EpochsOptions, epochsFigure } from "./figures/epochs-figure";
export { type ExploredImage, type ExplorerOptions, explorerFigure } from "./figures/explorer-figure";
export type { Figure } from "./figures/figure";
export { palette } from "./figures/house-template";
export { type IntervalFigureOptions, intervalFigure } from "./figures/interval-figure";
export type { IntervalRow } from "./figures/interval-markers";
export { type SeriesStyle, seriesStyle } from "./figures/series-styles";
export { showFigure } from "./figures/show-figure";
export { figureToPng, figureToSvg } from "./figures/static-figure";
export { type SurfaceFigureOptions, surfaceFigure } from "./figures/surface-figure";
export type { SurfacePanel } from "./figures/surface-panel";
export type { WatchedImage } from "./figures/watched-image";
export { besidePhotograph } from "./pictures/beside";
export { type CaseChoice, chooseCases } from "./pictures/choose-cases";
export { type CaptionedMap, type CompareMapsOptions, compareMaps } from "./pictures/compare-maps";
export {
  type ContactSheet,
  type ContactSheetOptions,
  contactSheet,
  type ScoredCase,
} from "./pictures/contact-sheet";
export type { GridCell, GridOptions } from "./pictures/image-grid";
export type { ImageMap } from "./pictures/image-map";
export { withOutline } from "./pictures/outline";
export { type OverlayOptions, overlayWeights } from "./pictures/overlay";
export { type PhotographMap, photographMap } from "./pictures/photograph-map";
export { saveImages } from "./pictures/save-images";
export { showImages } from "./pictures/show-images";
export { weightScale } from "./pictures/weight-scale";
export { writeTransferReport } from "./reports/transfer-report";
