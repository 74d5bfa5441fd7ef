#!/usr/bin/env python3
"""Start time and resident memory of a broker.

    benchmarks/start.py [-n RUNS] [-w SECONDS] COMMAND [ARGUMENT...]

Runs COMMAND with '--bind 127.0.0.1 --amqp-port PORT' added, several times, and prints for each of
these the least and the median: milliseconds from exec to the first accepted connection, the CPU
time used up to then, and VmRSS and RssAnon (MiB) some seconds later.
"""
import argparse
import os
import signal
import socket
import statistics
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_ms(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 // os.sysconf("SC_CLK_TCK")


def status_mib(pid, field):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    raise KeyError(field)


def connect(port, process):
    while process.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.001)
    raise SystemExit(f"{process.args[0]} ended with status {process.returncode}")


def run(command, wait):
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        command + ["--bind", "127.0.0.1", "--amqp-port", str(port)],
        stdout=subprocess.DEVNULL)
    try:
        connect(port, process)
        started = (time.monotonic() - began) * 1000
        cpu = cpu_ms(process.pid)
        time.sleep(wait)
        return (started, cpu, status_mib(process.pid, "VmRSS"),
                status_mib(process.pid, "RssAnon"))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("-n", type=int, default=5)
    parser.add_argument("-w", type=float, default=2.0)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    runs = [run(options.command, options.w) for _ in range(options.n)]
    for name, values in zip(("start ms", "cpu ms", "VmRSS MiB", "RssAnon MiB"), zip(*runs)):
        print(f"{name:12} least {min(values):6.1f}  median {statistics.median(values):6.1f}")


if __name__ == "__main__":
    main()
