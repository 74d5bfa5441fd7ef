package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Short lists, made whole: they are sorted if asked for, and have no pages. Stateless. */
final class Lists {
  private Lists() {}

  /**
   * The answer to a request.
   *
   * @param items objects, in the usual order
   */
  static CompletionStage<Answer> answer(ApiRequest request, ArrayNode items) {
    List<ObjectNode> all = new ArrayList<>();
    items.forEach(item -> all.add((ObjectNode) item));
    Listing<ObjectNode> listing = new Listing<>(item -> item.path("name").asText(), item -> item);
    return CompletableFuture.completedFuture(listing.answer(request, all, false));
  }
}
