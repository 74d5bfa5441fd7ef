package io.harveymq.management.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the memory of the process is, in RabbitMQ's categories. A JVM tells no more than its heap,
 * its buffers and what its code takes, so most categories, which are Erlang's, are empty. Any
 * thread.
 */
public final class MemoryBreakdown {
  private static final List<String> EMPTY =
      List.of(
          "connection_readers",
          "connection_writers",
          "connection_channels",
          "connection_other",
          "queue_procs",
          "queue_slave_procs",
          "quorum_queue_procs",
          "quorum_queue_dlx_procs",
          "stream_queue_procs",
          "stream_queue_replica_reader_procs",
          "stream_queue_coordinator_procs",
          "plugins",
          "metrics",
          "mgmt_db",
          "mnesia",
          "quorum_ets",
          "other_ets",
          "msg_index",
          "atom",
          "allocated_unused");

  private static final double PERCENT = 100;

  private final Map<String, Long> parts = new LinkedHashMap<>();
  private final long total;
  private final long allocated;

  private MemoryBreakdown(NodeFacts facts) {
    EMPTY.forEach(part -> parts.put(part, 0L));
    parts.put("other_proc", facts.heap());
    parts.put("binary", facts.buffers());
    parts.put("code", facts.otherMemory());
    long known = facts.heap() + facts.buffers() + facts.otherMemory();
    parts.put("other_system", Math.max(0, facts.memory() - known));
    parts.put("reserved_unallocated", 0L);
    total = facts.memory();
    allocated = known;
  }

  /** Sorted into categories. */
  public static MemoryBreakdown of(NodeFacts facts) {
    return new MemoryBreakdown(facts);
  }

  /** Bytes by category. */
  public Map<String, Long> parts() {
    return parts;
  }

  /** Bytes by category, and together. */
  public ObjectNode absolute() {
    ObjectNode json = Json.object();
    parts.forEach(json::put);
    json.put("strategy", "rss");
    ObjectNode totals = json.putObject("total");
    totals.put("erlang", allocated);
    totals.put("rss", total);
    totals.put("allocated", allocated);
    return json;
  }

  /** Whole percents by category; what there is of one is at least 1. */
  public ObjectNode relative() {
    ObjectNode json = Json.object();
    json.put("total", (int) PERCENT);
    parts.forEach(
        (name, bytes) -> {
          long percent = total == 0 ? 0 : Math.round(bytes * PERCENT / total);
          json.put(name, bytes > 0 ? Math.max(1, Math.min(100, percent)) : 0);
        });
    return json;
  }
}
