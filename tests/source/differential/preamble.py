"""What every random program begins with."""

# ruff: noqa: B006, F401, PLW0603

import contextlib
import copy
import functools
import json
import os
import random
from dataclasses import dataclass
from enum import Enum

import requests
from elsewhere import Foreign, Quiet, call_back, foreign, risky, unseen

URL = "https://api.vipps.no/ecomm/v2/payments"
SHARED = 1
TABLE = {"a": 1}


def post(number, body):
    return requests.post(f"{URL}/{number}/capture", json=body)


def send_a(body):
    return requests.post(f"{URL}/901/capture", json=body)


def send_b(body):
    return requests.post(f"{URL}/902/capture", json=body)


def fill(body, value):
    body["a"] = value
    body["f"] = 1


def drop(body, value):
    body.pop("a", None)
    body["g"] = value


def fill_maybe(body, flag):
    if flag:
        return
    body["a"] = 7


def pick(a=3, **rest):
    return a


def first(x=None, *rest):
    return x


def defaulted(x=5):
    return x


def gather(x, into=[]):
    into.append(x)
    return into


def early(flag):
    if flag:
        return 1
    return 2


def strict(flag):
    if flag:
        raise ValueError
    return 3


def same(x):
    return x


def second(x, y):
    return y


def run(f):
    f()


@foreign
def doubled(x):
    return x


def shout(f):
    def wrapped():
        return f() + "!"

    return wrapped


@shout
def shouted():
    return "x"


def set_shared(x):
    global SHARED
    SHARED = x


def set_entry(x):
    TABLE["a"] = x


def numbers():
    yield 1
    yield 2


def lists():
    yield [1, 2]


def filling(body):
    body["a"] = "generated"
    yield


class Box:
    y = 4
    count = 0

    def __init__(self, x):
        self.x = x
        self._p = 0

    def fill(self, value):
        self.x = value

    def bump(self):
        Box.y = 9

    @property
    def double(self):
        return [self.x]

    @property
    def p(self):
        return self._p

    @p.setter
    def p(self, value):
        self._p = str(value) + "!"


class Lid(Box):
    y = 6

    def fill(self, value):
        super().fill(value)
        self.y = value


class Odd(Foreign):
    x = 1


@dataclass
class Order:
    x: int = 0


class Color(Enum):
    RED = 1
