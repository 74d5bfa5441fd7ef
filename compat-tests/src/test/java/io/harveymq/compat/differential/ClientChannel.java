package io.harveymq.compat.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a client knows about one of its channels. Confined to one thread. */
final class ClientChannel {
  private final Map<String, Boolean> noAckByConsumer = new HashMap<>();
  private final List<Long> outstanding = new ArrayList<>();
  private final Set<Long> unconfirmed = new HashSet<>();
  private final TreeSet<String> confirmed = new TreeSet<>();
  private boolean noAckOfRequest;
  private boolean confirming;
  private boolean open;
  private boolean committing;
  private long lastPublished;

  boolean isOpen() {
    return open;
  }

  /** Whether a method may be sent now: RabbitMQ wants none during a commit. */
  boolean isReady() {
    return open && !committing;
  }

  boolean hasUnconfirmed() {
    return open && !unconfirmed.isEmpty();
  }

  /** Notes what the client is about to send. */
  void sending(Step step) {
    switch (step.action()) {
      case "basic.publish" -> {
        if (confirming) {
          unconfirmed.add(++lastPublished);
        }
      }
      case "basic.consume", "basic.get" -> {
        noAckOfRequest = step.isSet("no-ack");
        noAckByConsumer.put(step.get("tag", ""), noAckOfRequest);
      }
      case "basic.ack", "basic.nack", "basic.reject" -> settle(step);
      case "basic.recover", "basic.recover-async" -> outstanding.clear();
      case "channel.close" -> open = false;
      case "tx.commit" -> committing = true;
      case "confirm.select" -> confirming |= step.isSet("nowait");
      default -> {}
    }
  }

  private void settle(Step step) {
    long tag = Long.parseUnsignedLong(step.get("tag", "0"));
    if (step.isSet("multiple")) {
      outstanding.removeIf(each -> tag == 0 || each <= tag);
    } else {
      outstanding.remove(tag);
    }
  }

  /** Notes what came. */
  void received(Event event) {
    switch (event.shape().name()) {
      case "channel.open-ok" -> open = true;
      case "channel.close", "channel.close-ok" -> open = false;
      case "tx.commit-ok" -> committing = false;
      case "confirm.select-ok" -> confirming = true;
      case "basic.consume-ok" -> noAckByConsumer.put(event.field("tag"), noAckOfRequest);
      case "basic.get-ok" -> addOutstanding(event, noAckOfRequest);
      case "basic.deliver" ->
          addOutstanding(event, noAckByConsumer.getOrDefault(event.field("consumer"), false));
      case "basic.ack", "basic.nack" -> confirm(event);
      default -> {}
    }
  }

  private void addOutstanding(Event event, boolean noAck) {
    if (!noAck) {
      outstanding.add(event.number("tag"));
    }
  }

  private void confirm(Event event) {
    long tag = event.number("tag");
    String verb = event.shape().name();
    boolean multiple = event.field("multiple").equals("1");
    if (!multiple && !unconfirmed.remove(tag)) {
      confirmed.add("unexpected " + event);
      return;
    }
    if (!multiple) {
      confirmed.add(verb + " " + tag);
      return;
    }
    for (Long each : List.copyOf(unconfirmed)) {
      if (each <= tag) {
        unconfirmed.remove(each);
        confirmed.add(verb + " " + each);
      }
    }
  }

  /** The confirms that came since this was asked last, one by one; not how they were grouped. */
  List<String> takeConfirms() {
    List<String> taken = List.copyOf(confirmed);
    confirmed.clear();
    return taken;
  }

  /**
   * The tag of an outstanding delivery, null if there are not so many.
   *
   * @param index 0 for the oldest, -1 for the newest
   */
  Long outstanding(int index) {
    int at = index < 0 ? outstanding.size() + index : index;
    return at >= 0 && at < outstanding.size() ? outstanding.get(at) : null;
  }
}
