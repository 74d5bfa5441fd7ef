package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.BrowsedMessage;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A page of what is in a queue, as a request asks for it: of all, of those of a state, of those
 * that contain a text. One for each question; owned by the HTTP server's event loop, but while it
 * looks for the text.
 */
final class QueuePage {
  private final ApiRequest request;
  private final QueueContents contents;
  private final String state;
  private final String wanted;
  private final String place;
  private final int limit;
  private final int shown;
  private final boolean typed;
  private final ObjectNode body = Json.object();
  private List<ObjectNode> items = new ArrayList<>();
  private long offset;
  private long found;

  /** The page that {@link #found} is on, until that with the place is there. */
  private List<ObjectNode> current = new ArrayList<>();

  private boolean isThere;

  /**
   * @param state of those that count; null for all
   * @param shown bytes of a payload
   */
  QueuePage(ApiRequest request, QueueContents contents, String state, int limit, int shown) {
    this.request = request;
    this.contents = contents;
    this.state = state;
    this.wanted = MessageFilter.lower(request.query("search"));
    this.place = request.query("place");
    this.limit = limit;
    this.shown = shown;
    this.typed = BrowseResource.typed(request);
    this.offset = BrowseResource.number(request, "offset", 0, Integer.MAX_VALUE);
  }

  /** The answer; once for each object. */
  CompletionStage<ObjectNode> make() {
    body.put("ready", contents.count("ready"));
    body.put("unacked", contents.count("unacked"));
    body.put("delayed", contents.count("delayed"));
    ArrayNode until = body.putArray("until");
    contents.until().forEach(until::add);
    return (wanted == null ? page() : search())
        .thenApply(
            done -> {
              body.put("offset", offset);
              ArrayNode all = body.putArray("items");
              items.forEach(all::add);
              return body;
            });
  }

  private CompletionStage<Void> page() {
    body.put("total", contents.count(state));
    if (place == null) {
      return visit();
    }
    return contents
        .indexOf(state, place)
        .thenCompose(
            index -> {
              offset = index == QueueContents.NOWHERE ? offset : beginOfPage(index);
              return visit();
            });
  }

  private long beginOfPage(long index) {
    return limit == 0 ? index : index / limit * limit;
  }

  private CompletionStage<Void> visit() {
    return contents.visit(
        state, offset, limit, message -> items.add(json(message, offset + items.size())));
  }

  private CompletionStage<Void> search() {
    return new Scan<>(request, contents, this::passes, Integer.MAX_VALUE)
        .from(null)
        .thenAccept(
            all -> {
              body.put("total", found);
              body.put("looked", all.looked());
              body.put("complete", all.next() == null);
            });
  }

  /** Puts down a message where it belongs on the page; the scan is to keep none. */
  private boolean passes(BrowsedMessage message) {
    boolean counts = state == null || state.equals(QueueContents.state(message));
    if (counts && MessageFilter.text(message.message()).contains(wanted)) {
      if (place == null || isThere) {
        boolean here = found >= offset && items.size() < limit;
        if (here) {
          items.add(json(message, found));
        }
      } else {
        lookForPlace(message);
      }
      found++;
    }
    return false;
  }

  private void lookForPlace(BrowsedMessage message) {
    long begin = beginOfPage(found);
    if (found == begin) {
      current = new ArrayList<>();
    }
    ObjectNode item = json(message, found);
    if (limit > 0) {
      current.add(item);
    }
    if (found >= offset && items.size() < limit) {
      items.add(item);
    }
    if (message.place().equals(place)) {
      isThere = true;
      offset = begin;
      items = current;
    }
  }

  private ObjectNode json(BrowsedMessage message, long position) {
    ObjectNode item = BrowseResource.json(message, position, shown);
    if (typed) {
      MessageJson.putHeaderTypes(item, message.message().properties());
    }
    return item;
  }
}
