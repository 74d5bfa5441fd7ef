package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.ctl.Api.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Definitions: of all users, virtual hosts, queues and so on. Any thread. */
final class DefinitionCommands {
  private static final String STANDARD = "-";

  private DefinitionCommands() {}

  static void addTo(CommandTable table) {
    table.group("Definitions", List.of(Tool.CTL));
    table.add(
        "export_definitions",
        "<file_path> [--format <format>]",
        "Writes all definitions as JSON, to the output if the path is -",
        DefinitionCommands::export);
    table.add(
        "import_definitions",
        "[<file_path>] [--format <format>] [--skip-if-unchanged]",
        "Takes up definitions, from the input if there is no path or it is -",
        DefinitionCommands::load);
  }

  private static void requireJson(Call call) throws CtlException {
    if (!call.option("format", "json").equals("json")) {
      throw CtlException.arguments(
          Exit.DATA, "Bad argument: Harvey has definitions in JSON only, not in Erlang's terms");
    }
  }

  private static void export(Call call) throws CtlException {
    requireJson(call);
    String path = call.argument(0);
    if (path.equals(STANDARD)) {
      call.output().document(call.get("definitions"));
      return;
    }
    call.banner("Exporting definitions in JSON to a file at \"" + path + "\" ...");
    JsonNode document = call.get("definitions");
    try {
      Files.write(Path.of(path), Json.write(document));
    } catch (IOException failed) {
      throw new CtlException(
          Exit.DATA, "Error:\nthe file " + path + " cannot be written: " + failed.getMessage());
    }
  }

  private static void load(Call call) throws CtlException {
    requireJson(call);
    String path = call.arguments().isEmpty() ? STANDARD : call.argument(0);
    if (!path.equals(STANDARD) && !Files.exists(Path.of(path))) {
      throw CtlException.arguments(Exit.DATA, "Bad argument: File " + path + " does not exist");
    }
    byte[] document;
    try {
      if (path.equals(STANDARD)) {
        call.banner("Importing definitions in JSON from standard input ...");
        document = System.in.readAllBytes();
      } else {
        call.banner("Importing definitions in JSON from a file at \"" + path + "\" ...");
        document = Files.readAllBytes(Path.of(path));
      }
      Json.read(document);
    } catch (IOException broken) {
      throw new CtlException(
          Exit.DATA,
          "Error:\nFailed to deserialise input (format: JSON) (error: "
              + broken.getMessage().lines().findFirst().orElse("")
              + ")");
    }
    Reply reply = call.api().post("definitions", document);
    if (!reply.isOk()) {
      throw new CtlException(Exit.DATA, "Error:\n" + reply.reason());
    }
    call.banner("Successfully imported the definitions.");
  }
}
