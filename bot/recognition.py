"""From pixels to a page of lines: RapidOCR's detector and recogniser with the models of its wheel, and QR codes.

Used in worker processes only: loading takes a second and 150 MB, one picture a second or more. Nothing is fetched: the
models are named by path, and a missing one is an error.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr
import zxingcpp
from rapidocr.ch_ppocr_det import TextDetector
from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer
from rapidocr.utils.parse_parameters import ParseParams
from rapidocr.utils.process_img import get_rotate_crop_image

from bot.picture import STRIP
from bot.seals import Pixels, without_seals
from nlp.proofs.page import Page
from nlp.proofs.straighten import straightened

LONGEST = 2000  # pixels of the longest side that is read: more helps no recogniser and costs memory
DETECTED = 960  # pixels of the longest side in detection
PROBES = 5  # lines that are read to see whether the page is upside down
LEAST_SURE = 0.5  # a line below is noise
Box = np.ndarray[tuple[int, int], np.dtype[np.float32]]  # four corners, clockwise from the text's top left


class ModelsMissing(Exception):
    """The recogniser's models are not where its wheel puts them."""


class Recogniser:
    """The loaded models. `threads` bounds the cores one picture takes."""

    def __init__(self, threads: int = 1) -> None:
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        cv2.setNumThreads(threads)
        models = Path(rapidocr.__file__).parent / "models"
        config = ParseParams.load(Path(rapidocr.__file__).parent / "config.yaml")
        for part, model in (("Det", "PP-OCRv6_det_small.onnx"), ("Rec", "PP-OCRv6_rec_small.onnx")):
            path = models / model
            if not path.is_file():
                raise ModelsMissing(model)
            config[part].model_path = str(path)
            config[part].engine_cfg = config.EngineConfig.onnxruntime
            config[part].engine_cfg.intra_op_num_threads = threads
            config[part].engine_cfg.inter_op_num_threads = 1
        config.Det.limit_type = "max"
        config.Det.limit_side_len = DETECTED
        config.Det.box_thresh = 0.35  # a single figure in a cell scores low
        config.Rec.font_path = None
        config.Rec.rec_batch_num = 1  # lines of one batch are padded to the longest: one by one is a quarter faster
        self._detector = TextDetector(config.Det)
        self._recogniser = TextRecognizer(config.Rec)

    def page(self, image: Pixels) -> Page:
        """All lines of the picture, the page turned upright and straightened, and its QR codes."""
        codes = qr_texts(image)
        bgr = np.ascontiguousarray(without_seals(image)[:, :, ::-1])
        boxes = self._detect(bgr)
        if not boxes:
            return Page((), codes)
        bgr, boxes, read = self._upright(bgr, boxes)
        rest = [index for index in range(len(boxes)) if index not in read]
        read |= dict(zip(rest, self._read(bgr, [boxes[index] for index in rest]), strict=True))
        found = [
            (text, _corners(boxes[index]), sure)
            for index, (text, sure) in sorted(read.items())
            if text.strip() and sure >= LEAST_SURE
        ]
        return Page(straightened(found), codes)

    def _detect(self, bgr: Any) -> list[Box]:
        boxes: list[Box] = []
        for top, bottom, left, right in tiles(bgr.shape[0], bgr.shape[1]):
            found = self._detector(bgr[top:bottom, left:right]).boxes
            if found is None:
                continue
            shifted = [np.asarray(box, np.float32) + np.array([left, top], np.float32) for box in found]
            boxes += [box for box in shifted if _whole(box, bgr.shape, (top, bottom, left, right))]
        return _without_doubles(boxes)

    def _upright(self, bgr: Any, boxes: list[Box]) -> tuple[Any, list[Box], dict[int, tuple[str, float]]]:
        """The picture and its boxes turned so that text runs left to right and is not upside down.

        The longest lines are read for it; what they say comes along, by their index.
        """
        across = sum(_length(box) for box in boxes if not _is_tall(box))
        along = sum(_length(box) for box in boxes if _is_tall(box))
        bgr, boxes = _turn(bgr, boxes) if along > across else (bgr, [_in_order(box) for box in boxes])
        longest = sorted(range(len(boxes)), key=lambda index: -_length(boxes[index]))[:PROBES]
        read = self._read(bgr, [boxes[index] for index in longest])
        if _legibility(read) < 0.9:
            upside, turned = _turn(*_turn(bgr, boxes))
            read_turned = self._read(upside, [turned[index] for index in longest])
            if _legibility(read_turned) > _legibility(read):
                bgr, boxes, read = upside, turned, read_turned
        return bgr, boxes, dict(zip(longest, read, strict=True))

    def _read(self, bgr: Any, boxes: list[Box]) -> Sequence[tuple[str, float]]:
        if not boxes:
            return []
        crops = [get_rotate_crop_image(bgr, box) for box in boxes]
        result = self._recogniser(TextRecInput(img=crops, return_word_box=False))
        return [(text, float(sure)) for text, sure in zip(result.txts or (), result.scores or (), strict=True)]


