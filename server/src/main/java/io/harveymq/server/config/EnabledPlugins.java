package io.harveymq.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads RabbitMQ's file enabled_plugins: {@code [rabbitmq_management,rabbitmq_prometheus].} */
final class EnabledPlugins {
  private EnabledPlugins() {}

  /**
   * The names in the file, in its order.
   *
   * @throws ConfigException when it can't be read, or holds something else
   */
  static List<String> read(Path file) throws ConfigException {
    String text;
    try {
      text = Files.readString(file).replaceAll("(?m)%.*$", "").strip();
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage());
    }
    List<String> names = new ArrayList<>();
    if (text.isEmpty()) {
      return names;
    }
    if (!text.matches("(?s)\\[[a-z0-9_@,\\s']*]\\s*\\.")) {
      throw new ConfigException(file + " must be a list of names, such as [rabbitmq_management].");
    }
    for (String name : text.substring(1, text.lastIndexOf(']')).split(",")) {
      String bare = name.strip().replace("'", "");
      if (!bare.isEmpty()) {
        names.add(bare);
      }
    }
    return names;
  }
}
