package io.harveymq.management.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.BindingInfo;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * Bindings in JSON, and the names that they have in it and in paths: RabbitMQ's {@code
 * properties_key}, made of the quoted routing key and a hash of the arguments. Any thread.
 */
public final class BindingJson {
  /** The order in which RabbitMQ lists them. */
  public static final Comparator<BindingInfo> ORDER =
      Comparator.comparing(BindingInfo::vhost)
          .thenComparing(BindingInfo::source)
          .thenComparing(BindingInfo::destination)
          .thenComparing(BindingInfo::routingKey)
          .thenComparing(BindingJson::propertiesKey);

  private BindingJson() {}

  /** All fields. */
  public static ObjectNode of(BindingInfo binding) {
    ObjectNode json = Json.object();
    json.put("source", binding.source());
    json.put("vhost", binding.vhost());
    json.put("destination", binding.destination());
    json.put("destination_type", binding.toQueue() ? "queue" : "exchange");
    json.put("routing_key", binding.routingKey());
    json.set("arguments", FieldTables.toJson(binding.arguments()));
    json.put("properties_key", propertiesKey(binding));
    return json;
  }

  /**
   * The name of a binding among those with the same source and destination: {@code ~} for one
   * without key and arguments, else {@code key}, {@code ~hash} or {@code key~hash}.
   */
  public static String propertiesKey(BindingInfo binding) {
    if (!binding.arguments().isEmpty()) {
      return quoted(binding.routingKey()) + "~" + ErlangHash.nameOf(binding.arguments());
    }
    return binding.routingKey().isEmpty() ? "~" : quoted(binding.routingKey());
  }

  /** Text as a part of an address, blanks as plus signs. */
  public static String quoted(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A");
  }

  /**
   * The binding that a path names.
   *
   * @param propertiesKey decoded once; an unquoted key will do, too, if it has no tilde
   * @return null when there is none
   */
  public static BindingInfo find(List<BindingInfo> bindings, String propertiesKey) {
    int tilde = propertiesKey.indexOf('~');
    String key = unquoted(tilde < 0 ? propertiesKey : propertiesKey.substring(0, tilde));
    String hash = tilde < 0 ? "" : propertiesKey.substring(tilde + 1);
    for (BindingInfo binding : bindings) {
      boolean same = binding.routingKey().equals(key);
      if (same && hash.isEmpty() == binding.arguments().isEmpty()) {
        if (hash.isEmpty() || ErlangHash.nameOf(binding.arguments()).equals(hash)) {
          return binding;
        }
      }
    }
    return null;
  }

  private static String unquoted(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException plain) {
      return text;
    }
  }
}
