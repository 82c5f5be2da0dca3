"""Writes scores.json: what SciPy and scikit-image say of the scores of explanations, on random maps.

Run it with NumPy 2.4, SciPy 1.17 and scikit-image 0.26: python lib/explain/goldens/write_scores.py
Each reference takes the plain way: one threshold after the other, components labelled anew each time, so that
it shares no idea with the library's single passes.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
import skimage
from scipy import ndimage, spatial, stats
from skimage.metrics import structural_similarity
from skimage.transform import resize

HEIGHT, WIDTH = 48, 60
LEVELS = 1000
IOUS = [0.3, 0.5, 0.7]


def short(grid):
    """Float32 numbers with the nine digits that tell each from all others."""
    return [float(f"{number:.9g}") for number in grid.ravel().tolist()]


def enlarge(grid, height=HEIGHT, width=WIDTH):
    return resize(grid, (height, width), order=1, mode="edge", anti_aliasing=False, preserve_range=True)


def ellipse(generator):
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    centre = generator.uniform(0.3, 0.7, 2) * (HEIGHT, WIDTH)
    radii = generator.uniform(0.12, 0.28, 2) * (HEIGHT, WIDTH)
    return ((y - centre[0]) / radii[0]) ** 2 + ((x - centre[1]) / radii[1]) ** 2 <= 1


def relevance(generator, mask, rows, columns):
    """A map that knows a little of the object, in float32, as the library keeps maps."""
    coverage = mask.reshape(rows, HEIGHT // rows, columns, WIDTH // columns).mean((1, 3))
    return (coverage + generator.exponential(0.4, (rows, columns))).astype(np.float32).astype(np.float64)


def best_iou(large, mask):
    ious = [((large >= t) & mask).sum() / ((large >= t) | mask).sum() for t in np.unique(large)]
    return float(max(ious))


def largest_box(level_map, threshold):
    labels, count = ndimage.label(level_map >= threshold, structure=np.ones((3, 3)))
    if count == 0:
        return None
    sizes = np.bincount(labels.ravel())[1:]
    rows, columns = ndimage.find_objects(labels)[int(sizes.argmax())]
    return (columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)


def box_iou(a, b):
    first, second = np.zeros((HEIGHT, WIDTH), bool), np.zeros((HEIGHT, WIDTH), bool)
    for canvas, (left, top, width, height) in ((first, a), (second, b)):
        canvas[top : top + height, left : left + width] = True
    return (first & second).sum() / (first | second).sum()


def levels_of(large):
    low, high = large.min(), large.max()
    return np.floor(LEVELS * (large - low) / (high - low)).astype(int)


def localisation(generator):
    images = []
    overlaps = []
    for rows, columns in [(6, 6), (12, 12), (6, 10), (48, 60), (12, 15), (8, 6)]:
        mask = ellipse(generator)
        grid = relevance(generator, mask, rows, columns)
        large = enlarge(grid)
        coverage = mask.reshape(rows, HEIGHT // rows, columns, WIDTH // columns).mean((1, 3))
        box = largest_box(mask, 1)
        points = np.stack([generator.uniform(0, WIDTH, 5), generator.uniform(0, HEIGHT, 5)], 1).round(2)
        # Beyond the outermost centres the map is flat, which the last digits of float64 don't know.
        flat = large.round(6)
        under = [flat[int(y), int(x)] for x, y in points]
        # The area under the ROC curve is Mann and Whitney's U over the number of pairs.
        auc = stats.mannwhitneyu(under, flat.ravel()).statistic / (len(under) * large.size)
        distance = ndimage.distance_transform_edt(~mask)
        row, column = np.unravel_index(grid.argmax(), grid.shape)
        point = (int((row + 0.5) * HEIGHT / rows), int((column + 0.5) * WIDTH / columns))
        levels = levels_of(large)
        boxes = [largest_box(levels, threshold) for threshold in range(LEVELS + 1)]
        overlaps.append([box_iou(estimate, box) for estimate in boxes])
        images.append(
            {
                "rows": rows,
                "columns": columns,
                "map": short(grid),
                "mask": "".join(str(int(inside)) for inside in mask.ravel()),
                "box": box,
                "massInside": float((grid * coverage).sum() / grid.sum()),
                "distance": float(distance[point]),
                "bestIou": best_iou(large, mask),
                "points": points.tolist(),
                "partPoints": float(auc),
                "boxes": boxes[::50],
            }
        )
    accuracies = [float((np.array(overlaps) >= iou).mean(0).max()) for iou in IOUS]
    return {"height": HEIGHT, "width": WIDTH, "images": images, "ious": IOUS, "accuracies": accuracies}


def numbers(generator):
    cases = []
    for count, ties in [(7, False), (49, False), (49, True), (196, True)]:
        first = generator.normal(size=count)
        second = first + generator.normal(size=count)
        if ties:
            first, second = first.round(), (2 * second).round() / 2
        cases.append(
            {
                "first": first.tolist(),
                "second": second.tolist(),
                "pearson": float(stats.pearsonr(first, second).statistic),
                "spearman": float(stats.spearmanr(first, second).statistic),
            }
        )
    return cases


def distributions(generator):
    cases = []
    for count in (2, 8, 196):
        first, second = generator.dirichlet(np.ones(count), 2)
        if count == 8:
            first = np.where(np.arange(8) < 3, 0, first)
            first /= first.sum()
        cases.append(
            {
                "first": first.tolist(),
                "second": second.tolist(),
                "jensenShannon": float(spatial.distance.jensenshannon(first, second) ** 2),
                "totalVariation": float(spatial.distance.cityblock(first, second) / 2),
                "entropy": float(stats.entropy(first)),
            }
        )
    return cases


def similarities(generator):
    cases = []
    for rows, columns, window in [(7, 7, 7), (14, 14, 7), (7, 9, 5), (6, 5, 5)]:
        first = generator.exponential(size=(rows, columns)).astype(np.float32).astype(np.float64)
        second = (first + generator.exponential(size=(rows, columns))).astype(np.float32).astype(np.float64)
        scaled = [grid / grid.max() for grid in (first, second)]
        cases.append(
            {
                "rows": rows,
                "columns": columns,
                "window": window,
                "first": short(first),
                "second": short(second),
                "ssim": float(structural_similarity(*scaled, win_size=window, data_range=1)),
            }
        )
    return cases


def main():
    warnings.simplefilter("error")
    generator = np.random.default_rng(2020)
    parts = {
        "localisation": localisation(generator),
        "correlations": numbers(generator),
        "distributions": distributions(generator),
        "similarities": similarities(generator),
    }
    versions = {"scipy": scipy.__version__, "scikitImage": skimage.__version__}
    lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(part, separators=(',', ':'))}" for name, part in parts.items())
    text = f'{{"versions":{json.dumps(versions)},\n{lines}}}\n'
    pathlib.Path(__file__).with_name("scores.json").write_text(text)


main()
