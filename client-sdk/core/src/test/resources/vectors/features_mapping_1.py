#!/usr/bin/env python3
"""What events become under mapping 1 of features, computed without the product's code.

Writes features-mapping-1.json beside itself: run `python3 features_mapping_1.py`. Arithmetic is in
double and rounded to float once at the end, as docs/guides/features.md describes. Never change what
is here for a mapping that was released: a new mapping gets files of its own.
"""

import hashlib
import json
import math
import os
import struct

FNV_OFFSET = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3
MASK = (1 << 64) - 1
FLOAT_MAX = struct.unpack(">f", bytes.fromhex("7f7fffff"))[0]


def as_float(x):
    return struct.unpack(">f", struct.pack(">f", x))[0]


def bucket(text, buckets):
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:4], "big") % buckets


def one_hot(feature, text):
    values, buckets = feature.get("values", []), feature["unknownBuckets"]
    numbers = [0.0] * (len(values) + buckets)
    if text in values:
        numbers[values.index(text)] = 1.0
    elif buckets:
        numbers[len(values) + bucket(text, buckets)] = 1.0
    return numbers


def hashed_text(feature, text):
    points = [ord(c) for c in text]
    numbers = [0.0] * feature["buckets"]
    size = min(feature["ngramLength"], len(points))
    if not points:
        return numbers
    for start in range(len(points) - size + 1):
        h = FNV_OFFSET
        for point in points[start : start + size]:
            h = ((h ^ point) * FNV_PRIME) & MASK
        numbers[(h ^ h >> 32) % feature["buckets"]] += 1
    norm = math.sqrt(sum(n * n for n in numbers))
    return [as_float(n / norm) for n in numbers]


def dense_vector(feature, vector):
    elements = [as_float(x) for x in vector]
    total = 0.0
    for x in elements:
        total += x * x
    norm = math.sqrt(total) if feature["normalised"] else 1.0
    return [as_float(x / norm) if norm > 0 else 0.0 for x in elements]


class Private:
    def __init__(self, feature):
        self.count = feature["priorCount"]
        self.mean = feature["priorMean"]
        self.squares = self.count * feature["priorStandardDeviation"] * feature["priorStandardDeviation"]
        self.bound = feature["bound"]

    def deviation(self):
        return math.sqrt(self.squares / self.count)

    def encode(self, x):
        return [as_float(max(-self.bound, min(self.bound, (x - self.mean) / self.deviation())))]

    def learn(self, x):
        reach = self.bound * self.deviation()
        x = max(self.mean - reach, min(self.mean + reach, max(-FLOAT_MAX, min(FLOAT_MAX, x))))
        self.count += 1
        before = x - self.mean
        self.mean += before / self.count
        self.squares += before * (x - self.mean)


def value(feature, event):
    return event.get("item") if feature["kind"] == "itemId" else event.get("attributes", {}).get(feature["name"])


def own_numbers(feature, event):
    """The numbers of a feature without memory; None if the event does not carry it."""
    v = value(feature, event)
    if v is None:
        return None
    kind = feature["kind"]
    if kind == "numeric":
        return [as_float((v - feature["mean"]) / feature["standardDeviation"])]
    if kind in ("categorical", "itemId"):
        return one_hot(feature, v)
    if kind == "hashedText":
        return hashed_text(feature, v)
    return dense_vector(feature, v)


def width(feature, features):
    kind = feature["kind"]
    if kind in ("numeric", "privateNumeric"):
        return 1
    if kind in ("categorical", "itemId"):
        return len(feature.get("values", [])) + feature["unknownBuckets"]
    if kind == "hashedText":
        return feature["buckets"]
    if kind == "denseVector":
        return feature["dimension"]
    return width(features[feature["of"]], features)


def pooled(feature, features, earlier):
    source = features[feature["of"]]
    total, weights, weight = [0.0] * width(source, features), 0.0, 1.0
    decay = 0.5 ** (1 / feature["halfLife"]) if feature["halfLife"] else 1.0
    seen = 0
    for event in reversed(earlier):
        if feature["events"] and event["kind"] not in feature["events"]:
            continue
        numbers = own_numbers(source, event)
        if numbers is None:
            continue
        total = [t + weight * n for t, n in zip(total, numbers)]
        weights += weight
        weight *= decay
        seen += 1
        if seen == feature["last"]:
            break
    return [as_float(t / weights) if weights else 0.0 for t in total]


def rows(case):
    features = {f["name"]: f for f in case["features"]}
    private = {n: Private(f) for n, f in features.items() if f["kind"] == "privateNumeric"}
    result = []
    for i, event in enumerate(case["events"]):
        row = []
        for name, feature in features.items():
            if feature["kind"] == "pooled":
                row += pooled(feature, features, case["events"][:i])
            elif name in private:
                v = value(feature, event)
                row += [0.0] if v is None else private[name].encode(v)
            else:
                row += own_numbers(feature, event) or [0.0] * width(feature, features)
        for name, statistics in private.items():
            v = value(features[name], event)
            if v is not None:
                statistics.learn(v)
        result.append(row)
    return result


