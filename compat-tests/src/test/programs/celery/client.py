"""What an application does with a Celery worker: client.py steps|priorities|restart"""
import sys
import threading
import time
from datetime import datetime, timedelta, timezone

from celery import chain, chord, group, uuid
from celery.exceptions import TaskRevokedError

import tasks
from tasks import add, app

LIMIT = 40


def say(*words):
    print(*words, flush=True)


def result_of(sent):
    return sent.get(timeout=LIMIT)


def ask(question):
    """Asks the worker until it says something that is not empty."""
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        answers = getattr(app.control.inspect(limit=1, timeout=5), question)()
        for answer in (answers or {}).values():
            if answer:
                return answer
    raise SystemExit(f"no answer to {question}")


def watch_events(task, events, ready):
    """Collects the types of the task's events until it has succeeded, and says when it listens."""

    def collect(event):
        if event.get("uuid") == task:
            events.append(event["type"])

    with app.connection() as connection:
        receiver = app.events.Receiver(connection, handlers={"*": collect})
        receiver.on_consume_ready = lambda *_, **__: ready.set()
        for _ in receiver.itercapture(timeout=LIMIT, wakeup=False):
            if "task-succeeded" in events:
                break


def scheduled(sent):
    """Waits until the worker holds the task for later."""
    while not sent.ready():
        answers = app.control.inspect(limit=1, timeout=5).scheduled() or {}
        if any(entry["request"]["id"] == sent.id for entries in answers.values() for entry in entries):
            return


def revoke_scheduled():
    eta = datetime.now(timezone.utc) + timedelta(seconds=4)
    sent = add.apply_async((1, 1), eta=eta)
    scheduled(sent)
    sent.revoke()
    try:
        say("revoked", result_of(sent))
    except TaskRevokedError:
        say("revoked")


def events_of_a_task():
    task = uuid()
    events = []
    ready = threading.Event()
    watcher = threading.Thread(target=watch_events, args=(task, events, ready), daemon=True)
    watcher.start()
    ready.wait(LIMIT)
    result_of(add.apply_async((1, 1), task_id=task))
    watcher.join(LIMIT)
    say("events", *sorted(events))


def remove(*queues):
    with app.connection() as connection:
        channel = connection.channel()
        for queue in queues:
            channel.queue_delete(queue)
        for exchange in "", "-events", "-control", "-control.pidbox", "-control.reply.pidbox":
            channel.exchange_delete(tasks.NAME + exchange)
            channel.exchange_delete("reply." + tasks.NAME + exchange)


def steps():
    say("ping", ask("ping"))
    say("registered", *ask("registered"))
    say("queue", *(queue["name"] == tasks.NAME for queue in ask("active_queues")))
    say("sum", result_of(add.delay(2, 3)))
    say("group", result_of(group(add.s(i, i) for i in range(5))()))
    say("chain", result_of(chain(add.s(1, 2), add.s(3), add.s(4))()))
    say("retries", result_of(tasks.succeed_at_third_try.delay()))
    say("rejected", result_of(tasks.requeue_once.delay()))
    try:
        result_of(tasks.fail.delay())
    except ValueError as error:
        say("failed", error)
    began = time.monotonic()
    result_of(add.apply_async((1, 1), countdown=1))
    say("countdown", time.monotonic() - began >= 1)
    revoke_scheduled()
    events_of_a_task()
    app.control.shutdown()
    remove(tasks.NAME)


def priorities():
    """Sends before there is a worker, so that the order is the queue's."""
    sent = {priority: tasks.order.apply_async(priority=priority) for priority in (1, 9, 5)}
    say("sent")
    say("order", *(f"{priority}:{result_of(result)}" for priority, result in sent.items()))
    app.control.shutdown()
    remove(tasks.NAME)


def restart():
    say("chord", result_of(chord([add.s(i, i) for i in range(3)], tasks.total.s())()))
    waiting = add.apply_async((4, 5), countdown=5)
    scheduled(waiting)
    say("scheduled")
    sys.stdin.readline()
    say("after", result_of(add.delay(1, 2)))
    say("waited", result_of(waiting))
    app.control.shutdown()


globals()[sys.argv[1]]()
