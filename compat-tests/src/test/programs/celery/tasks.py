"""A Celery application; what it talks to and its names come from the environment."""
import os

from celery import Celery
from celery.exceptions import Reject
from kombu import Exchange, Queue

NAME = os.environ["CELERY_NAME"]
PRIORITIES = {"x-max-priority": 10} if os.environ.get("CELERY_PRIORITIES") else None

app = Celery("tasks", broker=os.environ["CELERY_URI"] + "//", backend=os.environ["CELERY_RESULTS"])
app.conf.update(
    task_queues=[Queue(NAME, Exchange(NAME), routing_key=NAME, queue_arguments=PRIORITIES)],
    task_default_queue=NAME,
    task_default_exchange=NAME,
    task_default_routing_key=NAME,
    control_exchange=NAME + "-control",
    event_exchange=NAME + "-events",
    event_queue_prefix=NAME + "-events",
    broker_transport_options={"confirm_publish": True},
    worker_prefetch_multiplier=1,
    task_acks_late=True,
    task_send_sent_event=True,
    task_track_started=True,
)
calls = []


@app.task
def add(first, second):
    return first + second


@app.task
def total(numbers):
    return sum(numbers)


@app.task
def fail():
    raise ValueError("no")


@app.task(bind=True)
def succeed_at_third_try(self):
    if self.request.retries < 2:
        raise self.retry(countdown=0.1)
    return self.request.retries


@app.task(bind=True)
def requeue_once(self):
    if not self.request.delivery_info["redelivered"]:
        raise Reject("again", requeue=True)
    return "redelivered"


@app.task
def order():
    """How often it was called so far by its worker process."""
    calls.append(1)
    return len(calls)
