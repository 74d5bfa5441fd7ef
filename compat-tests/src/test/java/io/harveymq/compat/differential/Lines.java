package io.harveymq.compat.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one connection got during a step, as lines: those of one channel together, first the answers
 * in their order, then what each consumer got in its order, then returns, then cancelled consumers.
 * The broker promises no order between these. Confined to one thread.
 */
final class Lines {
  private final int connection;
  private final Map<String, List<String>> groups = new TreeMap<>();

  Lines(int connection, List<Event> events) {
    this.connection = connection;
    events.forEach(this::add);
  }

  private void add(Event event) {
    String group =
        switch (event.shape().name()) {
          case "basic.deliver" -> "1 " + event.field("consumer");
          case "basic.return" -> "2";
          case "basic.cancel" -> "3 " + event.field("tag");
          case "basic.ack", "basic.nack" -> "";
          default -> "0";
        };
    if (!group.isEmpty()) {
      String key = "%05d %s".formatted(event.channel(), group);
      groups
          .computeIfAbsent(key, ignored -> new ArrayList<>())
          .add(connection + "." + event.channel() + " " + event);
    }
  }

  List<String> all() {
    List<String> all = new ArrayList<>();
    groups.values().forEach(all::addAll);
    return all;
  }
}
