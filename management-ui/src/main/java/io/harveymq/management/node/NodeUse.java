package io.harveymq.management.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.Totals;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Figures;
import io.harveymq.management.json.StatsJson;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What the node uses, in JSON: RabbitMQ's numbers, each with its rate and, where they are asked
 * for, samples. What is Erlang's and has no counterpart in a JVM is 0, because clients look for it.
 * Any thread.
 *
 * @param json where it goes
 * @param stats knows what samples are asked for
 */
record NodeUse(ObjectNode json, StatsJson stats) {
  private static final List<String> NONE =
      List.of(
          "io_read_count",
          "io_read_bytes",
          "io_read_avg_time",
          "io_write_count",
          "io_write_bytes",
          "io_write_avg_time",
          "io_sync_count",
          "io_sync_avg_time",
          "io_seek_count",
          "io_seek_avg_time",
          "io_reopen_count",
          "mnesia_ram_tx_count",
          "mnesia_disk_tx_count",
          "msg_store_read_count",
          "msg_store_write_count",
          "queue_index_write_count",
          "queue_index_read_count");

  void put(NodeProbe.Reading reading, Totals totals) {
    put("mem_used", reading, NodeFacts::memory);
    put("fd_used", reading, NodeFacts::openFiles);
    sockets(totals);
    put("proc_used", reading, NodeFacts::threads);
    if (reading.now().diskFree() >= 0) {
      put("disk_free", reading, NodeFacts::diskFree);
    }
    put("gc_num", reading, NodeFacts::collections);
    put("gc_bytes_reclaimed", reading, NodeFacts::reclaimed);
    put("context_switches", reading, NodeFacts::switches);
    NONE.forEach(name -> put(name, reading, none -> 0));
  }

  private void put(String name, NodeProbe.Reading reading, ToLongFunction<NodeFacts> fact) {
    NodeFacts now = reading.now();
    stats.put(
        json,
        name,
        fact.applyAsLong(now),
        reading.rate(fact),
        new StatsJson.Past(now.time(), reading.since(), time -> reading.at(fact, time)));
  }

  /** Those of clients, of which the broker itself knows what came and went. */
  private void sockets(Totals totals) {
    Figures figures = totals.figures();
    stats.put(
        json,
        "sockets_used",
        totals.connections(),
        figures.rate(Counter.CONNECTION_CREATED) - figures.rate(Counter.CONNECTION_CLOSED),
        new StatsJson.Past(
            figures.time(),
            figures.knownFrom(),
            time ->
                figures.at(Counter.CONNECTION_CREATED, time)
                    - figures.at(Counter.CONNECTION_CLOSED, time)));
  }
}
