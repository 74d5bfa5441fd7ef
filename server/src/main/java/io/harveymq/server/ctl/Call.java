package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One command that is carried out: what was given, and where results go. One thread. */
final class Call {
  private static final int MILLIS = 1_000;
  private static final int USUAL_SECONDS = 60;

  private final Tool tool;
  private final CommandLine line;
  private final Output output;
  private final Locator locator;
  private final boolean whileStopped;
  private Api api;

  /**
   * @param whileStopped whether the command is also for a broker that {@code stop_app} has stopped
   */
  Call(Tool tool, CommandLine line, Output output, Locator locator, boolean whileStopped) {
    this.tool = tool;
    this.line = line;
    this.output = output;
    this.locator = locator;
    this.whileStopped = whileStopped;
  }

  Tool tool() {
    return tool;
  }

  CommandLine line() {
    return line;
  }

  Output output() {
    return output;
  }

  Locator locator() {
    return locator;
  }

  // ---- what was given

  /** An argument, or null. */
  String argument(int index) {
    return index < line.arguments().size() ? line.arguments().get(index) : null;
  }

  List<String> arguments() {
    return line.arguments();
  }

  boolean has(String option) {
    return line.has(option);
  }

  String option(String name, String otherwise) {
    return line.option(name, otherwise);
  }

  String vhost() {
    return line.option("vhost", "/");
  }

  /**
   * How long to wait for something.
   *
   * @param otherwise seconds, if nothing is said
   */
  int timeoutMillis(int otherwise) {
    String given = line.option("timeout", null);
    boolean endless = "infinity".equals(given);
    return endless ? Integer.MAX_VALUE : given == null ? otherwise * MILLIS : millis(given);
  }

  private static int millis(String seconds) {
    return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(seconds) * MILLIS);
  }

  /**
   * An argument that is JSON.
   *
   * @throws CtlException when it is not
   */
  static JsonNode json(String text) throws CtlException {
    try {
      return Json.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw CtlException.refused("JSON decoding error. Reason: " + firstLine(broken.getMessage()));
    }
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  // ---- the broker

  /**
   * The broker's API.
   *
   * @throws CtlException when there is no broker, or the command is not for it while it is stopped
   */
  Api api() throws CtlException {
    if (api == null) {
      Api found = new Api(locator.find(), Math.max(1, timeoutMillis(USUAL_SECONDS)));
      if (!whileStopped) {
        AppCommands.requireStarted(found);
      }
      api = found;
    }
    return api;
  }

  /** The name of the node. */
  String node() throws CtlException {
    return api().control().node();
  }

  /** Reads a document. */
  JsonNode get(String path, String... names) throws CtlException {
    return api().get(Api.path(path, names));
  }

  // ---- results

  /** Tells what is about to be done, once it can be. */
  void banner(String text) throws CtlException {
    if (!whileStopped) {
      api();
    }
    output.banner(text);
  }

  void say(String text) {
    output.say(text);
  }

  /** Prints rows, an empty list as an empty line. */
  void table(List<String> columns, List<ObjectNode> rows) {
    output.table(columns, rows, true);
  }

  /** Rows of the fields of documents, with columns of the same names. */
  static List<ObjectNode> rows(JsonNode documents, List<String> columns) {
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode document : documents) {
      ObjectNode row = Json.object();
      columns.forEach(column -> row.set(column, document.get(column)));
      rows.add(row);
    }
    return rows;
  }
}
