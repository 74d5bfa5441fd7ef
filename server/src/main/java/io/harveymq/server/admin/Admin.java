package io.harveymq.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.admin.Subcommand.Request;
import io.harveymq.server.admin.Subcommands.Listed;
import io.harveymq.server.http.HttpCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * {@code harvey admin}: RabbitMQ's rabbitmqadmin as it was up to 4.2, a command line over the HTTP
 * API with a user's name and password. Options, arguments, output and exit statuses are those of
 * the original; docs/command-line.md has the differences. Main thread.
 */
public final class Admin {
  /** The version of RabbitMQ whose tool this is like. */
  private static final String VERSION = "3.10.25";

  /** What is told of a message besides its payload, when that goes to a file. */
  private static final List<String> WITHOUT_PAYLOAD =
      List.of("routing_key", "exchange", "message_count", "payload_bytes", "redelivered");

  private final PrintStream out;
  private final PrintStream err;
  private final InputStream in;
  private final Map<String, String> environment;
  private Settings settings;
  private AdminApi api;

  /**
   * @param out for results
   * @param err for what went wrong
   * @param in for payloads
   * @param environment tells the home directory
   */
  public Admin(PrintStream out, PrintStream err, InputStream in, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.in = in;
    this.environment = environment;
  }

  /**
   * Carries out a command line.
   *
   * @param words those behind {@code rabbitmqadmin}
   * @return the exit status: 0 done, 1 failed, 2 wrong options
   */
  public int run(List<String> words) {
    try {
      AdminLine line = AdminLine.parse(words);
      if (line.has(AdminOption.HELP)) {
        out.print(AdminHelp.options());
      } else if (line.has(AdminOption.VERSION)) {
        out.println("rabbitmqadmin " + VERSION);
      } else {
        settings = Settings.of(line, environment, err);
        api = new AdminApi(settings);
        act(line);
      }
      return 0;
    } catch (AdminException failure) {
      err.println(failure.getMessage());
      return failure.status();
    } catch (IOException failure) {
      err.println(AdminException.refused(failure.toString()).getMessage());
      return AdminException.FAILED;
    } finally {
      out.flush();
    }
  }

  private void act(AdminLine line) throws AdminException, IOException {
    if (line.has(AdminOption.BASH_COMPLETION)) {
      throw AdminException.usage(
          "--bash-completion is not supported: 'harvey completion bash' completes rabbitmqadmin");
    }
    if (line.arguments().isEmpty()) {
      throw AdminException.usage("Action not specified");
    }
    String action = line.arguments().get(0);
    List<String> arguments = line.arguments().subList(1, line.arguments().size());
    switch (action) {
      case "help" -> help(arguments);
      case "list" -> list(arguments);
      case "show" -> show(arguments);
      case "declare" -> declare(arguments);
      case "delete" -> remove(Subcommands.DELETE, arguments, "deleted");
      case "close" -> remove(Subcommands.CLOSE, arguments, "closed");
      case "purge" -> remove(Subcommands.PURGE, arguments, "purged");
      case "publish" -> publish(arguments);
      case "get" -> get(arguments);
      case "export" -> export(only(arguments));
      case "import" -> load(only(arguments));
      default -> throw AdminException.usage("Action " + action + " not understood");
    }
  }

  private void say(String message) {
    if (settings.isVerbose()) {
      out.println(message);
    }
  }

  private static String only(List<String> arguments) throws AdminException {
    if (arguments.size() != 1) {
      throw AdminException.usage("Exactly one argument required");
    }
    return arguments.get(0);
  }

  private void help(List<String> arguments) throws AdminException {
    out.print(arguments.isEmpty() ? AdminHelp.options() : AdminHelp.topic(only(arguments)));
  }

  // ---- lists

  private void list(List<String> arguments) throws AdminException {
    Listed listed = listed(Subcommands.LIST, "list", arguments);
    List<String> columns = columns(listed, arguments);
    print(api.get(path(listed, columns)), columns, listed.json());
  }

  private void show(List<String> arguments) throws AdminException {
    Listed shown = listed(Subcommands.SHOW, "show", arguments);
    List<String> columns = columns(shown, arguments);
    print("[" + api.get(path(shown, columns)) + "]", columns, shown.json());
  }

  private static Listed listed(List<Listed> all, String action, List<String> arguments)
      throws AdminException {
    String name = arguments.isEmpty() ? "" : arguments.get(0);
    Listed listed = Listed.named(all, name);
    if (listed == null) {
      throw AdminException.usage(
          name.isEmpty() ? "Type not specified" : "Don't know how to " + action + " " + name);
    }
    return listed;
  }

  private List<String> columns(Listed listed, List<String> arguments) throws AdminException {
    boolean usual =
        arguments.size() == 1 && !settings.isGiven(AdminOption.DEPTH) && !format().isJson();
    return usual ? listed.columns() : arguments.subList(1, arguments.size());
  }

