package io.harveymq.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.http.HttpCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What takes arguments of the form {@code name=value}, such as {@code declare queue}. What it takes
 * is written once, as words: in brackets what may be left out, with its value then, if it has one;
 * with a colon what is JSON; with a bar what one of is needed. Immutable; any thread.
 *
 * @param name of the kind of object, or of the subcommand itself
 * @param path below {@code /api}, with names of arguments in braces
 * @param parameters those that it has
 */
record Subcommand(String name, String path, List<Parameter> parameters) {
  /**
   * An argument.
   *
   * @param names more than one if one of them is needed
   * @param json whether its value is JSON
   * @param needed whether it can't be left out
   * @param otherwise its value if it is left out; null when it has none
   */
  record Parameter(List<String> names, boolean json, boolean needed, String otherwise) {
    static Parameter of(String word) {
      boolean needed = !word.startsWith("[");
      String inner = needed ? word : word.substring(1, word.length() - 1);
      int equals = inner.indexOf('=');
      String name = equals < 0 ? inner : inner.substring(0, equals);
      boolean json = name.endsWith(":");
      List<String> names =
          List.of((json ? name.substring(0, name.length() - 1) : name).split("\\|"));
      return new Parameter(names, json, needed, equals < 0 ? null : inner.substring(equals + 1));
    }
  }

  /**
   * What is asked of the broker.
   *
   * @param path below {@code /api}
   * @param body all arguments
   */
  record Request(String path, ObjectNode body) {
    /** An argument that is text, or null. */
    String text(String name) {
      return body.path(name).textValue();
    }
  }

  /** One from its words, separated by spaces. */
  static Subcommand of(String name, String path, String words) {
    return new Subcommand(
        name, path, List.of(words.split(" ")).stream().map(Parameter::of).toList());
  }

  /** All of a list by its name, or null. */
  static Subcommand named(List<Subcommand> all, String name) {
    return all.stream().filter(one -> one.name.equals(name)).findFirst().orElse(null);
  }

  /** The names of all that it takes. */
  List<String> arguments() {
    return parameters.stream().flatMap(one -> one.names.stream()).toList();
  }

  /**
   * Reads the arguments.
   *
   * @param vhost for those of which the virtual host is no argument
   * @throws AdminException for one that can't be used, or is missing
   */
  Request request(List<String> arguments, String vhost) throws AdminException {
    ObjectNode body = Json.object();
    for (Parameter parameter : parameters) {
      if (parameter.otherwise != null) {
        body.set(parameter.names.get(0), value(parameter, parameter.otherwise));
      }
    }
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0) {
        throw AdminException.usage("Argument \"" + argument + "\" not in the name=value format");
      }
      String given = argument.substring(0, equals);
      body.set(given, value(parameter(given), argument.substring(equals + 1)));
    }
    for (Parameter parameter : parameters) {
      if (parameter.needed && parameter.names.stream().noneMatch(body::has)) {
        throw missing(parameter);
      }
    }
    if (parameters.stream().noneMatch(one -> one.needed && one.names.contains("vhost"))) {
      body.put("vhost", vhost);
    }
    return new Request(fill(body), body);
  }

  private Parameter parameter(String name) throws AdminException {
    for (Parameter parameter : parameters) {
      if (parameter.names.contains(name)) {
        return parameter;
      }
    }
    throw AdminException.usage("Argument \"" + name + "\" is not recognised");
  }

  private static AdminException missing(Parameter parameter) {
    if (parameter.names.size() == 1) {
      return AdminException.usage(
          "mandatory argument \"" + parameter.names.get(0) + "\" is required");
    }
    String all = "['" + String.join("', '", parameter.names) + "']";
    return AdminException.usage("one of mandatory arguments \"" + all + "\" is required");
  }

  private static JsonNode value(Parameter parameter, String text) throws AdminException {
    if (!parameter.json) {
      return TextNode.valueOf(text);
    }
    try {
      JsonNode read = Json.read(text.getBytes(StandardCharsets.UTF_8));
      if (read.isMissingNode()) {
        throw AdminException.json(text);
      }
      return read;
    } catch (IOException broken) {
      throw AdminException.json(text);
    }
  }

  /** The path with the values in it; of the type of a destination that is its first letter. */
  private String fill(ObjectNode body) throws AdminException {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/")) {
      if (!segment.startsWith("{")) {
        segments.add(segment);
        continue;
      }
      boolean letter = segment.equals("{destination_char}");
      String name = letter ? "destination_type" : segment.substring(1, segment.length() - 1);
      String value = body.path(name).asText();
      if (value.isEmpty()) {
        throw AdminException.usage("argument \"" + name + "\" must not be empty");
      }
      segments.add(HttpCall.encode(letter ? value.substring(0, 1) : value));
    }
    return String.join("/", segments);
  }
}
