package io.harveymq.compat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** By RabbitMQ's command line tool. Any thread. */
final class Rabbitmqctl implements Administration {
  private static final String PROGRAM = System.getProperty("harvey.test.rabbitmqctl", "");

  static boolean isGiven() {
    return !PROGRAM.isBlank();
  }

  private static void run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + output);
      }
    } catch (IOException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void addUser(String name, String password, String... tags) {
    run("add_user", name, password);
    if (tags.length > 0) {
      setUserTags(name, tags);
    }
  }

  @Override
  public void setUserTags(String name, String... tags) {
    List<String> command = new ArrayList<>(List.of("set_user_tags", name));
    command.addAll(List.of(tags));
    run(command.toArray(String[]::new));
  }

  @Override
  public void changePassword(String name, String password) {
    run("change_password", name, password);
  }

  @Override
  public void clearPermissions(String user, String vhost) {
    run("clear_permissions", "-p", vhost, user);
  }

  @Override
  public void clearTopicPermissions(String user, String vhost) {
    run("clear_topic_permissions", "-p", vhost, user);
  }

  @Override
  public void clearVhostLimits(String vhost) {
    run("clear_vhost_limits", "-p", vhost);
  }

  @Override
  public void clearUserLimits(String user) {
    run("clear_user_limits", user, "all");
  }

  @Override
  public void setMemoryHighWatermark(double part) {
    run("set_vm_memory_high_watermark", Double.toString(part));
  }

  @Override
  public void deleteUser(String name) {
    run("delete_user", name);
  }

  @Override
  public void addVhost(String name) {
    run("add_vhost", name);
  }

  @Override
  public void deleteVhost(String name) {
    run("delete_vhost", name);
  }

  @Override
  public void setPermissions(
      String user, String vhost, String configure, String write, String read) {
    run("set_permissions", "-p", vhost, user, configure, write, read);
  }

  @Override
  public void setTopicPermissions(
      String user, String vhost, String exchange, String write, String read) {
    run("set_topic_permissions", "-p", vhost, user, exchange, write, read);
  }

  @Override
  public void setPolicy(
      String vhost, String name, String pattern, String applyTo, Map<String, Object> definition) {
    run("set_policy", "-p", vhost, name, pattern, json(definition), "--apply-to", applyTo);
  }

  @Override
  public void clearPolicy(String vhost, String name) {
    run("clear_policy", "-p", vhost, name);
  }

  @Override
  public void setOperatorPolicy(
      String vhost, String name, String pattern, Map<String, Object> definition) {
    run(
        "set_operator_policy",
        "-p",
        vhost,
        name,
        pattern,
        json(definition),
        "--apply-to",
        "queues");
  }

  @Override
  public void clearOperatorPolicy(String vhost, String name) {
    run("clear_operator_policy", "-p", vhost, name);
  }

  private static String json(Map<String, Object> definition) {
    return definition.entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\": " + json(entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String json(Object value) {
    return value instanceof Number ? value.toString() : "\"" + value + "\"";
  }

  @Override
  public void setVhostLimits(String vhost, int maxConnections, int maxQueues) {
    String limits = "{\"max-connections\": " + maxConnections + ", \"max-queues\": " + maxQueues;
    run("set_vhost_limits", "-p", vhost, limits + "}");
  }

  @Override
  public void setUserLimits(String user, int maxConnections, int maxChannels) {
    String limits =
        "{\"max-connections\": " + maxConnections + ", \"max-channels\": " + maxChannels;
    run("set_user_limits", user, limits + "}");
  }
}
