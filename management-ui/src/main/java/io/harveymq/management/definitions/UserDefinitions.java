package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.auth.HashingAlgorithm;
import io.harveymq.broker.auth.PasswordHash;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.auth.UserLimits;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import java.util.ArrayList;
import java.util.List;

/** Users as JSON, in the API and in definitions alike. Any thread. */
public final class UserDefinitions {
  /** Much longer than any hash. */
  private static final int LONGEST_HASH = 1_024;

  private UserDefinitions() {}

  /** All fields. */
  public static ObjectNode toJson(User user) {
    ObjectNode body = Json.object();
    body.put("name", user.name());
    body.put("password_hash", user.password().base64());
    body.put("hashing_algorithm", user.password().algorithm().protocolName());
    ArrayNode tags = body.putArray("tags");
    user.tags().forEach(tags::add);
    body.set("limits", LimitDefinitions.toJson(user.limits()));
    return body;
  }

  /** A user as described, whose limits are to be kept if nothing is said about them. */
  public record Described(User user, boolean hasLimits) {
    /**
     * The user to store.
     *
     * @param before the user with this name, or null
     */
    public User over(User before) {
      return hasLimits || before == null ? user : user.withLimits(before.limits());
    }
  }

  /**
   * Reads a user. Without a password nobody can log in so.
   *
   * @throws ApiException 400 with RabbitMQ's words
   */
  public static Described of(String name, ObjectNode body) {
    JsonNode tags = body.get("tags");
    if (tags == null || tags.isNull()) {
      throw ApiException.badRequest("tags_not_present");
    }
    JsonNode limits = body.get("limits");
    UserLimits read = LimitDefinitions.ofUser(limits);
    return new Described(new User(name, password(body), tags(tags), read), limits != null);
  }

  private static PasswordHash password(ObjectNode body) {
    HashingAlgorithm algorithm = algorithm(body.get("hashing_algorithm"));
    JsonNode password = body.get("password");
    JsonNode hash = body.get("password_hash");
    if (password != null && hash != null) {
      throw ApiException.badRequest("both_password_and_password_hash_are_provided");
    }
    if (password != null) {
      return PasswordHash.of(text(password, "password"), algorithm);
    }
    return hash == null ? PasswordHash.NONE : imported(algorithm, text(hash, "password_hash"));
  }

  private static PasswordHash imported(HashingAlgorithm algorithm, String hash) {
    try {
      MessageJson.decoded(hash);
      PasswordHash imported = PasswordHash.imported(algorithm, hash.strip());
      if (imported.bytes().length > LONGEST_HASH) {
        throw ApiException.badRequest("password_hash is longer than any hash");
      }
      return imported;
    } catch (AccessException | IllegalArgumentException malformed) {
      ArrayNode reason = Json.array();
      reason.add("not_base64").add(hash);
      throw ApiException.badRequest(reason);
    }
  }

  private static HashingAlgorithm algorithm(JsonNode name) {
    if (name == null || name.isNull()) {
      return HashingAlgorithm.SHA256;
    }
    HashingAlgorithm algorithm = HashingAlgorithm.of(name.asText());
    if (algorithm == null) {
      throw ApiException.badRequest("unknown hashing algorithm '" + name.asText() + "'");
    }
    return algorithm;
  }

  private static String text(JsonNode value, String key) {
    if (!value.isTextual()) {
      throw ApiException.badRequest(key + " has to be a string");
    }
    return value.textValue();
  }

  /**
   * Reads tags: a list, or a text with commas.
   *
   * @throws ApiException 400 for anything else
   */
  static List<String> tags(JsonNode tags) {
    List<String> read = new ArrayList<>();
    if (tags.isTextual()) {
      for (String tag : tags.textValue().split(",")) {
        read.add(tag.strip());
      }
    } else if (tags.isArray()) {
      tags.forEach(tag -> read.add(text(tag, "each tag").strip()));
    } else {
      throw ApiException.badRequest("tags have to be a list or a string");
    }
    return read.stream().filter(tag -> !tag.isEmpty()).distinct().toList();
  }
}
