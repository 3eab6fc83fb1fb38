"""Many requests from four threads over plain sockets. Open when the measuring itself is in doubt."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

HOST = "127.0.0.1"
THREADS = 4
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked: `request` makes the bytes of one request from its number; `status` is the answer that counts."""

    port: int
    request: Callable[[int], bytes]
    status: bytes = b"200"


def get(port: int, path: str, cookie: str = "") -> Page:
    line = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
    return Page(port, lambda _: line)


def post(port: int, path: str, body: Callable[[int], str], cookie: str = "") -> Page:
    def request(number: int) -> bytes:
        content = body(number).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    return Page(port, request, b"302")


def fetch(page: Page, number: int = 0) -> bytes:
    with socket.create_connection((HOST, page.port), timeout=TIMEOUT) as connection:
        connection.sendall(page.request(number))
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


_numbers = iter(range(1, 10**9))


def per_second(page: Page, seconds: float) -> float:
    """Answers per second while four threads ask for `seconds`. Raises RuntimeError at the first wrong answer."""
    done = [0] * THREADS
    wrong: list[bytes] = []
    begin = time.perf_counter()
    end = begin + seconds

    def ask(index: int) -> None:
        while time.perf_counter() < end and not wrong:
            try:
                answer = fetch(page, next(_numbers))
            except OSError as error:
                wrong.append(repr(error).encode())
                return
            if answer[9:12] != page.status:
                wrong.append(answer[:2000])
            done[index] += 1

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"wrong answer: {wrong[0].decode(errors='replace')}")
    return sum(done) / (time.perf_counter() - begin)
