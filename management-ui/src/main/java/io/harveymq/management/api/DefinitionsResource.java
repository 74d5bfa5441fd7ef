package io.harveymq.management.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.Node;
import io.harveymq.management.definitions.Definitions;
import io.harveymq.management.definitions.DefinitionsImport;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Listing;
import io.harveymq.management.http.MultipartForm;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** {@code /api/definitions}. Owned by the HTTP server's event loop. */
public final class DefinitionsResource {
  /** What HTTP calls a token. */
  private static final Pattern LOCAL_PATH = Pattern.compile("[\\w./~#?&=%+-]*");

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~@-]+");

  private final Node node;
  private final Definitions definitions;

  public DefinitionsResource(Node node) {
    this.node = node;
    this.definitions = new Definitions(node.broker());
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    for (String path : List.of("/definitions", "/all-configuration")) {
      routes.get(path, Right.ADMINISTRATOR, r -> download(r, definitions.export()));
      routes.post(path, Right.ADMINISTRATOR, r -> load(r, null));
    }
    routes.get("/definitions/:vhost", Right.ADMINISTRATOR, this::ofVhost);
    routes.post("/definitions/:vhost", Right.ADMINISTRATOR, this::loadIntoVhost);
  }

  private CompletionStage<Answer> ofVhost(ApiRequest request) {
    if (request.rules().vhost(request.vhost()) == null) {
      throw ApiException.badRequest("vhost_not_found");
    }
    return download(request, definitions.export(request.vhost()));
  }

  private static CompletionStage<Answer> download(
      ApiRequest request, CompletionStage<ObjectNode> document) {
    CompletionStage<Answer> answer =
        document.thenApply(body -> Answer.of(Listing.columns(request, body)));
    String name = request.query("download");
    if (name == null) {
      return answer;
    }
    if (!FILE_NAME.matcher(name).matches()) {
      throw ApiException.badRequest("this can't be the name of a file: " + name);
    }
    return answer.thenApply(
        body -> body.with("Content-Disposition", "attachment; filename=" + name));
  }

  private CompletionStage<Answer> loadIntoVhost(ApiRequest request) {
    if (request.rules().vhost(request.vhost()) == null) {
      throw ApiException.notFound("vhost_not_found");
    }
    return load(request, request.vhost());
  }

  private CompletionStage<Answer> load(ApiRequest request, String vhost) {
    Map<String, byte[]> parts = MultipartForm.read(request);
    byte[] document = parts == null ? request.bytes() : parts.get("file");
    String redirect = parts == null ? null : redirect(parts.get("redirect"));
    String user = request.actorName();
    return DefinitionsImport.load(node.broker(), parse(document), user, vhost)
        .thenApply(
            done ->
                redirect == null
                    ? Answer.noContent()
                    : new Answer(303, null, Map.of("location", redirect)));
  }

  /** Where a form wants to go to, which has to be here; null for nowhere. */
  private static String redirect(byte[] wanted) {
    if (wanted == null) {
      return null;
    }
    String path = new String(wanted, StandardCharsets.UTF_8);
    if (path.startsWith("//") || !LOCAL_PATH.matcher(path).matches()) {
      throw ApiException.badRequest("redirect has to be a path of this server");
    }
    return path;
  }

  private static JsonNode parse(byte[] document) {
    if (document != null && document.length == 0) {
      return Json.object();
    }
    try {
      if (document != null && Json.read(document) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException broken) {
      // the same words for this
    }
    throw ApiException.badRequest("failed_to_parse_json");
  }
}
