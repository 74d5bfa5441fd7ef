package io.harveymq.broker.vhost;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done in slices: that of one owner in the order in which it came, that of different
 * owners in turn. Owned by the home loop.
 */
final class BulkWork {
  private static final Logger LOG = LoggerFactory.getLogger(BulkWork.class);

  private final Map<Object, ArrayDeque<Continuation>> byOwner = new IdentityHashMap<>();
  private final ArrayDeque<Object> owners = new ArrayDeque<>();

  boolean isEmpty() {
    return owners.isEmpty();
  }

  void add(Object owner, Continuation work) {
    ArrayDeque<Continuation> inOrder = byOwner.get(owner);
    if (inOrder == null) {
      inOrder = new ArrayDeque<>(2);
      byOwner.put(owner, inOrder);
      owners.add(owner);
    }
    inOrder.add(work);
  }

  /** Does a slice of what the next owner has to do. */
  void step(int units) {
    Object owner = owners.peek();
    if (owner == null) {
      return;
    }
    ArrayDeque<Continuation> inOrder = byOwner.get(owner);
    if (isDone(inOrder.peek(), units)) {
      inOrder.poll();
    }
    owners.poll();
    if (inOrder.isEmpty()) {
      byOwner.remove(owner);
    } else {
      owners.add(owner);
    }
  }

  /** Work that fails is given up, so that it holds up nobody else. */
  private static boolean isDone(Continuation work, int units) {
    try {
      return work.step(units);
    } catch (RuntimeException | AssertionError fault) {
      LOG.error("bulk work failed and is given up; this is a fault of the broker", fault);
      work.givenUp();
      return true;
    }
  }
}
