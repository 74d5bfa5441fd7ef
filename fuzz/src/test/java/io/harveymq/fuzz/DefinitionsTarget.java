package io.harveymq.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.Broker;
import io.harveymq.management.definitions.Definitions;
import io.harveymq.management.definitions.DefinitionsException;
import io.harveymq.management.definitions.DefinitionsImport;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A file of definitions: it is taken up or refused with a reason; what was taken up can be exported
 * and taken up by another broker, which then exports the same.
 */
public final class DefinitionsTarget {
  private static final int SECONDS = 30;

  private DefinitionsTarget() {}

  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    JsonNode document;
    try {
      document = Json.read(input);
    } catch (IOException broken) {
      return;
    }
    ObjectNode first;
    try (Broker broker = Broker.start()) {
      if (!load(broker, document)) {
        FaultLog.check();
        return;
      }
      first = export(broker);
    }
    try (Broker other = Broker.start()) {
      if (!load(other, first)) {
        throw new AssertionError("refuses what was exported: " + first);
      }
      ObjectNode second = export(other);
      if (!lasting(second).equals(lasting(first))) {
        throw new AssertionError(first + " becomes " + second);
      }
    }
    FaultLog.check();
  }

  private static boolean load(Broker broker, JsonNode document) throws Exception {
    try {
      DefinitionsImport.load(broker, document, "guest")
          .toCompletableFuture()
          .get(SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      cause = cause instanceof CompletionException ? cause.getCause() : cause;
      if (!(cause instanceof DefinitionsException) || cause.getMessage().isEmpty()) {
        throw new AssertionError("fails on " + document, cause);
      }
      return false;
    }
  }

  private static ObjectNode export(Broker broker) throws Exception {
    ObjectNode all =
        new Definitions(broker).export().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    return (ObjectNode) Json.read(Json.write(all));
  }

  /** Without what each broker has of its own. */
  private static ObjectNode lasting(ObjectNode all) {
    return all.deepCopy()
        .remove(List.of("global_parameters", "original_cluster_name", "explanation"));
  }
}
