package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.queue.StreamLook;
import io.harveymq.broker.queue.StreamOffset;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Looks into a stream for {@link BrowseResource} and {@link SearchResource}, without consuming. One
 * for each question; owned by the HTTP server's event loop.
 */
final class StreamMessages implements Scan.Source<StreamLook.Seen> {
  /** Offsets looked at at a time, where something is searched for. */
  private static final int AT_A_TIME = 256;

  private static final long SECOND = 1_000;

  private final Node node;
  private final String vhost;
  private final String stream;
  private final StreamOffset begin;
  private final boolean back;
  private final int count;
  private long first;
  private long end;
  private long now;

  /**
   * @param begin where to begin
   * @param back from the newer ones to the older
   * @param count offsets that are looked at at a time
   */
  private StreamMessages(
      Node node, String vhost, String stream, StreamOffset begin, boolean back, int count) {
    this.node = node;
    this.vhost = vhost;
    this.stream = stream;
    this.begin = begin;
    this.back = back;
    this.count = count;
  }

  /** The newest first, to be searched. */
  static StreamMessages newestFirst(Node node, String vhost, String stream) {
    StreamOffset last = new StreamOffset(StreamOffset.Kind.LAST, 0);
    return new StreamMessages(node, vhost, stream, last, true, AT_A_TIME);
  }

  /** The answer to a request for the contents of a stream, which the user may read. */
  static CompletionStage<Answer> browse(Node node, ApiRequest request, int limit, int shown) {
    int most = Math.max(1, limit);
    boolean back = "true".equals(request.query("reverse"));
    String search = request.query("search");
    StreamMessages stream =
        new StreamMessages(
            node,
            request.vhost(),
            request.path("queue"),
            begin(request.query("offset"), back),
            back,
            search == null || search.isEmpty() ? most : AT_A_TIME);
    Predicate<StreamLook.Seen> filter = Scan.containing(search, StreamLook.Seen::message);
    boolean typed = BrowseResource.typed(request);
    return new Scan<>(request, stream, filter, most)
        .from(null)
        .thenApply(found -> Answer.of(stream.answer(found, shown, typed)));
  }

  private static StreamOffset begin(String text, boolean back) {
    if (text == null || text.isEmpty()) {
      return StreamOffset.ofText(back ? "last" : "first");
    }
    StreamOffset begin = StreamOffset.ofText(text);
    if (begin == null) {
      throw ApiException.badRequest(
          "offset of a stream has to be first, last, next, a whole number from 0 on, a time as"
              + " 2026-01-31T12:00:00Z, or a span back from now as 1h");
    }
    return begin;
  }

  private ObjectNode answer(Scan.Found<StreamLook.Seen> found, int shown, boolean typed) {
    ObjectNode body = Json.object();
    body.put("first", first);
    body.put("end", end);
    body.put("looked", found.looked());
    if (found.next() != null) {
      body.put("next", Long.parseLong(found.next()));
    }
    ArrayNode items = body.putArray("items");
    for (StreamLook.Seen seen : found.some()) {
      ObjectNode item = json(seen, shown);
      if (typed) {
        MessageJson.putHeaderTypes(item, seen.message().properties());
      }
      items.add(item);
    }
    return body;
  }

  /** As the API shows it, with so many bytes of its body. */
  ObjectNode json(StreamLook.Seen seen, int shown) {
    ObjectNode body = Json.object();
    body.put("offset", seen.offset());
    body.put("state", "stream");
    MessageJson.put(body, seen.message(), false, shown);
    ReadableStories.put(body, seen.message());
    body.put("time", seen.time());
    body.put("age_ms", Math.max(0, now - seen.time()) / SECOND * SECOND);
    return body;
  }

  @Override
  public CompletionStage<Scan.Part<StreamLook.Seen>> part(String from) {
    StreamOffset at = from == null ? begin : StreamOffset.ofText(from);
    return node.inspection()
        .streams()
        .page(vhost, stream, at, back, count)
        .thenApply(
            page -> {
              StreamLook.Part part = page.part();
              first = part.first();
              end = part.end();
              now = page.now();
              return new Scan.Part<>(
                  part.seen(), part.hasMore() ? Long.toString(part.next()) : null);
            });
  }

  @Override
  public int size(StreamLook.Seen message) {
    return message.message().size();
  }

  @Override
  public String cursor(StreamLook.Seen behind) {
    return Long.toString(back ? behind.offset() - 1 : behind.offset() + 1);
  }
}
