package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.story.Story;
import io.harveymq.broker.story.StoryStep;
import io.harveymq.broker.vhost.Firehose;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A life story as somebody may see it: without what happened in queues that are none of his
 * business. Immutable; any thread.
 *
 * @param hidden names of the queues that it was in and that are not shown
 */
record VisibleStory(Story story, Set<String> hidden) {
  /** Bytes of a body in a list. */
  private static final int SHORT_BYTES = 256;

  Stream<StoryStep> steps() {
    return story.steps().stream().filter(step -> !hidden.contains(step.queue()));
  }

  Stream<Story.Place> places() {
    return story.places().stream().filter(place -> !hidden.contains(place.queue()));
  }

  /** For a list: what was published, where it is, what happened last. */
  ObjectNode summary() {
    ObjectNode body = head(SHORT_BYTES);
    List<StoryStep> steps = steps().toList();
    body.put("steps", steps.size());
    if (!steps.isEmpty()) {
      body.set("last", json(steps.get(steps.size() - 1)));
    }
    return body;
  }

  /** All that is known. */
  ObjectNode whole() {
    ObjectNode body = head(-1);
    ArrayNode steps = body.putArray("steps");
    steps().forEach(step -> steps.add(json(step)));
    body.put("left_out", story.leftOut());
    body.put("unfollowed", story.unfollowed());
    body.put("hidden", hidden.size());
    return body;
  }

  private ObjectNode head(int shown) {
    Story.Published published = story.published();
    ObjectNode body = Json.object();
    body.put("id", story.id());
    body.put("time", published.time());
    MessageJson.put(body, published.message(), false, shown);
    body.put("payload_bytes", published.size());
    by(body, published.by());
    body.put("routed_to", published.queues());
    ArrayNode places = body.putArray("places");
    places()
        .forEach(
            place -> {
              ObjectNode one = places.addObject();
              one.put("queue", place.queue());
              one.put("state", place.state().name().toLowerCase(Locale.ROOT));
              one.put("since", place.since());
            });
    return body;
  }

  private static void by(ObjectNode body, Firehose.Tap by) {
    body.put("connection", by.connection());
    body.put("channel", by.channel());
    body.put("user", by.user());
    if (by.client() != null) {
      body.put("client", by.client());
    }
  }

  private static ObjectNode json(StoryStep step) {
    ObjectNode body = Json.object();
    body.put("time", step.time());
    body.put("event", step.event().name().toLowerCase(Locale.ROOT));
    if (step.queue() != null) {
      body.put("queue", step.queue());
    }
    if (step.position() >= 0) {
      body.put("position", step.position());
    }
    StoryStep.Reader reader = step.reader();
    if (reader != null) {
      by(body, reader.by());
      if (reader.tag() != null) {
        body.put("consumer_tag", reader.tag());
      }
      body.put("no_ack", reader.noAck());
      body.put("redelivered", reader.redelivered());
    }
    StoryStep.Target target = step.target();
    if (target != null) {
      body.put("exchange", target.exchange());
      body.put("routing_key", target.routingKey());
      body.put("routed_to", target.queues());
    }
    return body;
  }
}
