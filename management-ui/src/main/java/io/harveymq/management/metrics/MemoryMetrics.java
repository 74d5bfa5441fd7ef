package io.harveymq.management.metrics;

import io.harveymq.management.node.MemoryBreakdown;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the memory is, with the names of RabbitMQ's metrics. Stateless; any thread. */
final class MemoryMetrics {
  private static final Map<String, String> NAMES = names();

  private MemoryMetrics() {}

  private static Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("code", "code_module");
    names.put("other_proc", "other_erlang_process");
    names.put("binary", "binary_heap");
    names.put("other_system", "other_system");
    names.put("reserved_unallocated", "runtime_reserved_unallocated");
    return names;
  }

  /** Adds the categories in which a JVM has something. */
  static void add(Families families, MemoryBreakdown memory) {
    NAMES.forEach(
        (part, name) ->
            families.add(
                "rabbitmq_memory_" + name + "_bytes",
                "Bytes of memory, category " + part,
                memory.parts().get(part)));
  }
}
