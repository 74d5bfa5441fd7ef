package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.DelayedInfo;
import io.harveymq.management.Node;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What waits in a delayed exchange, in the order in which it is due, to be searched. Immutable; any
 * thread.
 *
 * @param exchange its name
 */
record DelayedMessagesSource(Node node, String vhost, String exchange)
    implements Scan.Source<DelayedInfo> {
  private static final int AT_A_TIME = 256;

  @Override
  public CompletionStage<Scan.Part<DelayedInfo>> part(String from) {
    return node.inspection()
        .delayed()
        .part(vhost, exchange, from, AT_A_TIME)
        .thenApply(
            part -> {
              List<DelayedInfo> some = part.some();
              boolean more = part.hasMore() && !some.isEmpty();
              return new Scan.Part<>(some, more ? cursor(some.get(some.size() - 1)) : null);
            });
  }

  @Override
  public String cursor(DelayedInfo behind) {
    return behind.id();
  }

  @Override
  public int size(DelayedInfo message) {
    return message.bodySize();
  }

  /** As the API shows one, with so many bytes of its body. */
  static ObjectNode json(DelayedInfo waiting, int shown, boolean typed) {
    ObjectNode body = Json.object();
    body.put("id", waiting.id());
    body.put("due", waiting.due());
    body.put("whole", waiting.message() != null);
    if (waiting.message() != null) {
      MessageJson.put(body, waiting.message(), false, shown);
      ReadableStories.put(body, waiting.message());
      if (typed) {
        MessageJson.putHeaderTypes(body, waiting.message().properties());
      }
    } else {
      body.put("payload_bytes", waiting.bodySize());
      body.put("exchange", waiting.exchange());
      body.put("routing_key", waiting.routingKey());
      body.putArray("properties");
      body.put("payload", "");
      body.put("payload_encoding", "string");
    }
    return body;
  }
}