def _legibility(read: Sequence[tuple[str, float]]) -> float:
    """How sure the recogniser was, letter by letter."""
    letters = sum(len(text) for text, _ in read)
    return sum(sure * len(text) for text, sure in read) / letters if letters else 0.0


def qr_texts(image: Pixels) -> tuple[str, ...]:
    """What the QR codes of the picture say, each once."""
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.barcode_formats_from_str("QRCode"))
    return tuple(dict.fromkeys(code.text for code in found if code.text))


def tiles(height: int, width: int) -> list[tuple[int, int, int, int]]:
    """A strip cut into overlapping tiles (top, bottom, left, right); any other picture whole."""
    long, short = max(height, width), min(height, width)
    if long <= STRIP * short:
        return [(0, height, 0, width)]
    step, size = round(short * 1.6), round(short * 1.9)
    starts = range(0, max(1, long - (size - step)), step)
    cuts = [(start, min(long, start + size)) for start in starts]
    return [(low, high, 0, width) if height == long else (0, height, low, high) for low, high in cuts]


def _whole(box: Box, shape: tuple[int, ...], tile: tuple[int, int, int, int]) -> bool:
    """Not cut by the edge of a tile that lies inside the picture: the neighbour has it whole."""
    top, bottom, left, right = tile
    (x_low, y_low), (x_high, y_high) = box.min(axis=0), box.max(axis=0)
    cut = (
        (top > 0 and y_low <= top + 3)
        or (bottom < shape[0] and y_high >= bottom - 3)
        or (left > 0 and x_low <= left + 3)
        or (right < shape[1] and x_high >= right - 3)
    )
    return not cut


def _without_doubles(boxes: list[Box]) -> list[Box]:
    """Each line once, where tiles overlap: of two boxes around one middle the longer one."""
    kept: list[Box] = []
    for box in sorted(boxes, key=_length, reverse=True):
        x, y = (float(value) for value in box.mean(axis=0))
        if not any(cv2.pointPolygonTest(other, (x, y), False) > 0 for other in kept):
            kept.append(box)
    return kept


def _sides(box: Box) -> tuple[float, float]:
    return float(np.linalg.norm(box[0] - box[1])), float(np.linalg.norm(box[0] - box[3]))


def _length(box: Box) -> float:
    return max(_sides(box))


def _is_tall(box: Box) -> bool:
    """Whether the long side runs down the page rather than across."""
    first, second = box[1] - box[0], box[3] - box[0]
    long = first if np.linalg.norm(first) > np.linalg.norm(second) else second
    return bool(abs(long[1]) > abs(long[0]))


def _turn(bgr: Any, boxes: list[Any]) -> tuple[Any, list[Any]]:
    """A quarter clockwise."""
    height = bgr.shape[0]
    turned = [_in_order(np.array([(height - 1 - y, x) for x, y in box], np.float32)) for box in boxes]
    return np.ascontiguousarray(np.rot90(bgr, -1)), turned


def _in_order(box: Any) -> Any:
    """The corners clockwise from the text's top left: the long side runs to the right.

    The detector names them by their place on the page, which mistakes a long line that leans for a wide one.
    """
    middle = box.mean(axis=0)
    ring = box[np.argsort(np.arctan2(box[:, 1] - middle[1], box[:, 0] - middle[0]))]
    edges = np.roll(ring, -1, axis=0) - ring
    lengths = np.linalg.norm(edges, axis=1) + 1e-6
    flat = edges[:, 0] / lengths  # 1 when the side runs to the right, -1 to the left
    between = (lengths.max() + lengths.min()) / 2
    long = lengths >= between if lengths.max() > 1.5 * lengths.min() else np.ones(4, bool)
    return np.roll(ring, -int(np.argmax(np.where(long, flat, -2))), axis=0)


def _corners(box: Box) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in box)
