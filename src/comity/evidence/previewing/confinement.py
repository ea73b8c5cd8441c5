# SPDX-License-Identifier: Apache-2.0
"""How a process gives up everything but its pipes, for good, before it reads what is hostile.

Five layers, each of which the kernel may refuse us; `confine` says which hold, and the node gives
nothing to a child that lacks the two that matter: limits, and the list of calls that the kernel
still answers. Through `ctypes`, since Python 3.11 has no such calls of its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct

from comity.evidence.previewing.frames import Layer

NOBODY = 65534
LONGEST_PAUSES = 20
"""How much longer than its time of work a child may live: pages are taken when they are wanted."""
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 4, 22, 38
SECCOMP_MODE_FILTER = 2
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000
"""What a filter answers: go on, EPERM, or the end of the process with SIGSYS."""

CALLS: dict[str, dict[str, int]] = {
    "x86_64": {
        "read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "mmap": 9, "mprotect": 10,
        "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
        "readv": 19, "writev": 20, "sched_yield": 24, "mremap": 25, "madvise": 28, "getpid": 39,
        "exit": 60, "gettimeofday": 96, "sigaltstack": 131, "gettid": 186, "time": 201,
        "futex": 202, "restart_syscall": 219, "clock_gettime": 228, "exit_group": 231,
        "tgkill": 234, "getrandom": 318, "rseq": 334,
    },
    "aarch64": {
        "read": 63, "write": 64, "close": 57, "fstat": 80, "lseek": 62, "mmap": 222,
        "mprotect": 226, "munmap": 215, "brk": 214, "rt_sigaction": 134, "rt_sigprocmask": 135,
        "rt_sigreturn": 139, "readv": 65, "writev": 66, "sched_yield": 124, "mremap": 216,
        "madvise": 233, "getpid": 172, "exit": 93, "gettimeofday": 169, "sigaltstack": 132,
        "gettid": 178, "futex": 98, "restart_syscall": 128, "clock_gettime": 113,
        "exit_group": 94, "tgkill": 131, "getrandom": 278, "rseq": 293,
    },
}  # fmt: skip
"""The calls that drawing needs, by machine. None of them opens, connects, starts or traces."""
REACHING: dict[str, tuple[int, ...]] = {
    "x86_64": (41, 42, 49, 53, 56, 57, 58, 59, 62, 101, 155, 161, 165, 272, 308, 321, 322, 435),
    "aarch64": (198, 199, 200, 203, 220, 221, 129, 117, 41, 51, 40, 97, 268, 280, 281, 435),
}
"""Calls that end the process: sockets, other programs, tracing, mounts, namespaces."""
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def confine(*, most_memory: int, most_seconds: int) -> Layer:
    """Give up everything; which layers hold. `most_memory` is in MiB."""
    layers = Layer(0)
    libc = ctypes.CDLL(None, use_errno=True)
    layers |= _leave_the_network(libc)
    layers |= _leave_the_folders()
    layers |= _become_nobody()
    layers |= _limit(most_memory, most_seconds)
    return layers | _answer_few_calls(libc)


def _leave_the_network(libc: ctypes.CDLL) -> Layer:
    """A namespace of its own, as root or, where the machine allows it, as an ordinary user."""
    own = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS
    ways = (own,) if os.geteuid() == 0 else (own | CLONE_NEWUSER,)
    return Layer.NETWORK if any(libc.unshare(way) == 0 for way in ways) else Layer(0)


def _leave_the_folders() -> Layer:
    """Chromium's way: a folder of the process itself, which is empty once it is gone from it."""
    try:
        os.chroot("/proc/self/fdinfo")
        os.chdir("/")
    except OSError:
        return Layer(0)
    return Layer.FOLDER


def _become_nobody() -> Layer:
    if os.getuid() != 0:
        return Layer(0)
    with contextlib.suppress(OSError):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        return Layer.USER
    return Layer(0)


def _limit(most_memory: int, most_seconds: int) -> Layer:
    memory = most_memory << 20
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: most_seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    signal.alarm(most_seconds * LONGEST_PAUSES)  # should the node be gone, and the child wait
    return Layer.LIMITS


def _answer_few_calls(libc: ctypes.CDLL) -> Layer:
    machine = platform.machine()
    if machine not in CALLS:
        return Layer(0)
    program = call_filter(machine)
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return Layer(0)
    filtered = libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(head), 0, 0) == 0
    return Layer.CALLS if filtered else Layer(0)


def call_filter(machine: str) -> bytes:
    """The filter as the kernel runs it at each call: instructions of eight bytes."""
    load, equal, answer = 0x20, 0x15, 0x06
    ends = [(number, KILL) for number in REACHING[machine]]
    goes_on = [(number, ALLOW) for number in CALLS[machine].values()]
    steps = [
        (load, 0, 0, 4),
        (equal, 1, 0, ARCHITECTURES[machine]),
        (answer, 0, 0, KILL),
        (load, 0, 0, 0),
    ]
    for number, verdict in [*goes_on, *ends]:
        steps += [(equal, 0, 1, number), (answer, 0, 0, verdict)]
    steps.append((answer, 0, 0, REFUSE))
    return b"".join(struct.pack("HBBI", *step) for step in steps)