def event(kind="view", item=None, **attributes):
    e = {"kind": kind}
    if item is not None:
        e["item"] = item
    if attributes:
        e["attributes"] = attributes
    return e


COLOUR = {"kind": "categorical", "name": "colour", "values": ["red", "blue"], "unknownBuckets": 3}
QUERY = {"kind": "hashedText", "name": "query", "buckets": 7, "ngramLength": 3}
IMAGE = {"kind": "denseVector", "name": "image", "dimension": 3, "normalised": True}
ITEM = {"kind": "itemId", "name": "item", "values": ["shoe-1"], "unknownBuckets": 4}

CASES = [
    {
        "name": "numeric",
        "features": [{"kind": "numeric", "name": "age", "mean": 40, "standardDeviation": 12}],
        "events": [event(age=40), event(age=31.5), event(), event(age=-1e6)],
    },
    {
        "name": "private numeric",
        "features": [
            {
                "kind": "privateNumeric",
                "name": "price",
                "priorMean": 20,
                "priorStandardDeviation": 5,
                "priorCount": 4,
                "bound": 3,
            }
        ],
        "events": [event(price=p) for p in (20, 25, 30, 31.25, 1e300, -1e300, 29, 30)]
        + [event()]
        + [event(price=1000)] * 12,
    },
    {
        "name": "categorical",
        "features": [COLOUR],
        "events": [event(colour=c) for c in ("red", "blue", "green", "gr\u00fcn", "", "\U0001f7e2")] + [event()],
    },
    {
        "name": "categorical without buckets",
        "features": [{"kind": "categorical", "name": "colour", "values": ["red"], "unknownBuckets": 0}],
        "events": [event(colour="red"), event(colour="green")],
    },
    {
        "name": "item id",
        "features": [ITEM],
        "events": [event(item="shoe-1"), event(item="shoe-2"), event(item="h\u00fct"), event()],
    },
    {
        "name": "hashed text",
        "features": [QUERY],
        "events": [event(query=q) for q in ("shoes", "ab", "", "a\U0001f45f\u00e9b", "aaaaaaaa", "red boots")],
    },
    {
        "name": "dense vector",
        "features": [IMAGE],
        "events": [
            event(image=v)
            for v in ([3, 0, 4], [0, 0, 0], [0.1, -0.2, 0.3], [1e-30, 0, 1e-30], [3e38, 3e38, -3e38])
        ],
    },
    {
        "name": "dense vector as it is",
        "features": [{"kind": "denseVector", "name": "image", "dimension": 2, "normalised": False}],
        "events": [event(image=[0.1, -7.25])],
    },
    {
        "name": "pooled categorical",
        "features": [
            COLOUR,
            {"kind": "pooled", "name": "colours", "of": "colour", "last": 3, "halfLife": 0, "events": []},
        ],
        "events": [event(colour=c) for c in ("red", "blue", "red")]
        + [event()]
        + [event(colour=c) for c in ("green", "red", "red")],
    },
    {
        "name": "pooled with half-life and kinds of events",
        "features": [
            IMAGE,
            {"kind": "pooled", "name": "liked", "of": "image", "last": 4, "halfLife": 2, "events": ["like", "buy"]},
        ],
        "events": [
            event("view", image=[1, 0, 0]),
            event("like", image=[0, 2, 0]),
            event("buy", image=[1, 1, 0]),
            event("like", image=[0, 0, 5]),
            event("like"),
            event("like", image=[1, 2, 3]),
            event("buy", image=[-1, 0, 0]),
            event("view", image=[0, 1, 0]),
        ],
    },
    {
        "name": "everything together",
        "features": [
            {"kind": "numeric", "name": "age", "mean": 40, "standardDeviation": 12},
            {
                "kind": "privateNumeric",
                "name": "price",
                "priorMean": 0,
                "priorStandardDeviation": 1,
                "priorCount": 1,
                "bound": 5,
            },
            ITEM,
            QUERY,
            {"kind": "pooled", "name": "items", "of": "item", "last": 2, "halfLife": 0.5, "events": []},
            {"kind": "pooled", "name": "queries", "of": "query", "last": 200, "halfLife": 0, "events": ["view"]},
            {"kind": "pooled", "name": "ages", "of": "age", "last": 2, "halfLife": 3, "events": []},
        ],
        "events": [
            event(item="shoe-1", age=30, price=1, query="red shoes"),
            event("click", item="shoe-9", age=31, price=2, query="hat"),
            event(item="hat-3", price=3, query="shoe"),
            event(query="boots"),
            event(age=50, price=-4),
        ],
    },
]

if __name__ == "__main__":
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "features-mapping-1.json")
    document = {
        "source": "features_mapping_1.py, an independent implementation",
        "mappingVersion": 1,
        "cases": [dict(case, rows=rows(case)) for case in CASES],
    }
    with open(path, "w", encoding="ascii") as out:
        json.dump(document, out, indent=1)
        out.write("\n")