  private String path(Listed listed, List<String> columns) {
    String path = "/" + listed.name().replace('_', '-');
    if (listed.byVhost() && settings.listedVhost() != null) {
      path += "/" + HttpCall.encode(settings.listedVhost());
    }
    List<String> query = new ArrayList<>();
    if (!columns.isEmpty()) {
      query.add("columns=" + String.join(",", columns.stream().map(HttpCall::encode).toList()));
    }
    String sort = settings.get(AdminOption.SORT);
    if (sort != null && !sort.isEmpty()) {
      query.add("sort=" + HttpCall.encode(sort));
    }
    if (settings.isOn(AdminOption.SORT_REVERSE)) {
      query.add("sort_reverse=true");
    }
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }

  private Format format() throws AdminException {
    String name = settings.get(AdminOption.FORMAT);
    Format format = Format.of(name);
    if (format == null) {
      throw AdminException.usage("Format " + name + " not recognised");
    }
    return format;
  }

  private void print(String list, List<String> columns, String json) throws AdminException {
    Format format = format();
    if (format == Format.RAW_JSON) {
      out.println(list);
      return;
    }
    JsonNode objects = AdminApi.document(list);
    if (format == Format.PRETTY_JSON) {
      out.println(PythonText.prettyJson(objects));
      return;
    }
    Rows rows = Rows.of(objects, columns, settings.number(AdminOption.DEPTH), json);
    if (rows.cells().isEmpty()) {
      say("No items");
      return;
    }
    StringBuilder text = new StringBuilder();
    for (String line : format.lines(rows, settings.isVerbose())) {
      text.append(line).append('\n');
    }
    out.print(text);
  }

  // ---- objects

  private Request request(Subcommand subcommand, List<String> arguments) throws AdminException {
    return subcommand.request(arguments, settings.objectsVhost());
  }

  private static Subcommand kind(List<Subcommand> all, List<String> arguments)
      throws AdminException {
    if (arguments.isEmpty()) {
      throw AdminException.usage("Type not specified");
    }
    Subcommand kind = Subcommand.named(all, arguments.get(0));
    if (kind == null) {
      throw AdminException.usage("Type " + arguments.get(0) + " not recognised");
    }
    return kind;
  }

  private void declare(List<String> arguments) throws AdminException {
    Subcommand kind = kind(Subcommands.DECLARE, arguments);
    Request request = request(kind, arguments.subList(1, arguments.size()));
    String queueType = request.text("queue_type");
    if (queueType != null && request.body().get("arguments") instanceof ObjectNode table) {
      table.put("x-queue-type", queueType);
    }
    if (kind.name().equals("binding")) {
      api.post(request.path(), Json.write(request.body()));
    } else {
      api.put(request.path(), request.body());
    }
    say(kind.name() + " declared");
  }

  private void remove(List<Subcommand> kinds, List<String> arguments, String done)
      throws AdminException {
    Subcommand kind = kind(kinds, arguments);
    api.delete(request(kind, arguments.subList(1, arguments.size())).path());
    say(kind.name() + " " + done);
  }

  // ---- messages

  private void publish(List<String> arguments) throws AdminException, IOException {
    Request request = request(Subcommands.PUBLISH, arguments);
    if (request.text("payload") == null) {
      request.body().put("payload", Base64.getEncoder().encodeToString(in.readAllBytes()));
      request.body().put("payload_encoding", "base64");
    }
    String answer = api.post(request.path(), Json.write(request.body()));
    boolean routed = AdminApi.document(answer).path("routed").asBoolean();
    say(routed ? "Message published" : "Message published but NOT routed");
  }

  private void get(List<String> arguments) throws AdminException, IOException {
    Request request = request(Subcommands.GET, arguments);
    String file = request.text("payload_file");
    if (file == null || file.isEmpty()) {
      print(api.post(request.path(), Json.write(request.body())), List.of(), null);
      return;
    }
    if (!request.text("count").equals("1")) {
      throw AdminException.usage("Cannot get multiple messages using payload_file");
    }
    String answer = api.post(request.path(), Json.write(request.body()));
    JsonNode message = AdminApi.document(answer).path(0);
    if (message.isMissingNode()) {
      throw AdminException.refused("There is no message in the queue");
    }
    String payload = message.path("payload").asText();
    Files.write(
        Path.of(file),
        message.path("payload_encoding").asText().equals("base64")
            ? Base64.getDecoder().decode(payload)
            : payload.getBytes(StandardCharsets.UTF_8));
    print(answer, WITHOUT_PAYLOAD, null);
  }

  // ---- definitions

  private String definitions() {
    String vhost = settings.listedVhost();
    return "/definitions" + (vhost == null ? "" : "/" + HttpCall.encode(vhost));
  }

  private void export(String file) throws AdminException, IOException {
    Files.writeString(Path.of(file), api.get(definitions()));
    say("Exported definitions for " + settings.get(AdminOption.HOSTNAME) + " to \"" + file + '"');
  }

  private void load(String file) throws AdminException, IOException {
    byte[] document = Files.readAllBytes(Path.of(file));
    api.post(definitions(), document);
    say(
        "Uploaded definitions from \""
            + file
            + "\" to "
            + settings.get(AdminOption.HOSTNAME)
            + ".");
  }
}
