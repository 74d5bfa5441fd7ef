package io.harveymq.broker.queue;

import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryTaps;
import io.harveymq.broker.vhost.Continuation;
import io.harveymq.broker.vhost.DeadLetter;
import io.harveymq.broker.vhost.DeadLetterer;
import io.harveymq.broker.vhost.Deadline;
import io.harveymq.broker.vhost.VirtualHost;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets messages go that a queue drops: to its dead letter exchange, if it has one. At most once
 * means now or never. At least once means that a message stays, unseen by consumers, until a queue
 * has taken it and none refuses it; it is tried again after a while and when the settings change
 * (rabbit_fifo_dlx_worker). A restart finds what has stayed in its old place in the queue. Owned by
 * the home loop.
 */
final class DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  /** RabbitMQ's dead_letter_worker_publisher_confirm_timeout. */
  private static final long TRY_AGAIN_MILLIS = 180_000;

  /** Trying one counts as so many units of bulk work. */
  private static final int UNITS_EACH = 32;

  /** A message that has to be taken by others before it may go. */
  private static final class Held {
    final QueueEntry entry;
    final DeathReason reason;
    final Set<String> takers = new HashSet<>(2);
    DeadLetter letter;
    int madeFor;

    Held(QueueEntry entry, DeathReason reason) {
      this.entry = entry;
      this.reason = reason;
    }
  }

  private final MessageQueue queue;
  private final VirtualHost vhost;
  private ArrayDeque<Held> held;
  private Deadline again;
  private boolean trying;
  private long heldBytes;
  private int settingsChanges;

  DeadLetters(MessageQueue queue, VirtualHost vhost) {
    this.queue = queue;
    this.vhost = vhost;
  }

  /** Messages that stay until others have taken them. */
  int held() {
    return held == null ? 0 : held.size();
  }

  /** Bytes of their bodies. */
  long heldBytes() {
    return heldBytes;
  }

  /** Drops a message that was taken from its lane, for this reason. */
  void letGo(QueueEntry entry, DeathReason reason) {
    queue.goes(entry);
    vhost.deaths().died(queue, reason);
    StoryTaps.died(queue, entry.message(), reason);
    if (queue.settings().atLeastOnce() && !queue.isDeleted()) {
      Held one = new Held(entry, reason);
      if (!publish(one)) {
        hold(one);
      }
    } else {
      letGoNow(entry, reason);
    }
  }

  private void letGoNow(QueueEntry entry, DeathReason reason) {
    Runnable removal = () -> entry.lane().settle(entry);
    if (queue.settings().deadLetterExchange() == null || queue.isDeleted()) {
      removal.run();
    } else {
      vhost.deadLetterer().replace(entry.message(), died(entry, reason), removal);
    }
  }

  private DeadLetterer.Death died(QueueEntry entry, DeathReason reason) {
    ClientName client = reason == DeathReason.REJECTED ? entry.returnedBy() : null;
    return new DeadLetterer.Death(queue, reason, client);
  }

  private boolean publish(Held one) {
    DeadLetterer letterer = vhost.deadLetterer();
    if (one.letter == null || one.madeFor != settingsChanges) {
      one.madeFor = settingsChanges;
      one.letter = letterer.letter(one.entry.message(), died(one.entry, one.reason));
    }
    return letterer.atomically(
        () -> {
          if (one.letter != null) {
            if (!letterer.publish(one.letter, queue, one.takers)) {
              return false;
            }
            one.letter.message().replaces(one.entry.message());
            vhost.deaths().confirmed();
          }
          one.entry.lane().settle(one.entry);
          return true;
        });
  }

  private void hold(Held one) {
    if (held == null) {
      held = new ArrayDeque<>();
      again = new Deadline(this::tryAll);
    }
    if (held.isEmpty()) {
      LOG.warn(
          "{} keeps messages that died, because exchange '{}' is not there or no queue takes them"
              + " from it; they are tried again every {} s and when a policy changes",
          queue.name(),
          queue.settings().deadLetterExchange(),
          TRY_AGAIN_MILLIS / 1_000);
    }
    held.add(one);
    StoryTaps.happened(queue, one.entry.message(), StoryEvent.HELD);
    heldBytes += one.entry.message().body().length;
    tryLater();
  }

  private void tryLater() {
    if (!again.isSet() && !trying) {
      vhost.home().deadlines().set(again, vhost.home().now() + TRY_AGAIN_MILLIS);
    }
  }

  /** Letters are addressed anew, and those that are held tried at once. */
  void settingsChanged() {
    settingsChanges++;
    if (held() > 0) {
      tryAll();
    }
  }

  private void tryAll() {
    if (!trying && !held.isEmpty()) {
      trying = true;
      vhost.home().startBulk(new Round(held.size()));
    }
  }

  /** Tries each once that is held now. */
  private final class Round implements Continuation {
    private int left;

    Round(int count) {
      left = count;
    }

    @Override
    public boolean step(int units) {
      for (int i = 0; i < units && left > 0 && !held.isEmpty(); i += UNITS_EACH) {
        left--;
        tryNext();
      }
      if (left > 0 && !held.isEmpty()) {
        return false;
      }
      givenUp();
      return true;
    }

    @Override
    public void givenUp() {
      trying = false;
      if (!held.isEmpty()) {
        tryLater();
      }
    }
  }

  private void tryNext() {
    Held next = held.poll();
    heldBytes -= next.entry.message().body().length;
    if (!queue.settings().atLeastOnce()) {
      letGoNow(next.entry, next.reason);
    } else if (!publish(next)) {
      held.add(next);
      heldBytes += next.entry.message().body().length;
    }
  }

  /** The queue is gone. */
  void end() {
    if (held != null) {
      vhost.home().deadlines().clear(again);
      ArrayDeque<Held> dropped = held;
      held = new ArrayDeque<>();
      heldBytes = 0;
      vhost.home().startBulk(units -> drop(dropped, units));
    }
  }

  private static boolean drop(ArrayDeque<Held> dropped, int units) {
    for (int i = 0; i < units && !dropped.isEmpty(); i++) {
      Held one = dropped.poll();
      one.entry.lane().drop(one.entry.message());
    }
    return dropped.isEmpty();
  }
}
